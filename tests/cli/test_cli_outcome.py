"""What a finished run prints and exits with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import typer

from reconciler.adapters.ledger import SqlLedger
from reconciler.cli.console import Console
from reconciler.cli.options import ReportFormat
from reconciler.cli.outcome import finish, render
from reconciler.model import Remedy, RunReport, Severity, Status
from reconciler.report import run_json
from tests.reports import make_finding, make_report

DIFF = "--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-desired_count = 3\n+desired_count = 5\n"


def report(status: Status = "drift", *problems: str) -> RunReport:
    remedy = Remedy(kind="adopt", reason="nothing else moves", diff=DIFF, proof="proven")
    return make_report(make_finding(status=status, remedy=remedy), problems=problems)


def test_the_text_holds_the_edit_where_no_pull_request_shows_it() -> None:
    text = render(report(), ReportFormat.text, show_environment=False, show_diff=True)
    assert "    +desired_count = 5" in text.splitlines()


def test_the_text_is_without_the_edit_where_a_pull_request_shows_it() -> None:
    assert "+desired_count" not in render(report(), ReportFormat.text, show_environment=False)


@pytest.mark.parametrize(
    ("status", "problems", "exit_code", "code"),
    [
        ("drift", (), False, 0),
        ("drift", (), True, 4),
        ("healed", (), True, 0),
        ("ignored", (), True, 0),
        ("healed", ("dev: locked",), True, 1),
        ("not_checked", (), False, 1),
    ],
)
def test_the_exit_code(status: Status, problems: tuple[str, ...], exit_code: bool, code: int) -> None:
    left = typer.Exit()
    try:
        finish(report(status, *problems), Console(), ReportFormat.json, show_environment=False, exit_code=exit_code)
    except typer.Exit as raised:
        left = raised
    assert left.exit_code == code


@pytest.mark.parametrize(
    ("severity", "kind", "stands"),
    [("medium", "aws_ecs_service", True), ("info", "aws_ecs_service", False), ("high", None, False)],
)
def test_what_nobody_manages_stands_unless_it_is_gone_again_or_was_never_a_resource(
    severity: Severity, kind: str | None, stands: bool
) -> None:
    whole = report("unmanaged")
    findings = (replace(finding, severity=severity, resource_type=kind) for finding in whole.findings)
    whole = replace(whole, findings=tuple(findings))
    left = typer.Exit()
    try:
        finish(whole, Console(), ReportFormat.json, show_environment=False, exit_code=True)
    except typer.Exit as raised:
        left = raised
    assert left.exit_code == (4 if stands else 0)


@pytest.mark.parametrize(
    ("before", "now", "exit_code", "code"),
    [
        pytest.param("drift", None, True, 4, id="drift, and nothing since"),
        pytest.param("deleted", None, True, 4, id="a deletion, and nothing since"),
        pytest.param("unmanaged", None, True, 4, id="what nobody manages, and nothing since"),
        pytest.param("drift", "healed", True, 0, id="put right"),
        pytest.param("drift", "matching", True, 0, id="in the code now"),
        pytest.param("not_checked", None, True, 0, id="no drift that anybody saw"),
        pytest.param("drift", None, False, 0, id="not asked for"),
    ],
)
def test_what_earlier_runs_left_standing_counts_until_a_run_tells_that_it_ended(
    tmp_path: Path, before: Status, now: Status | None, exit_code: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, quiet = SqlLedger(f"sqlite:///{tmp_path}/ledger.db"), make_report()
    ledger.store(run_json(report(before), show_environment=False), [], {})
    last = report(now) if now else quiet
    ledger.store(run_json(last, show_environment=False), [], {}, listed=False)
    left = typer.Exit()
    try:
        finish(last, Console(), ReportFormat.text, show_environment=False, exit_code=exit_code, ledger=ledger)
    except typer.Exit as raised:
        left = raised
    assert left.exit_code == code
    assert ("reconciler status" in capsys.readouterr().err) == (code == 4)
