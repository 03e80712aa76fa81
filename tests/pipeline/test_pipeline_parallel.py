"""Each workspace is told when it is done; whoever cannot tell ends the others."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import pytest
from pipeline_world import Feed, World, quiet, record, service
from planned_cycle import Calls, cycle

from reconciler.model import Plan, RunReport, Workspace
from reconciler.pipeline.parallel import in_parallel


def test_a_quick_one_is_told_while_a_slow_one_is_at_work() -> None:
    told = threading.Event()
    results: list[tuple[str, int]] = []

    def work(name: str) -> str:
        if name == "slow":
            assert told.wait(20)
        return name

    def done(name: str, left: int) -> None:
        results.append((name, left))
        told.set()

    assert in_parallel(work, ["slow", "quick"], 2, lambda: None, done) == ["slow", "quick"]
    assert results == [("quick", 1), ("slow", 0)]


def test_when_telling_fails_the_others_are_stopped() -> None:
    stop = threading.Event()

    def work(name: str) -> None:
        if name == "slow":
            assert stop.wait(20)

    def done(_result: None, _left: int) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        in_parallel(work, ["quick", "slow"], 2, stop.set, done)


class Stopped(BaseException):
    """What a signal's handler raises."""


def test_a_signal_that_ends_no_wait_stops_the_others_all_the_same() -> None:
    """One that the system hands to another thread, or that comes as the wait begins."""

    def raise_it(*_: Any) -> None:
        raise Stopped

    def work(_name: str) -> None:
        assert stop.wait(20)

    stop, started = threading.Event(), time.monotonic()
    before = signal.signal(signal.SIGUSR1, raise_it)
    try:
        threading.Timer(0.05, signal.raise_signal, [signal.SIGUSR1]).start()
        with pytest.raises(Stopped):
            in_parallel(work, ["one", "another"], 2, stop.set)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert time.monotonic() - started < 5


def two(known: list[RunReport], *records: dict[str, Any]) -> RunReport:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        if workspace.name == "slow":
            assert told.wait(20)
        return quiet(workspace, kind)

    def tell(report: RunReport) -> None:
        known.append(report)
        told.set()

    told = threading.Event()
    world = World(quiet, quick=[service("quick", "web")], slow=[service("slow", "api")])
    return cycle(world, Calls(plan), Feed(*records), known=tell)


def test_a_cycle_tells_what_it_knows_and_reports_it_with_all_else() -> None:
    known: list[RunReport] = []
    report = two(known, record("1", "web"), record("2", "api"))
    (early,) = known
    assert [finding.workspace for finding in early.findings] == ["quick"]
    assert (early.plans.refresh_only, early.events.read) == (1, 0)
    assert {finding.workspace for finding in report.findings} == {"quick", "slow"}
    assert (report.plans.refresh_only, report.events.read) == (2, 2)


def test_what_needs_no_plan_is_told_before_any() -> None:
    known: list[RunReport] = []
    report = two(known, record("1", "nobodys"), record("2", "api"))
    (early,) = known
    assert [finding.status for finding in early.findings] == ["unmatched"]
    assert len(report.findings) == 2


def test_one_workspace_alone_is_told_once() -> None:
    known: list[RunReport] = []
    two(known, record("1", "web"))
    assert known == []


def test_what_is_done_one_after_the_other_is_told_in_that_order() -> None:
    told: list[int] = []
    in_parallel(abs, range(50), 1, pytest.fail, lambda result, _left: told.append(result))
    assert told == list(range(50))
