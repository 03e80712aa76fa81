"""A run's report in the form asked for, its problems on stderr, and the exit code."""

from __future__ import annotations

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import ReportFormat
from reconciler.model import Finding, RunReport

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
) -> None:
    """Write the report and leave with the contract's exit code: 1 for problems, 4 for drift with `exit_code`."""
    console.result(render(report, form, show_environment=show_environment, show_diff=show_diff))
    if form is not ReportFormat.text or not console.on_terminal:  # the text itself begins with them
        for problem in report.problems:
            console.warn(problem)
    if report.problems or any(finding.status == "not_checked" for finding in report.findings):
        raise typer.Exit(FAILED)
    if exit_code and any(map(_is_standing, report.findings)):
        raise typer.Exit(DRIFT_LEFT)


def _is_standing(finding: Finding) -> bool:
    # Unmanaged are also what nobody managed and is gone again, of severity info, and what was done inside a task.
    is_left = finding.status == "unmanaged" and finding.severity != "info" and finding.resource_type is not None
    return is_left or finding.status in ("drift", "deleted")
