"""What tests wire the loop to: sources, cycles and listeners that take notes, and a clock whose waits take no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import SourceError
from reconciler.model import Record, RunReport, Status
from reconciler.ports import EventSource
from reconciler.watch import Bell, StoppedError, watch
from tests.reports import make_finding, make_report


def report(*statuses: Status, problems: tuple[str, ...] = ()) -> RunReport:
    return make_report(*(make_finding(status=status) for status in statuses), problems=problems)


class Source:
    """A source that notes when it is asked; `fails` says how often it does first."""

    remembers = True

    def __init__(self, name: str, *, fails: int = 0, records: int = 0) -> None:
        self.name = name
        self.fails = fails
        self.closed = 0
        self.wake: Callable[[], None] = lambda: None
        self._records = records

    def records(self, cursor: str | None) -> Iterator[Any]:
        if self.fails:
            self.fails -= 1
            raise SourceError(f"{self.name} is away")
        for number in range(self._records):
            yield Record({}, f"{self.name}:{number}")

    def cursor(self) -> str | None:
        return None

    def acknowledge(self) -> None:
        pass

    def listen(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def close(self) -> None:
        self.closed += 1


@dataclass
class Time(Bell):
    """A clock whose waits take no time; `plan` has what happens at which second."""

    now: float = 0.0
    until: float = 1000.0
    plan: dict[float, Callable[[], None]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.waits.append(seconds)
        happens = min((at for at in self.plan if at <= self.now + seconds), default=None)
        self.now = self.now + seconds if happens is None else max(self.now, happens)
        if happens is not None:
            self.plan.pop(happens)()
        if self.now >= self.until:
            self.stop()

    def pause(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.wait(end - self.now)
            if self.stopped:
                raise StoppedError


@dataclass
class Told:
    """What people are told."""

    reports: list[RunReport] = field(default_factory=list)
    failures: list[tuple[str, float]] = field(default_factory=list)
    turns: int = 0

    def report(self, report: RunReport) -> None:
        self.reports.append(report)

    def failed(self, reason: str, wait: float) -> None:
        self.failures.append((reason, wait))

    def turned(self) -> None:
        self.turns += 1


@dataclass
class Cycles:
    """Notes each cycle: when, which sources, and whether postponed events were looked at again."""

    time: Time
    answer: Callable[[], RunReport] = report
    calls: list[tuple[float, tuple[str, ...], bool]] = field(default_factory=list)

    def __call__(self, sources: Sequence[EventSource], postponed: bool) -> RunReport:
        self.calls.append((self.time.now, tuple(source.name for source in sources), postponed))
        for source in sources:
            try:
                list(source.records(None))
            except SourceError as error:
                return report(problems=(str(error),))
        return self.answer()

    def at(self, name: str) -> list[float]:
        return [when for when, names, _ in self.calls if name in names]


def run(time: Time, *sources: Source, interval: float = 60, answer: Callable[[], RunReport] = report) -> Any:
    cycles, told = Cycles(time, answer), Told()
    watch(sources, cycles, told, time, interval=interval, clock=time.clock)
    return cycles, told
