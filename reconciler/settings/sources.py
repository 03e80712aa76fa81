"""Where CloudTrail records come from: one model per kind, told apart by `type`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from reconciler.settings.section import Section, Text

Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
Regions = Annotated[tuple[Region, ...], Field(min_length=1)]


class CloudTrailLookupSource(Section):
    """CloudTrail's own LookupEvents API, one feed per region."""

    type: Literal["cloudtrail-lookup"]
    regions: Regions
    profile: Text | None = None


class S3Source(Section):
    """A trail's log files in a bucket."""

    type: Literal["s3"]
    bucket: Text
    prefix: str = ""
    regions: Annotated[tuple[Region, ...], Field(description="empty: every region of the trail")] = ()
    profile: Text | None = None


class SqsSource(Section):
    """A queue of EventBridge events, S3 notifications or CloudTrail's SNS messages, raw or wrapped."""

    type: Literal["sqs"]
    queue_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+/.+")]
    region: Region | None = None
    profile: Text | None = None


class FileSource(Section):
    """Records in a file or directory. After loading, `path` is absolute."""

    type: Literal["file"]
    path: Path


class FalcoSource(Section):
    """Falco's JSON lines with the cloudtrail plugin. After loading, `path` is absolute."""

    type: Literal["falco"]
    path: Path


SourceSettings = CloudTrailLookupSource | S3Source | SqsSource | FileSource | FalcoSource
SourceSection = Annotated[SourceSettings, Field(discriminator="type")]
