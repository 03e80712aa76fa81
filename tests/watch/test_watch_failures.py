"""What the loop makes of sources and cycles that fail; on a clock of its own, without a sleep."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from loop_parts import Source, Time, Told, report, run

from reconciler.errors import LedgerError
from reconciler.model import RunReport
from reconciler.ports import EventSource
from reconciler.watch import Told as Known
from reconciler.watch import watch


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
