"""By hand and by address: under a `moved` block that was not applied, a resource goes by two."""

from __future__ import annotations

from typing import Any

import pytest
from apart_world import aws
from pipeline_world import World, ports, service

from reconciler.errors import TerraformError, UsageError
from reconciler.model import Plan, Workspace
from reconciler.pipeline.reconcile import reconcile_workspace
from reconciler.pipeline.tools import Policy

OLD, NEW = "aws_ecs_service.web", "aws_ecs_service.shop"


def moved(workspace: Workspace, kind: Any, **options: Any) -> Plan:
    """Plan a service that drifted, and that the code calls another name."""
    plan = aws({"web": 7, "api": 4})(workspace, kind, **options)
    for entry in (*plan.json["resource_drift"], *plan.json.get("resource_changes", ())):
        if entry["address"] == OLD:
            entry.update(address=NEW, previous_address=OLD)
    return plan


def found(*addresses: str, plan: Any = moved) -> list[str | None]:
    tools = ports(World(plan, prod=[service("prod", "web"), service("prod", "api")]))
    report = reconcile_workspace("prod", addresses, "adopt", tools, Policy()).report
    return [finding.address for finding in report.findings]


@pytest.mark.parametrize("address", [OLD, NEW])
def test_both_addresses_name_the_resource_and_nothing_else(address: str) -> None:
    assert found(address) == [NEW]
    assert sorted(map(str, found())) == ["aws_ecs_service.api", NEW]


def test_an_address_that_nothing_has_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match=r"aws_ecs_service\.shopp is not in the state of prod, and no plan names it"):
        found("aws_ecs_service.shopp")


def test_a_plan_that_failed_is_told_first() -> None:
    def failing(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        raise TerraformError("no provider")

    with pytest.raises(TerraformError, match="no provider"):
        found(NEW, plan=failing)
