"""How the loop ends, whatever it is at; on a clock of its own, without a sleep."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from loop_parts import Source, Time, Told, report, run

from reconciler.errors import LedgerError, SourceError
from reconciler.model import RunReport
from reconciler.ports import EventSource
from reconciler.watch import watch


def test_a_reader_that_is_gone_ends_it() -> None:
    def gone() -> RunReport:
        raise BrokenPipeError

    source = Source("a")
    with pytest.raises(BrokenPipeError):
        run(Time(), source, answer=gone)
    assert source.closed == 1


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
