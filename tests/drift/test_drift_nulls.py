"""What Terraform takes for an attribute that is not there: an expression that is null, as the code tells."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.drift import dispose, read_drifts
from reconciler.model.plan_changes import UNKNOWN

SERVICE = "aws_ecs_service"
NEW = {"references": ["local.settings"]}


@pytest.mark.parametrize(
    ("expression", "said", "fate"),
    [
        (NEW, None, "unset"),
        (NEW, "1.3.0", "matching"),
        (NEW, UNKNOWN, "matching"),
        ({"constant_value": "1.3.0"}, None, "matching"),
    ],
)
def test_what_the_code_gives_as_null_is_left_to_aws(expression: Any, said: Any, fate: str) -> None:
    values = [{"platform_version": version} for version in ("LATEST", "1.3.0")]
    entry = {"address": f"{SERVICE}.x", "mode": "managed", "type": SERVICE}
    resource = {"address": f"{SERVICE}.x", "expressions": {"platform_version": expression}}
    plan = {
        "resource_drift": [{**entry, "change": {"actions": ["update"], "before": values[0], "after": values[1]}}],
        "configuration": {"root_module": {"resources": [resource]}},
    }
    (drift,) = dispose(read_drifts(plan), plan, {}, says=lambda _address, _name: said)
    assert [change.disposition for change in drift.changes] == [fate]


def test_the_code_is_asked_of_nothing_that_the_plan_decides() -> None:
    def says(address: str, name: str) -> Any:
        raise AssertionError(f"{address}.{name}")

    was, now = ({"desired_count": each, "platform_version": str(each), "tags": {"A": str(each)}} for each in (1, 2))
    entry = {"address": f"{SERVICE}.x", "mode": "managed", "type": SERVICE}
    resource = {"address": f"{SERVICE}.x", "expressions": {"desired_count": NEW, "tags": NEW}}
    drifted = {**entry, "change": {"actions": ["update"], "before": was, "after": now}}
    planned = {**entry, "change": {"actions": ["update"], "before": now, "after": {**now, "desired_count": 1}}}
    plan = {
        "resource_drift": [drifted],
        "resource_changes": [planned],
        "configuration": {"root_module": {"resources": [resource]}},
    }
    (drift,) = dispose(read_drifts(plan), plan, {}, says=says)
    assert [change.disposition for change in drift.changes] == ["reverting", "unset", "matching"]
