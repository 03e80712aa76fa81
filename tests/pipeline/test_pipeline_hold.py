"""A watching cycle leaves alone what has not settled; a single run waits for it, no longer than it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, drifted, ports, quiet, record, service

from reconciler.model import Plan, RunReport, Workspace
from reconciler.pipeline import Policy, run_cycle

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SETTLE = replace(POLICY, settle=timedelta(seconds=60))
HOLD = replace(SETTLE, hold=True)


class Clock:
    """A clock whose waits take no time."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


def aged(name: str, service: str, age: float) -> dict[str, Any]:
    return record(name, service, eventTime=(NOW - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def cycle(world: World, feed: Feed, memory: Memory, clock: Clock, policy: Policy, postponed: bool = False) -> RunReport:
    tools = ports(world, feed, ledger=memory, now=lambda: clock.now, wait=clock.wait)
    return run_cycle(tools, policy, postponed=postponed)


def test_a_run_waits_until_the_newest_change_has_settled_and_no_longer() -> None:
    clock = Clock()
    cycle(World(quiet, prod=[service("prod", "web")]), Feed(aged("a", "web", 45)), Memory(), clock, SETTLE)
    assert clock.waits == [15]


@pytest.mark.parametrize("age", [60, 86_400])
def test_a_run_does_not_wait_for_what_has(age: float) -> None:
    clock = Clock()
    report = cycle(World(quiet, prod=[service("prod", "web")]), Feed(aged("a", "web", age)), Memory(), clock, SETTLE)
    assert (clock.waits, report.held_until) == ([], None)


def test_records_that_a_person_hands_over_are_looked_at_now() -> None:
    clock, feed = Clock(), Feed(aged("a", "web", 1))
    feed.remembers = False
    report = cycle(World(quiet, prod=[service("prod", "web")]), feed, Memory(), clock, HOLD)
    assert clock.waits == []
    assert [finding.status for finding in report.findings] == ["healed"]


def test_a_watch_leaves_a_busy_resource_to_a_later_cycle_and_looks_at_the_others() -> None:
    world = World(quiet, prod=[service("prod", "web")], other=[service("other", "api")])
    clock, memory, feed = Clock(), Memory(), Feed(aged("busy", "web", 10), aged("old", "api", 100))
    report = cycle(world, feed, memory, clock, HOLD)
    assert [finding.address for finding in report.findings] == ["aws_ecs_service.api"]
    assert (clock.waits, report.held_until) == ([], NOW + timedelta(seconds=50))
    assert (memory.handled, set(memory.waiting)) == ({"old"}, {"busy"})
    assert (report.events.read, report.events.changes, report.plans.refresh_only) == (1, 1, 1)
    assert feed.acknowledged

    clock.now += timedelta(seconds=50)
    later = cycle(world, Feed(), memory, clock, HOLD, postponed=True)
    assert [finding.address for finding in later.findings] == ["aws_ecs_service.web"]
    assert (memory.handled, memory.waiting) == ({"old", "busy"}, {})


def test_a_cycle_in_which_everything_is_held_plans_and_reports_nothing() -> None:
    memory = Memory()
    feed = Feed(aged("a", "web", 1))
    report = cycle(World(quiet, prod=[service("prod", "web")]), feed, memory, Clock(), HOLD)
    assert (report.quiet, report.plans.refresh_only, set(memory.waiting)) == (True, 0, {"a"})


def test_drift_of_a_busy_resource_is_not_told_with_its_neighbours() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        entries = [
            change(name, {"name": name, "desired_count": 3}, {"name": name, "desired_count": 5}) for name in names
        ]
        return Plan(kind, True, {"resource_drift": entries, "resource_changes": entries})

    names = ("web", "api", "unnamed")
    world = World(plan, prod=[service("prod", name) for name in names])
    memory, feed = Memory(), Feed(aged("busy", "web", 10), aged("old", "api", 100))
    report = cycle(world, feed, memory, Clock(), HOLD)
    assert {finding.address for finding in report.findings} == {"aws_ecs_service.api", "aws_ecs_service.unnamed"}


def test_without_a_ledger_nothing_that_is_held_is_acknowledged() -> None:
    feed = Feed(aged("a", "web", 1))
    world = World(drifted("web", "desired_count", 3, 5), prod=[service("prod", "web")])
    report = cycle(world, feed, None, Clock(), HOLD)
    assert (report.findings, feed.acknowledged) == ((), False)
