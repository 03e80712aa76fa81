"""By hand after runs that told something: no event is at hand, and the ledger knows who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from apart_world import aws
from pipeline_world import POLICY, Feed, Memory, World, ports, record, service
from test_pipeline_standing import ROLE, attached, managed, role_with

from reconciler.errors import LedgerError
from reconciler.model import Finding, Plan, Workspace
from reconciler.pipeline.reconcile import reconcile_workspace

MINE = "arn:aws:iam::123456789012:policy/mine"
OPS = {"userIdentity": {"type": "IAMUser", "userName": "ops", "arn": "arn:aws:iam::123456789012:user/ops"}}
WEB, ROLE_HERE = "aws_ecs_service.web", "aws_iam_role.task"


def world(size: int, workspace: str = "prod") -> World:
    return World(aws({"web": size}), **{workspace: [service(workspace, "web")]})


def with_policies(*policies: str) -> World:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        return Plan(kind, True, {"resource_drift": [role_with(*policies)], "resource_changes": []})

    family = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"
    role = managed("aws_iam_role", arn=ROLE, name="task")
    return World(plan, prod=[role, managed("aws_ecs_task_definition", arn=family, family="web", task_role_arn=ROLE)])


def after(ran: World, event: Mapping[str, Any]) -> Memory:
    """Return the ledger after a cycle."""
    memory = Memory()
    ran.run(Feed(dict(event)), memory)
    return memory


def by_hand(now: World, memory: Memory, *addresses: str) -> dict[str | None, Finding]:
    def told() -> Sequence[Any]:
        return memory.findings_of(["prod", "other"])

    done = reconcile_workspace("prod", addresses, "adopt", ports(now), POLICY, told)
    return {finding.address: finding for finding in done.report.findings}


def people(finding: Finding) -> list[str]:
    return [event.actor.name for event in finding.events]


def test_who_did_it_is_known_from_the_run_that_told_it() -> None:
    memory = after(world(5), record("1", "web", **OPS))
    found = by_hand(world(5), memory)[WEB]
    assert people(found) == ["ops"]
    assert found.changes[0].event_id == "1"
    assert "no event explains" not in found.reason


@pytest.mark.parametrize("before", [world(4), world(5, "other")], ids=["another value", "another workspace"])
def test_what_was_told_of_something_else_names_nobody(before: World) -> None:
    found = by_hand(world(5), after(before, record("1", "web", **OPS)))[WEB]
    assert (people(found), found.changes[0].event_id) == ([], None)


def test_a_policy_that_a_run_told_is_told_while_the_role_has_it() -> None:
    memory = after(with_policies(MINE), attached("a"))
    found = by_hand(with_policies(MINE, "arn:aws:iam::aws:policy/Later"), memory)[ROLE_HERE]
    assert (found.status, found.severity, found.changes[0].live) == ("unmanaged", "high", [MINE])
    assert ROLE_HERE not in by_hand(with_policies(MINE), Memory())
    assert ROLE_HERE not in by_hand(with_policies(MINE), memory, "aws_ecs_task_definition.task")


def test_what_was_put_right_is_told_and_stands_on_for_the_next_run_to_end() -> None:
    memory = after(world(5), record("1", "web"))
    assert by_hand(world(3), memory)[WEB].status == "healed"
    assert list(memory.standing) == [("prod", WEB)]


def test_a_ledger_that_cannot_be_read_is_a_warning_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    def told() -> Sequence[Any]:
        raise LedgerError("the ledger is damaged")

    report = reconcile_workspace("prod", (), "adopt", ports(world(5)), POLICY, told).report
    assert [finding.status for finding in report.findings] == ["drift"]
    assert report.problems == ()
    assert caplog.messages == ["the ledger is damaged; who did what earlier runs told is not known here"]
