"""When the loop asks which feed; on a clock of its own, without a sleep."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from loop_parts import Source, Time, Told, report, run

from reconciler.model import RunReport
from reconciler.ports import EventSource
from reconciler.watch import watch


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
