"""`reconciler run`: one cycle over the configured sources, or over records handed over."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from reconciler.cli.options import (
    CONFIG_DEFAULT,
    ConfigOption,
    ExitCodeOption,
    NoPrsOption,
    OutputOption,
    QuietOption,
    ReportFormat,
    ReportFormatOption,
    SinceOption,
    VerboseOption,
    length_of_time,
)


def run(
    events: Annotated[
        list[str] | None,
        typer.Option("--events", metavar="PATH|-", help="Records to look at instead of the sources; repeatable."),
    ] = None,
    since: SinceOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Find, edit and prove, but push nothing and remember nothing.")
    ] = False,
    no_prs: NoPrsOption = False,
    config: ConfigOption = CONFIG_DEFAULT,
    form: ReportFormatOption = ReportFormat.text,
    output: OutputOption = None,
    exit_code: ExitCodeOption = False,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run one cycle: read, confirm, prove, open pull requests.

    For cron and CI. Without --events the configured sources are read.

    Records are CloudTrail's: a file, .gz or directory in any envelope, or - for stdin.

    Example: reconciler run --events AWSLogs/ --dry-run
    """
    from reconciler.adapters.leftovers import remove_leftovers
    from reconciler.cli.console import Console
    from reconciler.cli.outcome import finish
    from reconciler.cli.wiring import closing, configured_sources, given_sources, load_settings, make_policy, make_tools
    from reconciler.pipeline import run_cycle

    console = Console(verbose=verbose, quiet=quiet, output=output)
    window = length_of_time("--since", since) if since else None
    settings = load_settings(config)
    sources = given_sources(events) if events else configured_sources(settings, window)
    remove_leftovers()
    with closing(sources), console.progress("reading events") as progress:
        tools = make_tools(
            settings,
            sources=sources,
            remedies=not no_prs,
            proposals=not dry_run,
            remember=not dry_run,
            progress=progress,
        )
        shown = settings.report.show_environment
        tools = replace(tools, predicted=lambda finding: console.foretell(finding, show_environment=shown))
        report = run_cycle(tools, make_policy(settings), postponed=not events)
    finish(
        report,
        console,
        form,
        show_environment=settings.report.show_environment,
        exit_code=exit_code,
        show_diff=dry_run,
        ledger=tools.ledger,
    )
