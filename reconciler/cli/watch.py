"""`reconciler watch`: cycles over the configured sources until it is told to stop."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import (
    CONFIG_DEFAULT,
    ConfigOption,
    NoPrsOption,
    PlainFormat,
    PlainFormatOption,
    QuietOption,
    ReportFormat,
    SinceOption,
    VerboseOption,
)
from reconciler.errors import UsageError
from reconciler.model import Finding, RunReport

if TYPE_CHECKING:
    from reconciler.ports import EventSource
    from reconciler.watch import Told


def watch(
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help="How often sources without news of their own are asked.")
    ] = "60s",
    since: SinceOption = None,
    no_prs: NoPrsOption = False,
    health_file: Annotated[
        Path | None, typer.Option("--health-file", metavar="FILE", help="Touch FILE after every cycle, for a probe.")
    ] = None,
    config: ConfigOption = CONFIG_DEFAULT,
    form: PlainFormatOption = PlainFormat.text,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """Watch the configured sources: run cycles until stopped.

    A queue's messages are taken up at once, other sources are asked at each interval.

    Findings of each cycle go to stdout, as text or one JSON object a line; cycles without any write nothing.

    SIGTERM or ^C finishes the plan in hand, stores, acknowledges and exits with 0; a second one breaks off.

    Example: reconciler watch --interval 5m --format json
    """
    from reconciler.adapters.leftovers import remove_leftovers
    from reconciler.cli.wiring import configured_sources, load_settings, make_policy, make_tools
    from reconciler.pipeline import run_cycle
    from reconciler.settings import parse_duration
    from reconciler.watch import Bell, Told
    from reconciler.watch import watch as go_on

    console = Console(verbose=verbose, quiet=quiet)
    pause = parse_duration(interval).total_seconds()
    if pause < 1:
        raise UsageError("--interval: at least 1s")
    window = parse_duration(since) if since else None
    settings = load_settings(config)
    sources = configured_sources(settings, window)
    bell = Bell()
    tools = make_tools(settings, remedies=not no_prs, progress=console.detail)
    tools = replace(tools, wait=bell.pause)
    policy = replace(make_policy(settings), list_quiet=False, hold=True)
    told = Told(time.monotonic)
    voice = _Voice(console, form, health_file, told, show_environment=settings.report.show_environment)
    tools = replace(tools, predicted=voice.foretell)

    def cycle(due: Sequence[EventSource], postponed: bool) -> RunReport:
        return run_cycle(replace(tools, sources=tuple(due)), replace(policy, told=told.known()), postponed=postponed)

    remove_leftovers()
    with _signals(bell.stop, tools.finish, lambda: bell.stopped):
        voice.turned()
        console.note(
            f"watching {len(sources)} source{'' if len(sources) == 1 else 's'}, every {interval} at the latest"
        )
        go_on(sources, cycle, voice, bell, interval=pause, clock=time.monotonic)
    console.note("stopped")


class _Voice:
    """Fulfils `watch.Voice`: findings to stdout, a line about each cycle to stderr."""

    def __init__(
        self, console: Console, form: PlainFormat, health_file: Path | None, told: Told, *, show_environment: bool
    ) -> None:
        self._console = console
        self._form = form
        self._health_file = health_file
        self._told = told
        self._show_environment = show_environment

    def report(self, report: RunReport) -> None:
        from reconciler import report as forms
        from reconciler.cli.outcome import render

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
        from reconciler import report as forms

        if self._form is PlainFormat.json:
            told = forms.finding_json(finding, show_environment=self._show_environment)
            self._console.line(json.dumps({"predictions": [told]}))
        else:
            self._console.line(forms.finding_text(finding, show_environment=self._show_environment) + "\n")

    def failed(self, reason: str, wait: float) -> None:
        self._console.warn(f"the cycle failed, and is tried again in {wait:.0f} s: {reason}")

    def turned(self) -> None:
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


@contextmanager
def _signals(stop: Callable[[], None], finish: Callable[[], None], stopped: Callable[[], bool]) -> Iterator[None]:
    """End gently at the first SIGTERM or SIGINT, at once at the second; a hang-up ends what a terminal started only."""

    def end(number: int, frame: FrameType | None) -> None:
        if stopped():
            raise KeyboardInterrupt
        finish()
        stop()

    def ignore(number: int, frame: FrameType | None) -> None:
        """Reload nothing: the configuration is read at the start."""

    handlers = {signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: end if sys.stderr.isatty() else ignore}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
