"""What changes while a cycle looks at it: a state between its readings, a resource between the plans."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, change, drifted, quiet, record, service

from reconciler.model import (
    Plan,
    RunReport,
    Workspace,
)


def test_a_state_that_moves_while_it_is_planned_postpones_and_reports_no_drift() -> None:
    world = World(drifted("web", "desired_count", 3, 5), prod=[service("prod", "web")])
    serials = iter((1, 2))
    world.serial = lambda: next(serials)
    memory, feed = Memory(), Feed(record("UpdateService", "web"))
    report = world.run(feed, memory)
    (finding,) = report.findings
    assert finding.status == "not_checked"
    assert "moved from serial 1 to 2" in finding.reason
    assert report.plans.full == 0
    assert memory.handled == set()


def test_a_state_that_moves_during_the_full_plan_postpones_too() -> None:
    world = World(drifted("web", "desired_count", 3, 5), prod=[service("prod", "web")])
    serials = iter((1, 1, 2))
    world.serial = lambda: next(serials)
    report = world.run(Feed(record("UpdateService", "web")), Memory())
    (finding,) = report.findings
    assert (finding.status, report.plans.full) == ("not_checked", 1)
    assert "moved from serial 1 to 2" in finding.reason


@pytest.mark.parametrize("reads", [(1, 2), (1, 0)])
def test_a_state_that_moved_is_no_proof_that_nothing_drifted(reads: tuple[int, int]) -> None:
    world = World(quiet, prod=[service("prod", "web")])
    serials = iter(reads)
    world.serial = lambda: next(serials)
    memory = Memory()
    report = world.run(Feed(record("UpdateService", "web")), memory)
    (finding,) = report.findings
    assert finding.status == "not_checked"
    assert "terraform apply is at work" in finding.reason
    assert (memory.handled, len(memory.waiting)) == (set(), 1)


def between_the_plans(live: int) -> RunReport:
    """Run a cycle in which a service's size, 3 in the state and 5 at first, becomes `live` before the full plan."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        now = 5 if kind == "refresh-only" else live
        found = () if now == 3 else (("resource_drift", 3, now), ("resource_changes", now, 3))
        sizes = {section: [change("web", {"desired_count": a}, {"desired_count": b})] for section, a, b in found}
        return Plan(kind, True, {**sizes, "configuration": THREE_IN_CODE})

    return World(plan, prod=[service("prod", "web")]).run(Feed(record("UpdateService", "web")), Memory())


THREE_IN_CODE = {
    "root_module": {
        "resources": [{"address": "aws_ecs_service.web", "expressions": {"desired_count": {"constant_value": 3}}}]
    }
}


def test_what_was_put_right_between_the_plans_is_healed_and_not_called_ignored() -> None:
    (finding,) = between_the_plans(live=3).findings
    assert (finding.status, finding.changes) == ("healed", ())


def test_what_was_changed_again_between_the_plans_is_told_as_it_is_now() -> None:
    (finding,) = between_the_plans(live=6).findings
    assert [(each.state, each.live, each.disposition) for each in finding.changes] == [(3, 6, "reverting")]


def test_what_nobody_touched_between_the_plans_is_drift() -> None:
    (finding,) = between_the_plans(live=5).findings
    assert (finding.status, finding.changes[0].live) == ("drift", 5)
