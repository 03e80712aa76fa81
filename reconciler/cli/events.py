"""`reconciler events`: what the records in files, directories or stdin are, one JSON line each."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.options import CONFIG_DEFAULT, ConfigOption, OutputOption, QuietOption, VerboseOption

if TYPE_CHECKING:
    from reconciler.model import Outcome, Trust


def events(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH…|-", help="Files, .gz or not, directories, or - for stdin; by default stdin."),
    ] = None,
    config: ConfigOption = CONFIG_DEFAULT,
    output: OutputOption = None,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell what CloudTrail records are, one JSON line each.

    A line is a change event, or a record skipped or broken with the reason. Any envelope is opened. Records of
    services that no change comes from are counted per file. Whom to trust is read from the configuration, if there is
    one.

    Example: reconciler events AWSLogs/ | jq 'select(.outcome == "change")'
    """
    from reconciler.cli.console import Console
    from reconciler.cli.jsonlines import json_line
    from reconciler.cli.outcome import FAILED
    from reconciler.errors import UsageError
    from reconciler.events import distinct, outcome_line, summed
    from reconciler.model import Broken

    if not paths and sys.stdin.isatty():
        raise UsageError("name files or directories of CloudTrail records, or - for stdin")
    console = Console(verbose=verbose, quiet=quiet, output=output)
    gc.set_threshold(100_000)  # records are trees: looking for cycles among them costs a fifth of the time
    lines: list[str] = []
    broken = 0
    for outcome in distinct(summed(_outcomes(paths or ["-"], _trust(config)))):
        broken += isinstance(outcome, Broken)
        line = json_line(outcome_line(outcome))
        if output is None:
            sys.stdout.write(line + "\n")
        else:
            lines.append(line)
    if output is not None:
        console.result("\n".join(lines))
    if broken:
        console.warn(f"records or files that could not be read: {broken}; their lines say why")
        raise typer.Exit(FAILED)


def _outcomes(paths: list[str], trust: Trust) -> Iterator[Outcome]:
    from reconciler.adapters.cloudtrail.files import FileSource
    from reconciler.events import WANTED, parse
    from reconciler.model import Record

    for item in FileSource([path if path == "-" else Path(path) for path in paths], only=WANTED).records(None):
        yield parse(item, trust) if isinstance(item, Record) else item


def _trust(config: Path) -> Trust:
    from reconciler.model import Trust

    if config == CONFIG_DEFAULT and not config.exists():
        return Trust()
    from reconciler.cli.wiring import load_settings  # which loads far more than a list of records needs

    return load_settings(config).trust
