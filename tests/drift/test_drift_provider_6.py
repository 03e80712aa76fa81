"""What a refresh by provider 6 adds to a state that provider 5 wrote.

From the source of hashicorp/aws 6.x, internal/service/ecs/service.go, and its schema: the suite runs with provider 5.
"""

from __future__ import annotations

from typing import Any

import pytest
from noise_cases import paths
from noise_names import SERVICE, TASK

HOOK = {"hook_target_arn": "arn:aws:lambda:eu-west-1:1:function:a", "lifecycle_stages": ["PRE_SCALE_UP"]}
OTHER_HOOK = {"hook_target_arn": "arn:aws:lambda:eu-west-1:1:function:b", "lifecycle_stages": ["PRE_SCALE_UP"]}


def deployment(**settings: Any) -> dict[str, Any]:
    return {"deployment_configuration": [settings]}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param(TASK, {}, {"region": "eu-west-1"}, id="each resource gets its region"),
        pytest.param("aws_appautoscaling_target", {"region": None}, {"region": "eu-west-1"}, id="a null region"),
        pytest.param(
            SERVICE,
            {"deployment_configuration": []},
            deployment(strategy="ROLLING", bake_time_in_minutes="0", lifecycle_hook=[], linear_configuration=[]),
            id="how every service is deployed that says nothing",
        ),
        pytest.param(
            SERVICE, deployment(bake_time_in_minutes=""), deployment(bake_time_in_minutes="0"), id="no time to bake"
        ),
        pytest.param(SERVICE, deployment(bake_time_in_minutes=""), deployment(bake_time_in_minutes=0), id="a number"),
        pytest.param(
            SERVICE,
            deployment(lifecycle_hook=[HOOK, OTHER_HOOK]),
            deployment(lifecycle_hook=[OTHER_HOOK, HOOK]),
            id="hooks are a set",
        ),
    ],
)
def test_it_is_no_drift(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert paths(kind, before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"region": "eu-west-1"}, {"region": "eu-west-2"}, ["region"], id="another region"),
        pytest.param(
            {"deployment_configuration": []},
            deployment(strategy="BLUE_GREEN", bake_time_in_minutes="0"),
            ["deployment_configuration[0]"],
            id="another strategy",
        ),
        pytest.param(
            deployment(bake_time_in_minutes="0"),
            deployment(bake_time_in_minutes="10"),
            ["deployment_configuration[0].bake_time_in_minutes"],
            id="time to bake",
        ),
        pytest.param(
            deployment(lifecycle_hook=[HOOK]),
            deployment(lifecycle_hook=[OTHER_HOOK]),
            ["deployment_configuration[0].lifecycle_hook[0].hook_target_arn"],
            id="another hook",
        ),
    ],
)
def test_what_somebody_changed_is(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert paths(SERVICE, before, after) == expected
