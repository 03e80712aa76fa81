"""Who gave what to a task definition that several people registered revisions of, each on top of the latest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.drift import attribute_events
from reconciler.model import Actor, AttributeChange, AttributePath, ChangeEvent, Drift, Member, ResourceId
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/job:"
IMAGE: AttributePath = ("container_definitions", Member("app"), "image")
MEMORY: AttributePath = ("container_definitions", Member("app"), "memory")
VALUE: AttributePath = ("container_definitions", Member("app"), "environment", Member("A"), "value")


def event(second: int, name: str, resource: ResourceId, **members: Any) -> ChangeEvent:
    time = datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)
    return change_event(resource, id=f"e{second}", name=name, time=time, **members)


def registers(second: int, revision: int, **container: Any) -> ChangeEvent:
    definition = {
        "taskDefinitionArn": f"{ARN}{revision}",
        "family": "job",
        "containerDefinitions": [{"name": "app", "image": "job:1", "memory": 128, **container}],
    }
    kind = ResourceId(type="aws_ecs_task_definition", family="job", revision=revision)
    return event(second, "RegisterTaskDefinition", kind, response={"taskDefinition": definition})


def moves(second: int, revision: int) -> ChangeEvent:
    requested = {"task_definition": f"job:{revision}"}
    return event(second, "UpdateService", ResourceId(type="aws_ecs_service", name="a"), requested=requested)


def givers(*events: ChangeEvent, service: bool, state: int = 1, live: int = 3) -> tuple[str | None, ...]:
    """Return who gave the image and the memory, which are another one than the state has."""
    name = "task_definition" if service else "arn"
    changes = (
        AttributeChange(path=IMAGE, state="job:1", live="job:5"),
        AttributeChange(path=MEMORY, state=128, live=256),
    )
    drift = Drift(
        address="x.y",
        type="aws_ecs_service" if service else "aws_ecs_task_definition",
        deleted=False,
        changes=changes,
        before={name: f"{ARN}{state}"},
        live={name: f"{ARN}{live}"},
    )
    return tuple(change.event_id for change in attribute_events(drift, events).changes)


FIRST = registers(1, 2, image="job:5")
LAST = registers(3, 3, image="job:5", memory=256)


def test_each_gave_what_was_new_in_the_revision_that_they_registered() -> None:
    assert givers(FIRST, LAST, service=False) == ("e1", "e3")
    assert givers(FIRST, moves(2, 2), LAST, moves(4, 3), service=True) == ("e1", "e3")


def test_what_another_took_back_in_between_is_given_by_the_last() -> None:
    other = registers(2, 3, image="job:4")
    last = registers(3, 4, image="job:5", memory=256)
    assert givers(FIRST, other, last, service=False, live=4) == ("e3", "e3")


def test_a_service_got_nothing_from_a_revision_that_it_never_ran_or_left_for_the_states() -> None:
    assert givers(FIRST, LAST, moves(4, 3), service=True) == ("e3", "e3")
    assert givers(FIRST, moves(2, 2), moves(3, 1), LAST, moves(4, 3), service=True) == ("e3", "e3")
    assert givers(FIRST, moves(2, 2), moves(4, 3), service=True) == ("e4", "e4")


def test_what_was_registered_before_the_states_revision_or_after_the_live_one_says_nothing() -> None:
    assert givers(FIRST, LAST, service=False, state=2) == ("e3", "e3")
    assert givers(FIRST, registers(4, 4, image="job:6"), service=False, live=2) == ("e1", "e1")


def test_what_records_blank_out_is_the_last_ones() -> None:
    def environment(second: int, revision: int) -> ChangeEvent:
        return registers(second, revision, environment=[{"name": "A", "value": "***REDACTED***"}])

    change = AttributeChange(path=VALUE, state="1", live="2")
    drift = Drift(
        address="x.y",
        type="aws_ecs_task_definition",
        deleted=False,
        changes=(change,),
        before={"arn": f"{ARN}1"},
        live={"arn": f"{ARN}3"},
    )
    found = attribute_events(drift, (environment(1, 2), environment(3, 3)))
    assert found.changes[0].event_id == "e3"


@pytest.mark.parametrize(("second", "giver"), [(1, "e1"), (20, None)], ids=["this registration", "a later one"])
def test_one_revision_is_given_by_one_registration_that_was_told_before_of_a_part_of_it(
    second: int, giver: str | None
) -> None:
    alice = Actor(kind="iam_user", name="alice", arn="arn:aws:iam::123456789012:user/alice")
    said = {"registeredBy": alice.arn, "registeredAt": datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)}
    changes = (
        AttributeChange(path=IMAGE, state="job:1", live="job:5"),
        AttributeChange(path=MEMORY, state=128, live=256),
    )
    sides = ({"task_definition": f"{ARN}{revision}"} for revision in (1, 3))
    drift = Drift(
        address="x.y",
        type="aws_ecs_service",
        deleted=False,
        changes=changes,
        **dict(zip(("before", "live"), sides, strict=True)),
    )
    known = {MEMORY: [replace(LAST, id="e1", time=FIRST.time, actor=alice)]}
    told = attribute_events(drift, [moves(9, 3)], known=known, revision=said)
    assert [change.event_id for change in told.changes] == [giver, "e1"]
