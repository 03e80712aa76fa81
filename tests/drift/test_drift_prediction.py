"""What events would have done: told from the call and the state alone, and nothing told that no call asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.drift import predict
from reconciler.model import ChangeEvent, Drift, ResourceId, render_path
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012"
SERVICE: dict[str, Any] = {
    "id": f"{ARN}:service/prod/web",
    "name": "web",
    "cluster": f"{ARN}:cluster/prod",
    "desired_count": 3,
    "task_definition": f"{ARN}:task-definition/web:1",
    "enable_execute_command": False,
    "force_new_deployment": None,
    "health_check_grace_period_seconds": 0,
    "load_balancer": [],
    "network_configuration": [
        {"assign_public_ip": False, "security_groups": ["sg-1"], "subnets": ["subnet-1", "subnet-2"]}
    ],
    "deployment_circuit_breaker": [{"enable": False, "rollback": False}],
    "tags": {"team": "shop"},
}
START = datetime(2026, 1, 2, tzinfo=UTC)


def event(name: str, requested: dict[str, Any] | None = None, *, at: int = 0, **identity: Any) -> ChangeEvent:
    who = {"type": "aws_ecs_service", "cluster": "prod", "name": "web", **identity}
    time = START + timedelta(seconds=at)
    return change_event(ResourceId(**who), id=f"{name}@{at}", name=name, time=time, requested=requested or {})


def told(*events: ChangeEvent, state: dict[str, Any] = SERVICE) -> Drift | None:
    return predict("aws_ecs_service.web", "aws_ecs_service", state, events)


def changes(*events: ChangeEvent) -> dict[str, tuple[Any, Any]]:
    drift = told(*events)
    return {render_path(each.path): (each.state, each.live) for each in drift.changes} if drift else {}


def test_a_count_is_told_with_the_event_that_asked_for_it() -> None:
    drift = told(event("UpdateService", {"desired_count": 5}))
    assert drift is not None
    (change,) = drift.changes
    assert (change.path, change.state, change.live, change.event_id) == (("desired_count",), 3, 5, "UpdateService@0")
    assert not drift.deleted


@pytest.mark.parametrize(
    "requested",
    [
        {"desired_count": 3},
        {"force_new_deployment": True},
        {"desired_count": None},
        {"load_balancer": [], "health_check_grace_period_seconds": None},
        {"task_definition": "web:1"},
        {"task_definition": "web"},
        {"network_configuration": {"subnets": ["subnet-2", "subnet-1"]}},
        {"nobody_knows": 5},
    ],
    ids=["the same", "an order", "null", "empty", "the same revision", "a bare family", "another order", "unknown"],
)
def test_a_call_that_asks_for_what_is_there_predicts_nothing(requested: dict[str, Any]) -> None:
    assert told(event("UpdateService", requested)) is None


def test_the_last_of_several_calls_counts() -> None:
    assert changes(
        event("UpdateService", {"desired_count": 9}, at=1), event("UpdateService", {"desired_count": 4}, at=2)
    ) == {"desired_count": (3, 4)}
    assert (
        told(event("UpdateService", {"desired_count": 9}, at=1), event("UpdateService", {"desired_count": 3}, at=2))
        is None
    )


def test_a_structure_keeps_the_parts_that_the_call_does_not_name() -> None:
    found = changes(
        event(
            "UpdateService",
            {
                "network_configuration": {"subnets": ["subnet-3"]},
                "deployment_circuit_breaker": {"enable": True, "rollback": False},
            },
        )
    )
    assert found == {
        "network_configuration[0].subnets": (["subnet-1", "subnet-2"], ["subnet-3"]),
        "deployment_circuit_breaker[0].enable": (False, True),
    }


@pytest.mark.parametrize("reference", ["web:2", f"{ARN}:task-definition/web:2"])
def test_a_revision_has_the_form_that_the_plan_will_give_it(reference: str) -> None:
    found = changes(event("UpdateService", {"task_definition": reference}))
    assert found == {"task_definition": (f"{ARN}:task-definition/web:1", f"{ARN}:task-definition/web:2")}


def test_tags_that_the_call_does_not_name_stay() -> None:
    assert changes(event("TagResource", {"tags": {"by": "me"}})) == {"tags[by]": (None, "me")}
    assert changes(event("UntagResource", {"tags": {"team": None}})) == {"tags[team]": ("shop", None)}


def test_a_deletion_is_told() -> None:
    drift = told(event("DeleteService"))
    assert drift is not None
    assert (drift.deleted, drift.changes) == (True, ())


def test_what_was_created_again_is_not_deleted_but_what_was_asked_for() -> None:
    deleted, created = event("DeleteService", at=1), event("CreateService", {"desired_count": 1}, at=2)
    assert changes(created, deleted) == {"desired_count": (3, 1)}
    again = told(deleted, created, event("DeleteService", at=3))
    assert again is not None
    assert again.deleted


def test_the_deletion_of_something_else_deletes_nothing() -> None:
    other = event("DeleteTaskSet", type="aws_ecs_task_set")
    assert told(other) is None


DEFINITION = {"arn": f"{ARN}:task-definition/web:1", "family": "web", "revision": 1, "cpu": "256"}


def told_of_definition(name: str, revision: int, requested: dict[str, Any]) -> Drift | None:
    arn = f"{ARN}:task-definition/web:{revision}"
    happened = event(name, requested, type="aws_ecs_task_definition", family="web", revision=revision, arn=arn)
    return predict("aws_ecs_task_definition.web", "aws_ecs_task_definition", {**DEFINITION, "tags": {}}, [happened])


@pytest.mark.parametrize(
    ("name", "revision", "deleted"),
    [
        ("DeregisterTaskDefinition", 1, True),
        ("DeleteTaskDefinitions", 1, True),
        ("DeregisterTaskDefinition", 2, False),
        ("RegisterTaskDefinition", 2, False),
        ("RegisterTaskDefinition", 1, False),
    ],
)
def test_a_task_definition_is_gone_with_its_own_revision_only(name: str, revision: int, deleted: bool) -> None:
    drift = told_of_definition(name, revision, {"cpu": "512"})
    assert (drift is not None and drift.deleted) is deleted
    assert deleted or drift is None


def test_a_tag_of_another_revision_is_not_the_managed_ones() -> None:
    tagged = told_of_definition("TagResource", 1, {"tags": {"by": "me"}})
    assert tagged is not None
    assert [render_path(each.path) for each in tagged.changes] == ["tags[by]"]
    assert told_of_definition("TagResource", 2, {"tags": {"by": "me"}}) is None


MOVED = {"task_definition": "web:2"}


@pytest.mark.parametrize(
    "later",
    [
        event("UpdateService", {"task_definition": "web:1"}, at=2),
        event("UpdateService", {"task_definition": "web"}, at=2),
        replace(event("StopServiceDeployment", at=2), touches=("task_definition",)),
        replace(event("UpdateServicePrimaryTaskSet", at=2), touches=("task_definition", "load_balancer")),
    ],
    ids=["put back", "the latest, whichever that is", "rolled back", "another task set"],
)
def test_what_a_later_call_put_back_or_left_open_is_not_told(later: ChangeEvent) -> None:
    assert told(event("UpdateService", MOVED, at=1), later) is None
    assert set(changes(event("UpdateService", {**MOVED, "desired_count": 5}, at=1), later)) == {"desired_count"}


def test_what_a_later_call_asked_for_again_is_told() -> None:
    stopped = replace(event("StopServiceDeployment", at=1), touches=("task_definition",))
    assert set(changes(stopped, event("UpdateService", MOVED, at=2))) == {"task_definition"}


def test_a_task_set_shows_in_its_service_once_it_is_the_primary_one() -> None:
    made = event("CreateTaskSet", MOVED, type="aws_ecs_task_set", service="web")
    assert told(made) is None


def test_the_setting_of_one_user_does_not_end_the_accounts_default() -> None:
    state = {"name": "containerInsights", "value": "enabled"}
    removed = event("DeleteAccountSetting", type="aws_ecs_account_setting_default")
    removed = replace(removed, touches=("value",))
    assert predict("aws_ecs_account_setting_default.a", "aws_ecs_account_setting_default", state, [removed]) is None
