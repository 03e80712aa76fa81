"""Who moved a service to its revision, and who gave the revision what is inside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from attribution_cases import ARN, IMAGE, event, explained

from reconciler.model import Member, ResourceId


@pytest.mark.parametrize("requested", ["web:2", ARN + "2", "web"])
def test_a_revision_by_any_of_its_names(requested: str) -> None:
    for live in ("web:2", ARN + "2"):
        assert explained({"task_definition": live}, ("task_definition",), event(1, task_definition=requested))


@pytest.mark.parametrize("requested", ["web:1", ARN + "3", "we", "other"])
def test_another_revision_explains_nothing(requested: str) -> None:
    live = {"task_definition": ARN + "2"}
    assert explained(live, ("task_definition",), event(1, task_definition=requested)) is None


def test_what_is_inside_a_revision_was_set_by_its_registration() -> None:
    events = [
        event(1, "RegisterTaskDefinition", ARN + "2", family="web"),
        event(2, "RegisterTaskDefinition", ARN + "3", family="web"),
        event(3, task_definition="web:2"),
    ]
    assert explained({"task_definition": "web:2"}, IMAGE, *events) == "event-1"
    assert explained({"task_definition": ARN + "3"}, IMAGE, *events) == "event-2"
    assert explained({"task_definition": ARN + "4"}, IMAGE, *events) is None
    assert explained({"arn": ARN + "3"}, IMAGE, *events, type="aws_ecs_task_definition") == "event-2"


def test_whoever_moved_the_service_gave_it_what_was_registered_long_before() -> None:
    live = {"task_definition": ARN + "3"}
    assert explained(live, IMAGE, event(1, task_definition="web:2"), event(3, task_definition="web:3")) == "event-3"
    primary = replace(event(4, "UpdateServicePrimaryTaskSet"), touches=("task_definition",))
    assert explained(live, IMAGE, primary) == "event-4"


def test_who_moved_the_service_elsewhere_or_not_at_all_did_not() -> None:
    live = {"task_definition": ARN + "3"}
    assert explained(live, IMAGE, event(1, task_definition="web:2"), event(2, desired_count=5)) is None
    assert explained(live, IMAGE, event(1, task_definition="web:3"), event(2, task_definition="web:2")) is None
    moved = event(1, task_definition="web:3")
    assert explained({"arn": ARN + "3"}, IMAGE, moved, type="aws_ecs_task_definition") is None


def test_a_revisions_tag_was_set_by_who_tagged_it_and_not_by_its_registration() -> None:
    arn, path = f"{ARN}2", ("tags", Member("Team"))
    live = {"arn": arn, "tags": {"Team": "sales"}}
    for first, giver in (("shop", "event-2"), ("sales", "event-1")):
        made = event(1, "RegisterTaskDefinition", arn, family="web", tags={"Team": first})
        tagged = event(2, "TagResource", arn, tags={"Team": "sales"})
        assert explained(live, path, made, tagged, type="aws_ecs_task_definition") == giver


@pytest.mark.parametrize("answer", ["a", 5, ["a"], {"taskDefinitionArn": 5}])
def test_an_answer_of_a_form_that_no_service_gives_explains_nothing(answer: Any) -> None:
    odd = replace(event(1, "RegisterTaskDefinition"), response={"taskDefinition": answer})
    assert explained({"task_definition": f"{ARN}2"}, IMAGE, odd) is None
    assert explained({"arn": f"{ARN}2"}, IMAGE, odd, type="aws_ecs_task_definition") is None


@pytest.mark.parametrize("family", ["web", ARN.removesuffix(":")])
def test_a_family_means_the_latest_revision_of_its_time(family: str) -> None:
    events = [
        event(1, task_definition=family),
        event(2, "RegisterTaskDefinition", ARN + "3", family="web"),
        event(3, task_definition=family),
    ]
    assert explained({"task_definition": ARN + "3"}, ("task_definition",), *events) == "event-3"
    assert explained({"task_definition": ARN + "3"}, ("task_definition",), *events[:2]) is None
    assert explained({"task_definition": ARN + "3"}, ("task_definition",), *events[1:]) == "event-3"


def test_the_primary_task_set_decides_and_not_the_one_that_was_created() -> None:
    task_set = (ResourceId(type="aws_ecs_task_set", cluster="prod", service="web"),)
    service = ResourceId(type="aws_ecs_service", cluster="prod", name="web")
    created = replace(event(1, "CreateTaskSet", task_definition=f"{ARN}2", desired_count=9), resources=task_set)
    primary = replace(
        event(2, "UpdateServicePrimaryTaskSet"),
        resources=(service, *task_set),
        touches=("task_definition", "load_balancer"),
    )
    live = {"task_definition": f"{ARN}2", "desired_count": 9, "load_balancer": []}
    assert explained(live, ("task_definition",), created, primary) == "event-2"
    assert explained(live, ("load_balancer", Member(0)), created, primary) == "event-2"
    assert explained(live, ("desired_count",), created, primary) is None


def test_a_stopped_deployment_explains_only_what_nobody_asked_for() -> None:
    stopped = replace(event(5, "StopServiceDeployment"), touches=("task_definition",))
    live = {"task_definition": f"{ARN}2"}
    assert explained(live, ("task_definition",), event(1, task_definition=f"{ARN}2"), stopped) == "event-1"
    assert explained(live, ("task_definition",), event(1, task_definition=f"{ARN}3"), stopped) == "event-5"
    assert explained(live, ("desired_count",), stopped) is None


def test_of_calls_that_only_may_have_changed_it_the_last_counts() -> None:
    first, last = (replace(event(second, "StopServiceDeployment"), touches=("task_definition",)) for second in (4, 5))
    assert explained({"task_definition": f"{ARN}2"}, ("task_definition",), first, last) == "event-5"
