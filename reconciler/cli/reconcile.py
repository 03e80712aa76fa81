"""`reconciler reconcile`: a workspace by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from reconciler.cli.options import (
    CONFIG_DEFAULT,
    ConfigOption,
    ExitCodeOption,
    OutputOption,
    QuietOption,
    ReportFormat,
    ReportFormatOption,
    VerboseOption,
)


def reconcile(
    workspace: Annotated[str, typer.Argument(metavar="WORKSPACE", help="The workspace's name, as in reconciler.yaml.")],
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="ADDRESS", help="Only these resource addresses.")
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="Let the code follow the cloud (the default); if given, also where a person must agree, as to an "
            "image from a registry that is not allowed.",
        ),
    ] = False,
    revert: Annotated[bool, typer.Option("--revert", help="Let the cloud follow the code.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Edit the working tree, where Terraform proved it.")] = False,
    open_pr: Annotated[bool, typer.Option("--open-pr", help="Open the pull requests.")] = False,
    config: ConfigOption = CONFIG_DEFAULT,
    form: ReportFormatOption = ReportFormat.text,
    output: OutputOption = None,
    exit_code: ExitCodeOption = False,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look at one workspace now, without any event.

    Shows its drift, the remedy's diff and its proof. Without --write and --open-pr nothing is changed anywhere.

    Example: reconciler reconcile infra/prod aws_ecs_service.web --open-pr
    """
    from dataclasses import replace
    from functools import partial

    from reconciler.adapters.working_tree import write_edits
    from reconciler.cli.console import Console
    from reconciler.cli.outcome import finish
    from reconciler.cli.wiring import load_settings, make_policy, make_tools, told_before
    from reconciler.errors import UsageError
    from reconciler.model import RemedyChoice
    from reconciler.pipeline.reconcile import reconcile_workspace

    if adopt and revert:
        raise UsageError("--adopt and --revert exclude each other: choose one")
    if write and open_pr:
        raise UsageError("--write and --open-pr exclude each other: a pull request starts from a clean working tree")
    console = Console(verbose=verbose, quiet=quiet, output=output)
    settings = load_settings(config)
    with console.progress(f"looking at {workspace}") as progress:
        tools = make_tools(settings, proposals=open_pr, remember=False, progress=progress)
        policy = replace(make_policy(settings), accumulate=write, insist=adopt)
        remedy: RemedyChoice = "revert" if revert else "adopt"
        told = partial(told_before, settings, workspace)
        done = reconcile_workspace(workspace, addresses or (), remedy, tools, policy, told)
    if write:
        for file in write_edits(tools.workspaces[workspace].path, done.edits):
            console.note(f"edited {file}")
    finish(
        done.report,
        console,
        form,
        show_environment=settings.report.show_environment,
        exit_code=exit_code,
        show_diff=not open_pr,
    )
