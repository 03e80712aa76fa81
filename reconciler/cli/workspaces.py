"""`reconciler workspaces`: the workspaces there are, and what their states hold."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from reconciler.cli.options import (
    CONFIG_DEFAULT,
    ConfigOption,
    OutputOption,
    PlainFormat,
    PlainFormatOption,
    QuietOption,
    VerboseOption,
)
from reconciler.model import StateSummary, Workspace


def workspaces(
    config: ConfigOption = CONFIG_DEFAULT,
    refresh_index: Annotated[
        bool, typer.Option("--refresh-index", help="Forget the state index first, and read every state again.")
    ] = False,
    form: PlainFormatOption = PlainFormat.text,
    output: OutputOption = None,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """List the workspaces and what their states hold.

    Configured and discovered ones. Exits with 1 when a state cannot be read.

    Example: reconciler workspaces --format json
    """
    from reconciler.cli.console import Console
    from reconciler.cli.outcome import FAILED
    from reconciler.cli.wiring import load_settings, make_tools
    from reconciler.pipeline.states import open_index

    console = Console(verbose=verbose, quiet=quiet, output=output)
    tools = make_tools(load_settings(config), remedies=False, remember=False, keep_index=True)
    with console.progress("reading states"):
        if refresh_index and tools.index is not None:
            tools.index.clear()
        with open_index(tools) as opened:
            known, unread = opened.summaries, opened.unread
    rows = [_row(workspace, known.get(name), unread.get(name)) for name, workspace in tools.workspaces.items()]
    console.result(json.dumps(rows, indent=2) if form is PlainFormat.json else "\n".join(map(_line, rows)))
    if unread:
        raise typer.Exit(FAILED)


def _row(workspace: Workspace, state: StateSummary | None, problem: str | None) -> dict[str, Any]:
    types = state.types if state else {}
    return {
        "name": workspace.name,
        "path": str(workspace.path),
        "terraform_workspace": workspace.terraform_workspace,
        "serial": state.serial if state else None,
        "resources": sum(types.values()),
        "ecs": {name: types[name] for name in sorted(types) if name.startswith(("aws_ecs_", "aws_appautoscaling_"))},
        "problem": problem,
    }


def _line(row: dict[str, Any]) -> str:
    if row["problem"]:
        return f"{row['name']}: not readable: {row['problem']}"
    if row["serial"] < 0:
        return f"{row['name']}: no state yet"
    kinds = ", ".join(f"{count} {name}" for name, count in row["ecs"].items()) or "nothing of Amazon ECS"
    return f"{row['name']}: {row['resources']} resources, of which {kinds} (serial {row['serial']})"
