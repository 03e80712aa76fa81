"""A container's secret by a parameter's name, and by its ARN."""

from __future__ import annotations

from typing import Any

import pytest
from noise_cases import containers, paths
from noise_names import REVISION_ARN, TASK

from reconciler.drift import compare_task_definitions

PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/db"


def secret(value: str) -> dict[str, Any]:
    return {"name": "a", "secrets": [{"name": "DB", "valueFrom": value}]}


def option(value: str) -> dict[str, Any]:
    return {"name": "a", "logConfiguration": {"secretOptions": [{"name": "key", "valueFrom": value}]}}


def differ(name: str, arn: str, make: Any = secret, own: str = REVISION_ARN) -> bool:
    sides = ({"arn": own, **containers(make(value))} for value in (name, arn))
    return bool(paths(TASK, *sides))


@pytest.mark.parametrize("make", [secret, option])
def test_a_parameter_of_the_tasks_own_region_goes_by_both(make: Any) -> None:
    assert not differ("/db", PARAMETER, make)
    assert not differ(PARAMETER, "db", make)
    assert not differ("/shop/db", f"{PARAMETER[:-2]}shop/db", make)
    assert not differ("/db", "arn:aws-cn:ssm:x:1:parameter/db", make, own="arn:aws-cn:ecs:x:1:task-definition/web:2")


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        pytest.param("/db", f"{PARAMETER}2", id="another parameter"),
        pytest.param("/db", PARAMETER.replace("us-east-1", "eu-west-1"), id="another Region"),
        pytest.param("/db", PARAMETER.replace("1234", "4321"), id="another account"),
        pytest.param("/db", PARAMETER.replace(":ssm:", ":secretsmanager:"), id="another service"),
        pytest.param("db", PARAMETER.replace("/db", "/shop/db"), id="one further down"),
        pytest.param(PARAMETER, f"{PARAMETER}:2", id="two ARNs"),
    ],
)
def test_another_secret_is_another(name: str, arn: str) -> None:
    assert differ(name, arn)


def test_nobody_knows_whose_a_name_is_without_the_tasks_arn() -> None:
    assert differ("/db", PARAMETER, own="")
    assert differ("/db", PARAMETER, lambda value: {"name": "a", "command": [value]})
    assert differ("/db", PARAMETER, lambda value: {"name": "a", "environment": [{"name": "valueFrom", "value": value}]})


def test_a_revision_that_names_a_parameter_otherwise_has_the_same_content() -> None:
    def changed(value: str) -> bool:
        live = {"family": "web", "containerDefinitions": [secret(value)], "taskDefinitionArn": REVISION_ARN}
        managed = {"family": "web", "arn": REVISION_ARN[:-1] + "1", **containers(secret("/db")), "network_mode": None}
        return bool(compare_task_definitions(managed, live))

    assert not changed(PARAMETER)
    assert changed(f"{PARAMETER}2")
