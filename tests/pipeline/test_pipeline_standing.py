"""What was told before and still stands, in later cycles, where only an event keeps it from being noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, quiet, record, service

from reconciler.errors import TerraformError
from reconciler.model import Finding, Plan, StateResource, Workspace

ROLE = "arn:aws:iam::123456789012:role/task"
MINE, OTHER = (f"arn:aws:iam::123456789012:policy/{name}" for name in ("mine", "other"))
SPOT = [{"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1}]
DEFAULT = [{"base": 0, "capacity_provider": "FARGATE", "weight": 1}]
BESIDE = record("beside", "api", eventTime="2026-01-02T03:04:30Z")
ASKED = {"service": "web", "cluster": "prod"}
MOVED = record("moved", "web", requestParameters={**ASKED, "capacityProviderStrategy": [{"x": "y"}]})
DEPLOYED = record("deployed", "web", requestParameters={**ASKED, "forceNewDeployment": True})


def attached(name: str, policy: str = MINE, call: str = "AttachRolePolicy") -> dict[str, Any]:
    asked = {"roleName": "task", "policyArn": policy}
    return record(name, "", eventSource="iam.amazonaws.com", eventName=call, requestParameters=asked)


def role_with(*policies: str) -> dict[str, Any]:
    seen = change("task", {"name": "task", "managed_policy_arns": []}, {"managed_policy_arns": [*policies]})
    seen["change"]["after"]["name"] = "task"
    return {**seen, "address": "aws_iam_role.task", "type": "aws_iam_role"}


def service_with(strategy: Any) -> dict[str, Any]:
    before = {"name": "web", "launch_type": "", "capacity_provider_strategy": []}
    return change("web", before, {**before, "capacity_provider_strategy": strategy})


def managed(kind: str, **attributes: Any) -> StateResource:
    address = f"{kind}.task"
    return StateResource(workspace="prod", address=address, type=kind, provider="aws", attributes=attributes)


def cycle(memory: Memory, event: Mapping[str, Any], *seen: dict[str, Any], uses: bool = True) -> dict[str, Finding]:
    """Return a cycle's findings by address, where a plan sees these changes and would undo all but policies."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        undone = [
            {**each, "change": {**each["change"], "before": each["change"]["after"], "after": each["change"]["before"]}}
            for each in seen
            if "managed_policy_arns" not in each["change"]["after"]
        ]
        return Plan(kind, True, {"resource_drift": list(seen), "resource_changes": undone})

    state = [service("prod", "web"), service("prod", "api"), managed("aws_iam_role", arn=ROLE, name="task")]
    family = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"
    if uses:
        state.append(managed("aws_ecs_task_definition", arn=family, family="web", task_role_arn=ROLE))
    findings = World(plan, prod=state).run(Feed(dict(event)), memory).findings
    return {str(finding.address): finding for finding in findings}


def test_a_strategy_that_somebody_gave_a_service_is_told_until_it_is_another() -> None:
    memory = Memory()
    first = cycle(memory, MOVED, service_with(SPOT))["aws_ecs_service.web"]
    assert (first.status, len(first.changes)) == ("drift", 1)
    assert cycle(memory, BESIDE, service_with(SPOT))["aws_ecs_service.web"].status == "drift"
    assert cycle(memory, DEPLOYED, service_with(SPOT))["aws_ecs_service.web"].status == "drift"


@pytest.mark.parametrize("told", [False, True], ids=["never told", "another was told"])
def test_a_strategy_that_comes_from_the_cluster_is_no_drift(told: bool) -> None:
    memory = Memory()
    if told:
        cycle(memory, MOVED, service_with(SPOT))
    assert cycle(memory, DEPLOYED, service_with(DEFAULT))["aws_ecs_service.web"].status == "healed"


def test_a_policy_that_somebody_attached_is_told_while_the_role_has_it() -> None:
    memory = Memory()
    assert cycle(memory, attached("a"), role_with(MINE))["aws_iam_role.task"].status == "unmanaged"
    assert cycle(memory, BESIDE, role_with(MINE, OTHER))["aws_iam_role.task"].changes[0].live == [MINE]
    again = cycle(memory, attached("c", OTHER, "DetachRolePolicy"), role_with(MINE))["aws_iam_role.task"]
    assert (again.status, again.changes[0].live) == ("unmanaged", [MINE])


def test_what_uses_the_role_is_said_again_where_no_event_names_the_role() -> None:
    memory = Memory()
    user = "it serves aws_ecs_task_definition.task in prod"
    assert user in cycle(memory, attached("a"), role_with(MINE))["aws_iam_role.task"].reason
    assert user in cycle(memory, BESIDE, role_with(MINE))["aws_iam_role.task"].reason
    assert "it serves" not in cycle(memory, BESIDE, role_with(MINE), uses=False)["aws_iam_role.task"].reason


def test_a_policy_that_nobody_attached_is_no_news_beside_one_that_was_taken_away_again() -> None:
    memory = Memory()
    cycle(memory, attached("a"), role_with(MINE))
    gone = cycle(memory, attached("b", call="DetachRolePolicy"), role_with(OTHER))
    assert gone["aws_iam_role.task"].status == "healed"
    assert "aws_iam_role.task" not in cycle(memory, BESIDE, role_with(OTHER))


