"""`reconciler.yaml` in, validated settings out; every error names file, line, key and the fix.

Enters: the file's path and a mapping of environment variables. Leaves: `Settings`, whose parts are the model's plain
values with absolute paths. Reads the file and looks at the directories that it names; knows no clock, network or
process. Owner of pydantic and PyYAML.
"""

from reconciler.settings.document import Document, config_schema
from reconciler.settings.duration import parse_duration
from reconciler.settings.loader import Settings, load
from reconciler.settings.pullrequests import Limits, PullRequestSettings
from reconciler.settings.section import ReportSettings, TerraformSettings
from reconciler.settings.sources import (
    CloudTrailLookupSource,
    FalcoSource,
    FileSource,
    S3Source,
    SourceSettings,
    SqsSource,
)

__all__ = [
    "CloudTrailLookupSource",
    "Document",
    "FalcoSource",
    "FileSource",
    "Limits",
    "PullRequestSettings",
    "ReportSettings",
    "S3Source",
    "Settings",
    "SourceSettings",
    "SqsSource",
    "TerraformSettings",
    "config_schema",
    "load",
    "parse_duration",
]
