"""What `watch` says: findings to stdout, a line about each cycle to stderr, a sign of life to a file."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from reconciler import report as forms
from reconciler.cli.console import Console
from reconciler.cli.options import PlainFormat, ReportFormat
from reconciler.cli.outcome import render
from reconciler.model import Finding, RunReport
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

    def report(self, report: RunReport) -> None:
        """Tell what a cycle found; only --verbose tells of one that found nothing."""
        if report.is_old_news(self._told.known()):
            self._console.detail(_line(report))
            return
        self._told.note(report.problems)
        if self._form is PlainFormat.json:
            # Compact: whoever reads a stream reads it line by line.
            self._console.line(json.dumps(forms.run_json(report, show_environment=self._show_environment)))
        elif report.findings:
            self._console.line(render(report, ReportFormat.text, show_environment=self._show_environment))
        for problem in report.problems:
            self._console.warn(problem)
        self._console.note(_line(report))

    def foretell(self, finding: Finding) -> None:
        """Tell what an event should have done: in text, or as one JSON object with the key `predictions`."""
        if self._form is PlainFormat.json:
            told = forms.finding_json(finding, show_environment=self._show_environment)
            self._console.line(json.dumps({"predictions": [told]}))
        else:
            self._console.line(forms.finding_text(finding, show_environment=self._show_environment) + "\n")

    def failed(self, reason: str, wait: float) -> None:
        """Warn of a cycle that failed as a whole; `wait` is in seconds."""
        self._console.warn(f"the cycle failed, and is tried again in {wait:.0f} s: {reason}")

    def turned(self) -> None:
        """Touch the health file, where there is one."""
        if self._health_file is None:
            return
        try:
            self._health_file.touch()
        except OSError as error:
            self._console.warn(f"--health-file: {self._health_file} cannot be touched: {error.strerror}")


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