def test_drift_of_a_role_that_was_told_is_told_again_where_another_state_uses_it() -> None:
    memory = Memory()
    tagged = attached("t", call="UpdateRole")
    shown = change("task", {"name": "task", "path": "/"}, {"name": "task", "path": "/x/"})
    role = {**shown, "address": "aws_iam_role.task", "type": "aws_iam_role"}
    assert cycle(memory, tagged, role)["aws_iam_role.task"].status == "drift"
    assert cycle(memory, BESIDE, role, uses=False)["aws_iam_role.task"].status == "drift"
    assert "aws_iam_role.task" not in cycle(Memory(), BESIDE, role, uses=False)


SCALED = change("web", {"name": "web", "desired_count": 3}, {"name": "web", "desired_count": 5})


def test_drift_that_a_plan_of_the_whole_workspace_no_longer_finds_is_told_as_healed_once() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    healed = cycle(memory, BESIDE)["aws_ecs_service.web"]
    assert (healed.status, healed.severity, healed.identity.name, healed.events) == ("healed", "info", "web", ())
    assert not memory.standing
    assert "aws_ecs_service.web" not in cycle(memory, BESIDE)


def test_what_another_drift_hides_not_is_healed_beside_it() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    other = change("api", {"name": "api", "desired_count": 3}, {"name": "api", "desired_count": 5})
    found = cycle(memory, BESIDE, other)
    assert {address: finding.status for address, finding in found.items()} == {
        "aws_ecs_service.web": "healed",
        "aws_ecs_service.api": "drift",
    }


@pytest.mark.parametrize(("attribute", "stands"), [("desired_count", True), ("enable_execute_command", False)])
def test_what_the_code_would_change_all_the_same_still_stands(attribute: str, stands: bool) -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    other = change("api", {"name": "api", "desired_count": 3}, {"name": "api", "desired_count": 5})

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        planned = change("web", {"name": "web", attribute: 0}, {"name": "web", attribute: 1})
        return Plan(kind, True, {"resource_drift": [other], "resource_changes": [other, planned]})

    World(plan, prod=[service("prod", "web"), service("prod", "api")]).run(Feed(BESIDE), memory)
    assert (("prod", "aws_ecs_service.web") in memory.standing) is stands


@pytest.mark.parametrize(
    ("again", "in_code", "stands"),
    [(True, True, False), (False, True, True), (False, False, False)],
    ids=["made again", "out of the state", "out of the code too"],
)
def test_what_was_gone_stands_while_only_the_code_has_it(again: bool, in_code: bool, stands: bool) -> None:
    memory = Memory()
    gone = change("web", {"name": "web"}, None)
    gone["change"]["actions"] = ["delete"]

    def deleted(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        return Plan(kind, True, {"resource_drift": [gone], "resource_changes": []})

    state = [service("prod", "web"), service("prod", "api")]
    World(deleted, prod=state).run(Feed(record("d", "web", eventName="DeleteService")), memory)
    assert memory.standing["prod", "aws_ecs_service.web"]["status"] == "deleted"
    # Of a service that is gone, no plan is of the whole workspace.
    memory.standing["prod", "aws_ecs_service.web"]["resource_type"] = "aws_ecs_cluster"
    other = change("api", {"name": "api", "desired_count": 3}, {"name": "api", "desired_count": 5})

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        made = [{**gone, "change": {"actions": ["create"], "after": {"name": "web"}}}] if in_code and not again else []
        return Plan(kind, True, {"resource_drift": [other], "resource_changes": [other, *made]})

    World(plan, prod=state if again else state[1:]).run(Feed(BESIDE), memory)
    assert (("prod", "aws_ecs_service.web") in memory.standing) is stands


def test_a_policy_that_an_apply_took_into_the_state_is_not_put_right() -> None:
    memory = Memory()
    cycle(memory, attached("a"), role_with(MINE))
    assert "aws_iam_role.task" not in cycle(memory, BESIDE)
    assert ("prod", "aws_iam_role.task") in memory.standing


@pytest.mark.parametrize("failed", [True, False], ids=["a plan that failed", "a plan of some addresses"])
def test_what_was_not_looked_at_still_stands(failed: bool) -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        if failed:
            raise TerraformError("the provider is not there")
        return Plan(kind, False, {}, targets=("aws_ecs_service.api",))

    World(plan, prod=[service("prod", "web"), service("prod", "api")]).run(Feed(BESIDE), memory)
    assert ("prod", "aws_ecs_service.web") in memory.standing


def test_what_somebody_is_at_work_on_still_stands() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    policy = replace(POLICY, settle=timedelta(minutes=1), hold=True)
    at_work = record("again", "web", eventTime="2026-01-02T23:59:59Z")
    World(quiet, prod=[service("prod", "web"), service("prod", "api")]).run(
        Feed(BESIDE, at_work), memory, policy=policy
    )
    assert ("prod", "aws_ecs_service.web") in memory.standing
