"""A run's report in the form asked for, its problems on stderr, and the exit code."""

from __future__ import annotations

from collections.abc import Collection

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import ReportFormat
from reconciler.model import JsonObject, RunReport
from reconciler.ports import Ledger

FAILED = 1
DRIFT_LEFT = 4


def render(report: RunReport, form: ReportFormat, *, show_environment: bool, show_diff: bool = False) -> str:
    """Return the report as text of the form; `show_diff` adds the edits to the text form, the others have them."""
    from reconciler import report as forms

    match form:
        case ReportFormat.json:
            return forms.dump_json(forms.run_json(report, show_environment=show_environment))
        case ReportFormat.markdown:
            return forms.run_markdown(report, show_environment=show_environment)
        case ReportFormat.sarif:
            return forms.dump_json(forms.run_sarif(report, show_environment=show_environment))
        case ReportFormat.text:
            return forms.run_text(report, show_environment=show_environment, show_diff=show_diff)


def finish(
    report: RunReport,
    console: Console,
    form: ReportFormat,
    *,
    show_environment: bool,
    exit_code: bool,
    show_diff: bool = False,
    ledger: Ledger | None = None,
) -> None:
    """Write the report and leave with the contract's exit code: 1 for problems, 4 for drift with `exit_code`.

    What stands in the `ledger` is left standing, whichever run told it. Raises LedgerError when nobody can tell.
    """
    console.result(render(report, form, show_environment=show_environment, show_diff=show_diff))
    if form is not ReportFormat.text or not console.on_terminal:  # the text itself begins with them
        for problem in report.problems:
            console.warn(problem)
    if report.problems or any(finding.status == "not_checked" for finding in report.findings):
        raise typer.Exit(FAILED)
    if not exit_code:
        return
    if any(_is_left(each.status, each.severity, each.resource_type) for each in report.findings):
        raise typer.Exit(DRIFT_LEFT)
    known: Collection[JsonObject] = ledger.open_findings() if ledger else ()
    if left := sum(_is_left(each["status"], each["severity"], each["resource_type"]) for each in known):
        console.note(f"{left} left standing by earlier runs: reconciler status shows what")
        raise typer.Exit(DRIFT_LEFT)


def _is_left(status: str, severity: str, resource_type: str | None) -> bool:
    # Unmanaged are also what nobody managed and is gone again, of severity info, and what was done inside a task.
    is_unmanaged = status == "unmanaged" and severity != "info" and resource_type is not None
    return is_unmanaged or status in ("drift", "deleted")
