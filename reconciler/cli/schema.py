"""`reconciler schema`: the JSON Schemas of the configuration and of the report."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import OutputOption


class Subject(StrEnum):
    """What there is a schema of."""

    config = "config"
    report = "report"


def schema(
    subject: Annotated[
        Subject,
        typer.Argument(metavar="config|report", help="The configuration file, or the JSON of run, watch and the like."),
    ],
    output: OutputOption = None,
) -> None:
    """Print the JSON Schema of reconciler.yaml or the report.

    `report` is what run, reconcile, demo and each line of watch print with --format json.

    Example: reconciler schema config --output reconciler.schema.json
    """
    from reconciler.report.jsonform import dump_json
    from reconciler.report.schema import report_schema
    from reconciler.settings import config_schema

    Console(output=output).result(dump_json(config_schema() if subject is Subject.config else report_schema()))
