"""Confirming cheaply and in time: no plan in vain, none during an apply, narrow ones where they pay and only there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, quiet, record, service
from planned_cycle import DRIFTED, Calls, cycle, many

from reconciler.model import Plan, Trust, Workspace
from reconciler.pipeline.narrow import NARROW_FROM

TRUSTED = {"userIdentity": {"type": "IAMUser", "userName": "ci", "arn": "arn:aws:iam::123456789012:user/ci"}}


@pytest.mark.parametrize(
    "event",
    [
        record("a", "web", eventName="DescribeServices", readOnly=True),
        record("a", "web", errorCode="AccessDenied"),
        record("a", "web", **TRUSTED),
        record("a", "web", eventName="RunTask"),
        record("a", "somebody-elses"),
        record("a", "web", eventSource="eks.amazonaws.com"),
    ],
    ids=["read-only", "failed", "trusted", "run-time", "unmatched", "another service's"],
)
def test_nothing_is_planned_in_vain(event: dict[str, Any]) -> None:
    terraform = Calls()
    policy = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:user/ci",)))
    cycle(World(quiet, prod=[service("prod", "web")]), terraform, Feed(event), policy)
    assert terraform.made == []


def test_nothing_is_planned_for_what_was_handled() -> None:
    class Handled(Memory):
        def seen(self, event_ids: Any) -> frozenset[str]:
            return frozenset(event_ids)

    terraform, world = Calls(), World(quiet, prod=[service("prod", "web")])
    cycle(world, terraform, Feed(record("a", "web")))
    assert len(terraform.made) == 1
    again = cycle(world, terraform, Feed(record("a", "web")), ledger=Handled())
    assert again.events.skipped == {"duplicate": 1}
    assert len(terraform.made) == 1


def test_two_hundred_events_take_one_plan() -> None:
    terraform = Calls()
    records = [record(f"e{number}", f"s{number % 20}") for number in range(200)]
    world = World(quiet, prod=[service("prod", f"s{number}") for number in range(20)], other=[service("other", "x")])
    report = cycle(world, terraform, Feed(*records))
    assert terraform.made == [("prod", "refresh-only", ())]
    assert len(report.findings) == 20


def test_a_workspace_with_a_deleted_service_is_planned_last() -> None:
    terraform = Calls()
    world = World(quiet, a=[service("a", "gone")], b=[service("b", "web")])
    events = Feed(record("1", "gone", eventName="DeleteService"), record("2", "web"))
    cycle(world, terraform, events, replace(POLICY, parallelism=1))
    assert [name for name, *_ in terraform.made] == ["b", "a"]


def test_while_an_apply_holds_the_lock_nothing_is_planned_and_it_is_said() -> None:
    terraform = Calls(DRIFTED)
    report = cycle(
        World(quiet, prod=[service("prod", "web")]), terraform, Feed(record("a", "web")), lock=lambda _w: "jane@laptop"
    )
    (finding,) = report.findings
    assert (terraform.made, finding.status, finding.changes) == ([], "not_checked", ())
    assert "locked by jane@laptop" in finding.reason
    assert report.plans.refresh_only == 0
    assert report.problems


def test_an_apply_that_begins_during_the_plan_postpones_its_drift() -> None:
    answers = iter((None, "jane@laptop"))
    terraform = Calls(DRIFTED)
    report = cycle(
        World(quiet, prod=[service("prod", "web")]), terraform, Feed(record("a", "web")), lock=lambda _w: next(answers)
    )
    assert [finding.status for finding in report.findings] == ["not_checked"]
    assert [kind for _, kind, _ in terraform.made] == ["refresh-only"]


def test_a_lock_in_another_workspace_postpones_nothing_here() -> None:
    world = World(quiet, prod=[service("prod", "web")], other=[service("other", "api")])
    report = cycle(
        world,
        Calls(),
        Feed(record("a", "web"), record("b", "api")),
        lock=lambda workspace: "jane" if workspace.name == "other" else None,
    )
    assert {finding.workspace: finding.status for finding in report.findings} == {
        "prod": "healed",
        "other": "not_checked",
    }


def test_a_large_workspace_is_planned_narrowly_and_the_finding_says_so() -> None:
    terraform = Calls()
    report = cycle(World(quiet, prod=many("prod", NARROW_FROM)), terraform, Feed(record("a", "web")))
    assert terraform.made == [("prod", "refresh-only", ("aws_ecs_service.web",))]
    (finding,) = report.findings
    assert finding.status == "healed"
    assert f"only 1 of {NARROW_FROM} resources" in finding.reason
    assert "drift elsewhere in prod was not looked at" in finding.reason


def test_a_small_one_is_planned_whole_and_says_nothing_of_it() -> None:
    terraform = Calls()
    report = cycle(World(quiet, prod=many("prod", NARROW_FROM - 1)), terraform, Feed(record("a", "web")))
    assert terraform.made == [("prod", "refresh-only", ())]
    assert "only" not in report.findings[0].reason


def test_a_large_one_of_which_most_is_named_is_planned_whole() -> None:
    terraform = Calls()
    names = [f"s{number}" for number in range(NARROW_FROM)]
    world = World(quiet, prod=[service("prod", name) for name in names])
    cycle(world, terraform, Feed(*(record(name, name) for name in names[: NARROW_FROM // 2])))
    assert terraform.made[0][2] == ()


def test_the_full_plan_after_a_narrow_one_is_whole_and_tells_the_neighbours_drift_too() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        names = ("web",) if kind == "refresh-only" else ("web", "api")
        drift = [change(name, {"name": name, "desired_count": 3}, {"name": name, "desired_count": 5}) for name in names]
        back = [change(name, {"name": name, "desired_count": 5}, {"name": name, "desired_count": 3}) for name in names]
        return Plan(kind, True, {"resource_drift": drift, "resource_changes": back})

    terraform = Calls(plan)
    world = World(quiet, prod=[*many("prod", NARROW_FROM), service("prod", "api")])
    report = cycle(world, terraform, Feed(record("a", "web")))
    assert [(kind, targets) for _, kind, targets in terraform.made] == [
        ("refresh-only", ("aws_ecs_service.web",)),
        ("full", ()),
    ]
    assert {finding.address for finding in report.findings} == {"aws_ecs_service.web", "aws_ecs_service.api"}
    assert not any("was not looked at" in finding.reason for finding in report.findings)
