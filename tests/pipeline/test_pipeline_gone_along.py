"""What is gone because somebody ended what it lies in: it has an author, and nobody need ask AWS."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, World, record
from planned_cycle import Calls, cycle

from reconciler.model import Finding, Plan, StateResource, Workspace
from reconciler.report import finding_text

POLICY = "aws_appautoscaling_policy.p"
JANE = {"type": "IAMUser", "userName": "jane", "arn": "arn:aws:iam::123456789012:user/jane"}


def scaling(call: str, **asked: Any) -> dict[str, Any]:
    return record(
        call,
        "",
        eventName=call,
        eventSource="autoscaling.amazonaws.com",
        additionalEventData={"service": "application-autoscaling"},
        requestParameters={"serviceNamespace": "ecs", "resourceId": "service/prod/web", **asked},
        userIdentity=JANE,
    )


def gone(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    taken = {"address": POLICY, "mode": "managed", "type": "aws_appautoscaling_policy"}
    change = {"actions": ["delete"], "before": {"name": "p"}, "after": None, "after_unknown": {}}
    return Plan(kind, True, {"resource_drift": [{**taken, "change": change}], "resource_changes": []})


def found(event: dict[str, Any], asked: list[str]) -> Finding:
    policy = StateResource(
        workspace="prod",
        address=POLICY,
        type="aws_appautoscaling_policy",
        provider="aws",
        attributes={"name": "p", "resource_id": "service/prod/web"},
    )

    def existence(_workspace: Workspace, resource: Any) -> str:
        asked.append(resource.name)
        return "MISSING"

    report = cycle(World(gone, prod=[policy]), Calls(gone), Feed(event), existence=existence)
    return next(finding for finding in report.findings if finding.address == POLICY)


def test_whoever_deregistered_a_target_took_its_policy_away() -> None:
    asked: list[str] = []
    finding = found(scaling("DeregisterScalableTarget"), asked)
    assert (finding.status, [event.name for event in finding.events]) == ("deleted", ["DeregisterScalableTarget"])
    assert "User: jane (IAM User)" in finding_text(finding)
    assert asked == []


@pytest.mark.parametrize("call", ["PutScalingPolicy"])
def test_whoever_wrote_the_policy_did_not_take_it_away(call: str) -> None:
    asked: list[str] = []
    finding = found(scaling(call, policyName="p"), asked)
    assert (finding.status, asked) == ("deleted", ["p"])
