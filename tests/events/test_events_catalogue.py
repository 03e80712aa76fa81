"""The catalogue against botocore's models: a newer botocore shows what is new."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import botocore.session
import pytest

from reconciler.events import CATALOGUE, Call, terraform_types

MODELS = {
    "ecs.amazonaws.com": "ecs",
    "autoscaling.amazonaws.com": "application-autoscaling",
    "servicediscovery.amazonaws.com": "servicediscovery",
    "iam.amazonaws.com": "iam",
}
WHOLE = ("ecs.amazonaws.com", "autoscaling.amazonaws.com")
"""Services of which every call is classified; of the others only what can change something that ECS uses."""
CHANGES = [call for call in CATALOGUE.values() if call.classification == "change"]


@cache
def model(source: str) -> Any:
    return botocore.session.get_session().get_service_model(MODELS[source])


def unclassified(source: str, operations: Iterable[str]) -> list[str]:
    return [name for name in operations if (source, name) not in CATALOGUE]


def shape_at(shape: Any, path: str) -> Any:
    for step in path.split("."):
        name = step.removesuffix("[]")
        # CloudTrail writes Application Auto Scaling's members with a small first letter.
        names = {member[0].lower() + member[1:]: value for member, value in shape.members.items()}
        shape = names[name[0].lower() + name[1:]]
        if step.endswith("[]"):
            shape = shape.member
    return shape


def named(call: Call) -> str:
    return f"{call.source.partition('.')[0]}-{call.name}"


@pytest.mark.parametrize("call", [c for c in CATALOGUE.values() if c.source not in WHOLE], ids=named)
def test_a_listed_call_of_another_service_is_in_its_api(call: Call) -> None:
    assert call.name in model(call.source).operation_names


@pytest.mark.parametrize("source", WHOLE)
def test_every_operation_of_the_api_is_classified(source: str) -> None:
    assert unclassified(source, model(source).operation_names) == []


def test_an_operation_that_nobody_classified_is_noticed() -> None:
    assert unclassified("ecs.amazonaws.com", ["UpdateService", "InventService"]) == ["InventService"]


@pytest.mark.parametrize("call", CHANGES, ids=named)
def test_what_a_change_reads_is_in_the_api(call: Call) -> None:
    operation = model(call.source).operation_model(call.name)
    for resource in call.resources:
        for shape, path in ((operation.input_shape, resource.request), (operation.output_shape, resource.response)):
            assert not path or shape_at(shape, path).type_name == "string", path
    for path in call.attributes:
        assert shape_at(operation.input_shape, path) is not None


@pytest.mark.parametrize("call", CHANGES, ids=named)
def test_a_change_names_resources_and_says_what_it_does(call: Call) -> None:
    assert call.resources
    assert call.description.endswith(".")
    assert "\n" not in call.description
    assert not call.attributes or terraform_types(call) or call.resources[0].kind == "any"


@pytest.mark.parametrize("call", [c for c in CATALOGUE.values() if c.classification == "runtime"], ids=named)
def test_a_runtime_call_says_why_it_is_no_configuration(call: Call) -> None:
    assert len(call.description) > 20
    assert not call.attributes


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("UpdateService", ("aws_ecs_service",)),
        ("PutClusterCapacityProviders", ("aws_ecs_cluster_capacity_providers",)),
        ("UpdateServicePrimaryTaskSet", ("aws_ecs_service", "aws_ecs_task_set")),
        ("DeregisterContainerInstance", ()),
        ("ExecuteCommand", ()),
    ],
)
def test_the_terraform_types_that_a_call_can_change(name: str, types: tuple[str, ...]) -> None:
    assert terraform_types(CATALOGUE["ecs.amazonaws.com", name]) == types


ENDS_ONLY_A_PART = {
    "DeleteAccountSetting",
    "DeleteAttributes",
    "DeletePolicyVersion",
    "DeleteRolePermissionsBoundary",
}
"""Calls that take something off a resource that stays."""


@pytest.mark.parametrize("call", CHANGES, ids=named)
def test_a_call_that_ends_its_resource_says_so(call: Call) -> None:
    ends = call.name.startswith(("Delete", "Deregister", "Detach")) and call.name not in ENDS_ONLY_A_PART
    assert (call.effect == "ends") is ends
    assert call.effect != "makes" or call.name.startswith(("Create", "Register", "Put", "Attach"))


def test_what_exists_with_something_else_or_stays_is_not_made() -> None:
    for name in ("PutClusterCapacityProviders", "PutAccountSettingDefault", "PutAttributes", "TagResource"):
        assert CATALOGUE["ecs.amazonaws.com", name].effect == "changes"
