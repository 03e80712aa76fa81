"""What `watch` says: findings to stdout, a line about each cycle to stderr, a sign of life to a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler import report as forms
from reconciler.cli.console import Console
from reconciler.cli.options import PlainFormat
from reconciler.model import Finding, PlanTally, RunReport
from reconciler.watch import Told


class Speaker:
    """Fulfils `watch.Voice`. A problem that `told` knows is not told again."""

    def __init__(
        self, console: Console, form: PlainFormat, health_file: Path | None, told: Told, *, show_environment: bool
    ) -> None:
        self._console = console
        self._form = form
        self._health_file = health_file
        self._told = told
        self._show_environment = show_environment
        self._parts: list[RunReport] = []

    def report(self, report: RunReport) -> None:
        """Tell what a cycle found and was not told yet; only --verbose tells of one that found nothing."""
        line, left = _line(report), _less(report, self._parts)
        self._parts.clear()
        if left.is_old_news(self._told.known()):
            self._console.detail(line)
            return
        self._tell(left, forms.run_summary(report))
        self._console.note(line)

    def part(self, report: RunReport) -> None:
        """Tell what a cycle knows already; the lines of a cycle add up to its report."""
        self._parts.append(report)
        self._tell(report)

    def _tell(self, report: RunReport, *counts: str) -> None:
        self._told.note(report.problems)
        if self._form is PlainFormat.json:
            # Compact: whoever reads a stream reads it line by line.
            self._console.line(json.dumps(forms.run_json(report, show_environment=self._show_environment)))
        elif report.findings:
            findings = (forms.finding_text(each, show_environment=self._show_environment) for each in report.findings)
            self._console.line("\n\n".join([*findings, *counts]) + "\n")
        for problem in report.problems:
            self._console.warn(problem)

    def foretell(self, finding: Finding) -> None:
        """Tell what an event should have done: in text, or as one JSON object with the key `predictions`."""
        if self._form is PlainFormat.json:
            told = forms.finding_json(finding, show_environment=self._show_environment)
            self._console.line(json.dumps({"predictions": [told]}))
        else:
            self._console.line(forms.finding_text(finding, show_environment=self._show_environment) + "\n")

    def failed(self, reason: str, wait: float) -> None:
        """Warn of a cycle that failed as a whole; `wait` is in seconds."""
        self._parts.clear()
        self._console.warn(f"the cycle failed, and is tried again in {wait:.0f} s: {reason}")

    def turned(self) -> None:
        """Touch the health file, where there is one."""
        if self._health_file is None:
            return
        try:
            self._health_file.touch()
        except OSError as error:
            self._console.warn(f"--health-file: {self._health_file} cannot be touched: {error.strerror}")


def _less(report: RunReport, parts: Sequence[RunReport]) -> RunReport:
    """Return a report without what its parts told."""
    findings = {id(finding) for part in parts for finding in part.findings}
    problems = {problem for part in parts for problem in part.problems}
    plans = [part.plans for part in parts]
    return replace(
        report,
        findings=tuple(finding for finding in report.findings if id(finding) not in findings),
        problems=tuple(problem for problem in report.problems if problem not in problems),
        plans=PlanTally(
            refresh_only=report.plans.refresh_only - sum(each.refresh_only for each in plans),
            full=report.plans.full - sum(each.full for each in plans),
            proof=report.plans.proof - sum(each.proof for each in plans),
        ),
    )


def _line(report: RunReport) -> str:
    counted = Counter(finding.status for finding in report.findings)
    found = ", ".join(f"{number} {status}" for status, number in counted.items())
    found = found or ("something failed" if report.problems else "nothing found")
    events = report.events
    plans = report.plans.refresh_only + report.plans.full + report.plans.proof
    took = (report.finished_at - report.started_at).total_seconds()
    return (
        f"{report.finished_at:%Y-%m-%dT%H:%M:%SZ} {events.read} read, {events.changes} changes: {found}; "
        f"{plans} plans, {took:.0f} s"
    )
