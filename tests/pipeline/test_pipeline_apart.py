"""A deletion beside other changes: the others do not wait for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from apart_world import CLUSTER, GONE, SERIAL, Targeted, aws, placed, seen, world
from pipeline_world import Feed, Memory, World, cluster, record, service
from planned_cycle import cycle, many

from reconciler.errors import TerraformError
from reconciler.model import Plan, RunReport, Workspace
from reconciler.pipeline.narrow import NARROW_FROM


def test_what_changed_beside_a_deletion_is_confirmed_first_and_without_it() -> None:
    terraform = Targeted(aws({"web": 5, "api": 3, "old": None}))
    known: list[RunReport] = []
    feed = Feed(GONE, record("2", "web"), record("3", "api"))
    report = cycle(world(terraform.answer), terraform, feed, SERIAL, known=known.append)
    quick = ("aws_ecs_service.api", "aws_ecs_service.web")
    assert terraform.made == [
        ("prod", "refresh-only", quick),
        ("prod", "full", ("aws_ecs_service.web",)),
        ("prod", "refresh-only", ()),
    ]
    assert (report.plans.refresh_only, report.plans.full) == (2, 1)
    assert seen(report) == {
        "aws_ecs_service.web": "drift",
        "aws_ecs_service.api": "healed",
        "aws_ecs_service.old": "deleted",
    }
    assert len(report.findings) == 3
    assert not any("not looked at" in finding.reason for finding in report.findings)
    (early,) = known
    assert seen(early) == {"aws_ecs_service.web": "drift", "aws_ecs_service.api": "healed"}


def test_the_slow_plan_tells_what_no_event_named_and_does_not_plan_it_whole() -> None:
    terraform = Targeted(aws({"web": 3, "api": 5, "old": None}))
    report = cycle(world(terraform.answer), terraform, Feed(GONE, record("2", "web")), SERIAL)
    assert seen(report) == {
        "aws_ecs_service.web": "healed",
        "aws_ecs_service.api": "drift",
        "aws_ecs_service.old": "deleted",
    }
    assert terraform.made[-1] == ("prod", "full", ("aws_ecs_service.api",))


def test_a_deletion_that_no_event_names_makes_the_full_plan_no_slower() -> None:
    terraform = Targeted(aws({"web": 5, "old": None}))
    report = cycle(world(terraform.answer), terraform, Feed(record("2", "web")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ()), ("prod", "full", ("aws_ecs_service.web",))]
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "deleted"}


def later(*records: dict[str, Any], live: dict[str, int | None]) -> tuple[list[Any], RunReport]:
    """Run a cycle after one that told `old` to be gone; returns its plans too."""
    made: list[Any] = []

    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        made.append((kind, tuple(targets)))
        return aws(live)(workspace, kind, targets=targets, **options)

    memory = Memory()
    world(aws({"old": None})).run(Feed(GONE), memory, policy=SERIAL)
    return made, world(plan).run(Feed(*records), memory, policy=SERIAL)


def test_what_changes_after_a_deletion_that_still_stands_does_not_wait_for_it_either() -> None:
    made, report = later(record("2", "web"), live={"web": 5, "api": 4, "old": None})
    assert made == [
        ("refresh-only", ("aws_ecs_service.web",)),
        ("full", ("aws_ecs_service.web",)),
        ("refresh-only", ()),
        ("full", ("aws_ecs_service.api",)),
    ]
    assert seen(report) == {
        "aws_ecs_service.web": "drift",
        "aws_ecs_service.api": "drift",
        "aws_ecs_service.old": "deleted",
    }


def test_once_an_event_brings_it_back_there_is_nothing_to_part() -> None:
    again = record("2", "old", eventName="CreateService")
    again["requestParameters"] = {"serviceName": "old", "cluster": "prod", "desiredCount": 3}
    made, report = later(again, record("3", "web"), live={"web": 5})
    assert made == [("refresh-only", ()), ("full", ())]
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "healed"}


def test_a_service_that_was_made_again_is_not_waited_for() -> None:
    terraform = Targeted(aws({}))
    again = record("2", "old", eventName="CreateService", eventTime="2026-01-02T03:05:05Z")
    again["requestParameters"] = {"serviceName": "old", "cluster": "prod", "desiredCount": 3}
    report = cycle(world(terraform.answer), terraform, Feed(GONE, again, record("3", "web")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ())]
    assert seen(report) == {"aws_ecs_service.web": "healed", "aws_ecs_service.old": "healed"}


@pytest.mark.parametrize(
    "event",
    [
        record("2", "", eventName="UpdateCluster", requestParameters={"cluster": "prod"}),
        record("2", "new", eventName="UpdateService"),
    ],
    ids=["what the deleted one depends on", "what depends on it"],
)
def test_what_cannot_be_planned_without_the_deleted_one_waits_for_it(event: dict[str, Any]) -> None:
    terraform = Targeted(aws({"old": None}))
    beside = replace(service("prod", "new"), dependencies=(CLUSTER, "aws_ecs_service.old"))
    cycle(world(terraform.answer, beside), terraform, Feed(GONE, event), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ())]


def test_without_a_deletion_a_workspace_has_one_refresh_only_plan() -> None:
    terraform = Targeted(aws({"web": 5, "api": 5}))
    cycle(world(terraform.answer), terraform, Feed(record("2", "web"), record("3", "api")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ()), ("prod", "full", ())]


def test_a_large_workspace_says_still_what_was_not_looked_at() -> None:
    terraform = Targeted(aws({"web": 5, "old": None}))
    resources = [*many("prod", NARROW_FROM)[1:], cluster("prod"), placed("web"), placed("old")]
    report = cycle(World(terraform.answer, prod=resources), terraform, Feed(GONE, record("2", "web")), SERIAL)
    (deleted,) = (finding for finding in report.findings if finding.status == "deleted")
    assert "was not looked at" in deleted.reason


def test_a_slow_plan_that_fails_leaves_the_quick_ones_finding() -> None:
    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        if not targets:
            raise TerraformError("terraform plan was ended after 900 s")
        return aws({"web": 5})(workspace, kind, targets=targets)

    memory = Memory()
    report = world(plan).run(Feed(GONE, record("2", "web")), memory, policy=SERIAL)
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "not_checked"}
    assert (memory.handled, set(memory.waiting)) == ({"2"}, {"1"})
