"""A resource that Terraform refuses to plan hides no other one's drift; any other failure is everybody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from apart_world import CLUSTER, SERIAL, Targeted, aws, seen, world
from pipeline_world import Feed, record, service
from planned_cycle import cycle

from reconciler.errors import TerraformError
from reconciler.model import Plan, Workspace


def refusing(refusal: str, live: dict[str, int | None]) -> Callable[..., Plan]:
    """Return a terraform that refuses every full plan with `web` in it."""

    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        if kind == "full" and (not targets or "aws_ecs_service.web" in targets):
            raise TerraformError(f"terraform plan failed in prod: {refusal}")
        return aws(live)(workspace, kind, targets=targets, **options)

    return plan


PREVENTED = "Instance cannot be destroyed: Resource aws_ecs_service.web has lifecycle.prevent_destroy set"


def test_a_resource_that_cannot_be_applied_hides_no_other_ones_drift() -> None:
    terraform = Targeted(refusing(PREVENTED, {"web": 5, "api": 4}))
    report = cycle(world(terraform.answer), terraform, Feed(record("1", "web"), record("2", "api")), SERIAL)
    assert [each[1:] for each in terraform.made] == [
        ("refresh-only", ()),
        ("full", ()),
        ("full", ("aws_ecs_service.api",)),
    ]
    assert seen(report) == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "drift"}
    (refused,) = (finding for finding in report.findings if finding.status == "not_checked")
    assert PREVENTED in refused.reason
    assert "a refresh-only plan found that desired_count of aws_ecs_service.web differs" in refused.reason
    assert "aws_ecs_service.api" not in refused.reason
    assert report.problems == (refused.reason,)
    assert report.plans.full == 2


@pytest.mark.parametrize(
    ("refusal", "live", "full_plans"),
    [
        ("Invalid reference", {"web": 5, "api": 4}, 1),
        (PREVENTED.replace("service.web", "service.web2"), {"web": 5, "api": 4}, 1),
        (PREVENTED.replace("aws_ecs", "module.shop.aws_ecs"), {"web": 5, "api": 4}, 1),
        (PREVENTED, {"web": 5}, 1),
        (PREVENTED, {"web": 5, "new": 4}, 1),
    ],
    ids=["names nothing", "names another one", "names a module's", "nothing else drifted", "what did depends on it"],
)
def test_any_other_failure_is_everybodys(refusal: str, live: dict[str, int | None], full_plans: int) -> None:
    terraform = Targeted(refusing(refusal, live))
    beside = replace(service("prod", "new"), dependencies=(CLUSTER, "aws_ecs_service.web"))
    report = cycle(world(terraform.answer, beside), terraform, Feed(record("1", "web"), record("2", "api")), SERIAL)
    assert seen(report) == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "not_checked"}
    assert report.plans.full == full_plans
