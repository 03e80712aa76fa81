"""Roles and registries in a whole run: told once, high, never as noise; all else is another service's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World

from reconciler.errors import StateError
from reconciler.model import Finding, Plan, RunReport, StateResource, Workspace

ACCOUNT = "123456789012"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = f"arn:aws:iam::{ACCOUNT}:policy/own"


def record(name: str, number: int = 1, source: str = "iam", **request: Any) -> dict[str, Any]:
    return {
        "eventID": f"{name}-{number}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "eventTime": f"2026-01-02T03:04:{number:02d}Z",
        "eventType": "AwsApiCall",
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT,
        "requestParameters": request,
    }


def attach(number: int = 1, role: str = "task", name: str = "AttachRolePolicy") -> dict[str, Any]:
    return record(name, number, roleName=role, policyArn=ADMIN)


def managed(address: str, **attributes: Any) -> StateResource:
    return StateResource(
        workspace="prod", address=address, type=address.split(".")[0], provider="aws", attributes=attributes
    )


DEFINITION = managed(
    "aws_ecs_task_definition.web",
    arn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/web:1",
    family="web",
    task_role_arn=f"arn:aws:iam::{ACCOUNT}:role/task",
)
ROLE = managed("aws_iam_role.task", arn=f"arn:aws:iam::{ACCOUNT}:role/task", name="task", managed_policy_arns=[])


def plans(address: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Callable[..., Plan]:
    """Return a terraform that sees a difference and leaves it."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        change = {"actions": ["update"], "before": dict(before), "after": dict(after), "after_unknown": {}}
        entry = {"address": address, "mode": "managed", "type": address.split(".")[0], "change": change}
        return Plan(kind, True, {"resource_drift": [entry], "resource_changes": []})

    return plan


def no_plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    raise AssertionError("nothing was to be planned")


def run(records: Sequence[dict[str, Any]], states: Any, plan: Callable[..., Plan] = no_plan) -> RunReport:
    return World(plan, prod=states).run(Feed(*records), Memory())


def alone(report: RunReport) -> Finding:
    (finding,) = report.findings
    return finding


def test_a_policy_attached_to_a_task_role_in_no_state_is_told_without_a_plan() -> None:
    report = run([attach()], [DEFINITION])
    finding = alone(report)
    assert (finding.status, finding.severity, finding.workspace) == ("unmanaged", "high", "prod")
    assert "aws_ecs_task_definition.web in prod" in finding.reason
    assert ADMIN in finding.reason
    assert (report.events.changes, dict(report.events.skipped)) == (1, {})


def test_the_same_policy_on_two_roles_is_two_findings() -> None:
    api = managed(
        "aws_ecs_task_definition.api",
        arn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/api:1",
        family="api",
        execution_role_arn=f"arn:aws:iam::{ACCOUNT}:role/pull",
    )
    first, second = run([attach(1), attach(2, role="pull")], [DEFINITION, api]).findings
    assert first.fingerprint != second.fingerprint


def test_what_was_given_and_taken_away_again_alarms_nobody() -> None:
    finding = alone(run([attach(1), attach(2, name="DetachRolePolicy")], [DEFINITION]))
    assert (finding.status, finding.severity, len(finding.events)) == ("healed", "info", 2)
    again = alone(run([attach(1), attach(2, name="DetachRolePolicy"), attach(3)], [DEFINITION]))
    assert (again.status, again.severity) == ("unmanaged", "high")
    lost = alone(run([attach(1, name="DetachRolePolicy")], [DEFINITION]))
    assert (lost.status, lost.severity) == ("unmanaged", "high")


def test_what_no_state_relates_to_ecs_is_counted_as_another_services() -> None:
    records = [attach(1, role="other"), record("DeleteService", 2, "servicediscovery", id="srv-9"), attach(3)]
    report = run([*records, record("CreateUser", 4, userName="bob")], [DEFINITION])
    assert len(report.findings) == 1
    tally = report.events
    assert (tally.read, tally.changes, dict(tally.skipped)) == (4, 1, {"other_service": 3})


def test_unrelated_calls_are_handled_and_not_looked_at_again() -> None:
    memory = Memory()
    World(no_plan, prod=[DEFINITION]).run(Feed(attach(1, role="other")), memory)
    assert memory.handled == {"AttachRolePolicy-1"}


def test_while_a_state_is_unread_nobody_can_tell_and_one_finding_says_so() -> None:
    memory = Memory()
    world = World(no_plan, prod=[DEFINITION], far=StateError("the state of far is gone"))
    report = world.run(Feed(attach(1, role="a"), attach(2, role="b")), memory)
    finding = alone(report)
    assert (finding.status, len(finding.events)) == ("not_checked", 2)
    assert "the state of far is gone" in finding.reason
    assert (report.events.changes, dict(report.events.skipped)) == (2, {})
    assert not memory.handled


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"managed_policy_arns": []}, {"managed_policy_arns": [ADMIN]}, "managed_policy_arns"),
        ({"managed_policy_arns": []}, {"managed_policy_arns": [ADMIN, OWN]}, "managed_policy_arns"),
    ],
)
def test_a_managed_role_that_lists_no_policies_was_given_what_an_event_names(
    before: dict[str, Any], after: dict[str, Any], shown: str
) -> None:
    plan = plans("aws_iam_role.task", {"name": "task", **before}, {"name": "task", **after})
    finding = alone(run([attach()], [DEFINITION, ROLE], plan))
    assert (finding.status, finding.severity, finding.address) == ("unmanaged", "high", "aws_iam_role.task")
    (change,) = finding.changes
    assert (change.path, change.live, change.event_id) == ((shown,), [ADMIN], "AttachRolePolicy-1")
    assert "it serves aws_ecs_task_definition.web in prod" in finding.reason


def test_policies_that_no_event_names_are_resources_of_their_own_and_no_news() -> None:
    plan = plans(
        "aws_iam_role.task",
        {"name": "task", "managed_policy_arns": [], "inline_policy": []},
        {"name": "task", "managed_policy_arns": [OWN], "inline_policy": [{"name": "own", "policy": "{}"}]},
    )
    report = run([record("UntagRole", roleName="task", tagKeys=["x"])], [DEFINITION, ROLE], plan)
    finding = alone(report)
    assert (finding.status, finding.severity) == ("healed", "info")
    assert report.plans.full == 0


@pytest.mark.parametrize(
    "more", [{"path": "/x/"}, {"managed_policy_arns": [ADMIN]}], ids=["another attribute", "a policy that was attached"]
)
def test_what_is_more_than_that_costs_a_full_plan(more: dict[str, Any]) -> None:
    before = {"name": "task", "managed_policy_arns": [], "path": "/"}
    plan = plans("aws_iam_role.task", before, {**before, "managed_policy_arns": [OWN], **more})
    assert run([attach()], [DEFINITION, ROLE], plan).plans.full == 1


def test_drift_of_a_role_that_no_task_has_is_not_told_with_a_services() -> None:
    other = managed("aws_iam_role.other", arn=f"arn:aws:iam::{ACCOUNT}:role/other", name="other")
    plan = plans("aws_iam_role.other", {"name": "other", "path": "/"}, {"name": "other", "path": "/x/"})
    finding = alone(run([attach()], [DEFINITION, ROLE, other], plan))
    assert (finding.address, finding.status) == ("aws_iam_role.task", "healed")
