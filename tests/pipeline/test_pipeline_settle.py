"""When an event is old enough: quiet resources go on, busy ones wait, and none waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.model import ChangeEvent, ResourceId
from reconciler.pipeline.settle import MOST, Settling, settle
from tests.change_events import change_event

NOW = datetime(2026, 1, 2, 3, 0, 0, tzinfo=UTC)
WINDOW = timedelta(seconds=60)


def service(name: str) -> ResourceId:
    return ResourceId(type="aws_ecs_service", cluster="prod", name=name)


def family(name: str) -> ResourceId:
    return ResourceId(type="aws_ecs_task_definition", family=name)


def event(name: str, age: float, *resources: ResourceId, region: str = "us-east-1", **requested: Any) -> ChangeEvent:
    return change_event(*resources, id=name, time=NOW - timedelta(seconds=age), region=region, requested=requested)


def settled(*events: ChangeEvent, handed_over: frozenset[str] = frozenset()) -> Settling:
    in_order = sorted(events, key=lambda each: each.time)
    return settle(in_order, {each.id for each in events} - handed_over, WINDOW, NOW)


def ids(events: tuple[ChangeEvent, ...]) -> set[str]:
    return {each.id for each in events}


def test_a_busy_resource_waits_and_a_quiet_one_beside_it_does_not() -> None:
    result = settled(event("busy", 10, service("web")), event("quiet", 61, service("api")))
    assert (ids(result.ready), ids(result.held)) == ({"quiet"}, {"busy"})
    assert result.until == NOW + timedelta(seconds=50)


def test_the_newest_event_holds_the_older_ones_of_its_resource() -> None:
    result = settled(event("old", 100, service("web")), event("new", 5, service("web")))
    assert ids(result.held) == {"old", "new"}


@pytest.mark.parametrize(
    "other",
    [
        event("new", 5, service("api")),
        event("new", 5, service("web"), region="eu-west-1"),
        event("new", 5, ResourceId(type="aws_ecs_service", cluster="stage", name="web")),
        event("new", 5, ResourceId(type="aws_appautoscaling_target", cluster="prod", service="web")),
    ],
    ids=["another name", "another region", "another cluster", "another type"],
)
def test_somebody_elses_event_holds_nothing(other: ChangeEvent) -> None:
    assert ids(settled(event("old", 100, service("web")), other).ready) == {"old"}


def test_a_resource_that_never_rests_is_looked_at_after_ten_windows() -> None:
    first = MOST * WINDOW.total_seconds()
    assert settled(event("first", first, service("web")), event("last", 1, service("web"))).held == ()
    just_before = settled(event("first", first - 1, service("web")), event("last", 1, service("web")))
    assert ids(just_before.held) == {"first", "last"}
    assert just_before.until == NOW + timedelta(seconds=1)


@pytest.mark.parametrize("reference", ["web:2", "web", "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2"])
def test_a_registration_and_the_move_to_it_settle_together(reference: str) -> None:
    registered = event("register", 70, family("web"))
    moved = event("move", 50, service("front"), task_definition=reference)
    again = event("scale", 5, service("front"), desired_count=3)
    assert ids(settled(registered, moved, again).held) == {"register", "move", "scale"}


def test_records_that_are_handed_over_never_wait() -> None:
    result = settled(event("mine", 1, service("web")), handed_over=frozenset({"mine"}))
    assert (ids(result.ready), result.held, result.until) == ({"mine"}, (), None)


def test_an_event_from_a_clock_ahead_of_ours_waits_one_window() -> None:
    result = settled(event("a", -30, service("web")))
    assert result.until == NOW + WINDOW


def test_an_event_from_the_far_future_does_not_wait_for_it_nor_hold_up_its_resource() -> None:
    assert ids(settled(event("a", -86_400, service("web"))).ready) == {"a"}
    assert ids(settled(event("a", -86_400, service("web")), event("b", 61, service("web"))).ready) == {"a", "b"}
    assert ids(settled(event("a", -86_400, service("web")), event("b", 59, service("web"))).held) == {"a", "b"}


def test_nothing_waits_without_a_window() -> None:
    assert settle([event("a", 0, service("web"))], {"a"}, timedelta(0), NOW).held == ()


def test_an_event_that_names_no_resource_waits_for_itself_only() -> None:
    assert ids(settled(event("a", 100), event("b", 5)).ready) == {"a"}
