"""The options that commands share, so that each means and says the same everywhere."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reconciler.errors import UsageError


class PlainFormat(StrEnum):
    """For people, or for programs."""

    text = "text"
    json = "json"


class ReportFormat(StrEnum):
    """The forms of a run's report."""

    text = "text"
    json = "json"
    markdown = "markdown"
    sarif = "sarif"


ConfigOption = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="RECONCILER_CONFIG", metavar="FILE", help="The configuration file."),
]
PlainFormatOption = Annotated[PlainFormat, typer.Option("--format", help="The form of the result.")]
ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="The form of the report.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to FILE, not to stdout.")
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="How far back a source that remembers no position looks: 2h, 15m."),
]
NoPrsOption = Annotated[
    bool, typer.Option("--no-prs", help="Confirm and report only: no remedy, no proof, no pull request.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on stderr.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only warnings and errors on stderr.")]
ExitCodeOption = Annotated[bool, typer.Option("--exit-code", help="Exit with 4 when drift is left standing.")]

CONFIG_DEFAULT = Path("reconciler.yaml")


def length_of_time(option: str, text: str) -> timedelta:
    """Return what an option says; raises UsageError that names it and what was given."""
    from reconciler.settings import parse_duration

    try:
        return parse_duration(text)
    except UsageError as error:
        raise UsageError(f"{option} {text}: {error}") from error
