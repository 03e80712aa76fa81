"""When the loop asks which feed, what it makes of failures, and how it ends; on a clock of its own, without a sleep."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import LedgerError, SourceError
from reconciler.model import EventTally, Finding, PlanTally, Record, ResourceId, RunReport, Status
from reconciler.ports import EventSource
from reconciler.watch import Bell, StoppedError, watch
from reconciler.watch import Told as Known

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def report(*statuses: Status, problems: tuple[str, ...] = ()) -> RunReport:
    findings = tuple(
        Finding(
            fingerprint="f",
            status=status,
            reason="because",
            workspace="prod",
            address="aws_ecs_service.web",
            resource_type="aws_ecs_service",
            identity=ResourceId(type="aws_ecs_service"),
            severity="high",
        )
        for status in statuses
    )
    tally = EventTally(read=0, changes=0, skipped={}, broken=0)
    return RunReport(
        started_at=NOW, finished_at=NOW, events=tally, plans=PlanTally(), findings=findings, problems=problems
    )


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


def test_every_source_is_asked_at_each_interval() -> None:
    cycles, told = run(Time(until=200), Source("a"), Source("b"))
    assert [(when, names) for when, names, _ in cycles.calls] == [(at, ("a", "b")) for at in (0, 60, 120, 180)]
    assert told.turns == len(told.reports) == 4


def test_news_is_taken_up_at_once_and_only_the_source_that_has_some_is_asked() -> None:
    pushing, polled, time = Source("pushing"), Source("polled"), Time(until=100)
    time.plan[10.5] = lambda: pushing.wake()
    cycles, _ = run(time, pushing, polled)
    assert cycles.at("pushing") == [0, 10.5, 70.5]
    assert cycles.at("polled") == [0, 60]


def test_news_during_a_cycle_begins_the_next_one() -> None:
    source, time = Source("a"), Time(until=50)
    first: list[bool] = []

    def news() -> RunReport:
        if not first:
            first.append(True)
            source.wake()
        return report()

    cycles, _ = run(time, source, answer=news)
    assert cycles.at("a") == [0, 0]


def test_a_source_that_fails_is_asked_less_and_less_often_and_leaves_the_others_their_interval() -> None:
    cycles, _ = run(Time(until=1000), Source("good"), Source("away", fails=100))
    away = cycles.at("away")
    assert [later - earlier for earlier, later in itertools.pairwise(away)] == [
        5,
        10,
        20,
        40,
        80,
        160,
        300,
        300,
    ]
    assert cycles.at("good")[-1] - cycles.at("good")[-2] <= 60


def test_a_source_that_is_back_is_asked_at_its_interval_again() -> None:
    cycles, _ = run(Time(until=200), Source("a", fails=2))
    assert cycles.at("a") == [0, 5, 15, 75, 135, 195]


def test_news_from_a_source_that_fails_does_not_shorten_its_wait() -> None:
    source, time = Source("a", fails=3), Time(until=30)
    time.plan[6.0] = lambda: source.wake()
    cycles, _ = run(time, source)
    assert cycles.at("a") == [0, 5, 15]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (LedgerError("the ledger is locked"), "the ledger is locked"),
        (OSError(28, "No space left on device", "/tmp/x"), "/tmp/x: No space left on device"),
        (KeyError("password=hunter2"), "a bug in reconciler (KeyError); --verbose shows where, please report it"),
    ],
)
def test_a_cycle_that_fails_is_told_in_a_sentence_and_tried_again_after_growing_waits(
    failure: Exception, said: str
) -> None:
    def fail() -> RunReport:
        raise failure

    cycles, told = run(Time(until=1000), Source("a"), answer=fail)
    assert [when for when, _, _ in cycles.calls] == [0, 5, 15, 35, 75, 155, 315, 615, 915]
    assert {reason for reason, _ in told.failures} == {said}
    assert told.turns == len(cycles.calls)


def test_the_waits_begin_anew_once_a_cycle_has_worked() -> None:
    answers = iter([LedgerError("no"), LedgerError("no"), None, LedgerError("no"), None])

    def sometimes() -> RunReport:
        if failure := next(answers, None):
            raise failure
        return report()

    _, told = run(Time(until=200), Source("a"), answer=sometimes)
    assert [wait for _, wait in told.failures] == [5, 10, 5]


def test_a_cycle_that_the_ledger_does_not_remember_is_waited_out_like_a_failure() -> None:
    time, told = Time(until=300), Told()
    begun: list[float] = []

    def cycle(due: Sequence[EventSource], postponed: bool) -> RunReport:
        begun.append(time.now)
        for source in due:
            list(source.records(None))
        return replace(report("drift", problems=("the disk is full",)), stored=len(begun) > 4)

    watch([Source("a")], cycle, told, time, interval=1, clock=time.clock)
    assert begun[:5] == [0, 5, 15, 35, 75]
    assert begun[5] == 76
    assert len(told.reports) == told.turns == len(begun)


def test_a_problem_that_lasts_is_told_once_an_hour() -> None:
    now = [0.0]
    told = Known(lambda: now[0])
    told.note(["the queue is away"])
    now[0] = 3599.0
    assert report(problems=("the queue is away",)).is_old_news(told.known())
    assert not report(problems=("the queue is away", "the bucket is gone")).is_old_news(told.known())
    assert not report("drift", problems=("the queue is away",)).is_old_news(told.known())
    now[0] = 3600.0
    assert not report(problems=("the queue is away",)).is_old_news(told.known())


def test_a_reader_that_is_gone_ends_it() -> None:
    def gone() -> RunReport:
        raise BrokenPipeError

    source = Source("a")
    with pytest.raises(BrokenPipeError):
        run(Time(), source, answer=gone)
    assert source.closed == 1


def test_postponed_events_are_looked_at_first_then_less_and_less_often_while_they_stay_unsettled() -> None:
    cycles, _ = run(Time(until=1500), Source("a"), answer=lambda: report("not_checked"))
    again = [when for when, _, postponed in cycles.calls if postponed]
    assert again == [0, 60, 180, 420, 720, 1020, 1320]


def test_once_they_are_settled_only_others_could_have_postponed_any() -> None:
    cycles, _ = run(Time(until=700), Source("a"), answer=lambda: report("drift"))
    assert [when for when, _, postponed in cycles.calls if postponed] == [0, 300, 600]


def test_what_a_cycle_postpones_is_looked_at_after_an_interval() -> None:
    time = Time(until=300)
    cycles, _ = run(time, Source("a"), answer=lambda: report("not_checked") if time.now == 60 else report())
    assert [when for when, _, postponed in cycles.calls if postponed] == [0, 120]


def test_a_stop_ends_the_waiting_and_closes_every_source() -> None:
    sources, time = (Source("a"), Source("b")), Time()
    time.plan[7.0] = time.stop
    cycles, _ = run(time, *sources)
    assert len(cycles.calls) == 1
    assert [source.closed for source in sources] == [1, 1]


def test_a_stop_during_a_cycle_lets_it_end_and_tells_it() -> None:
    time = Time()

    def stopping() -> RunReport:
        time.stop()
        return report("drift")

    cycles, told = run(time, Source("a"), answer=stopping)
    assert (len(cycles.calls), len(told.reports)) == (1, 1)


def test_a_stop_while_records_are_read_ends_the_cycle_before_anything_is_decided() -> None:
    time, told, source = Time(), Told(), Source("a", records=5)

    def cycle(sources: Sequence[EventSource], postponed: bool) -> RunReport:
        for _ in sources[0].records(None):
            time.stop()
        return report("drift")

    watch([source], cycle, told, time, interval=60, clock=time.clock)
    assert (told.reports, told.failures, source.closed) == ([], [], 1)


def test_a_stop_while_a_failure_is_waited_out() -> None:
    time = Time()
    time.plan[2.0] = time.stop

    def fail() -> RunReport:
        raise LedgerError("no")

    cycles, told = run(time, Source("a"), answer=fail)
    assert (len(cycles.calls), len(told.failures), time.now) == (1, 1, 2)


def test_a_source_that_cannot_listen_ends_it_with_every_source_closed() -> None:
    class Deaf(Source):
        def listen(self, wake: Callable[[], None]) -> None:
            raise SourceError("the port is in use")

    first, second = Source("a"), Deaf("b")
    with pytest.raises(SourceError, match="in use"):
        run(Time(), first, second)
    assert (first.closed, second.closed) == (1, 1)


def test_two_hundred_empty_cycles_keep_nothing() -> None:
    class Forgetful(Told):
        def report(self, report: RunReport) -> None:
            pass

    time, source = Time(until=60 * 210), Source("a", records=3)
    sizes: list[int] = []

    def cycle(sources: Sequence[EventSource], postponed: bool) -> RunReport:
        for each in sources:
            list(each.records(None))
        time.waits.clear()
        sizes.append(tracemalloc.get_traced_memory()[0])
        return report()

    files = Path("/proc/self/fd")
    before = len(list(files.iterdir())) if files.is_dir() else 0
    tracemalloc.start()
    try:
        watch([source], cycle, Forgetful(), time, interval=60, clock=time.clock)
    finally:
        tracemalloc.stop()
    assert len(sizes) > 200
    assert sizes[-1] - sizes[10] < 20_000
    assert (len(list(files.iterdir())) if files.is_dir() else 0) <= before
