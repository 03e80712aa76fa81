"""What trusted people called waits beside the events that wait: only both together tell who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, drifted, quiet, record, service

from reconciler.errors import TerraformError
from reconciler.model import Finding, Plan, Trust, Workspace
from reconciler.pipeline import Policy

TRUSTING = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:user/deployer",)))


def call(who: str, second: int, count: int, *, of: str = "web") -> dict[str, Any]:
    return record(
        f"{who}-{second}",
        of,
        eventTime=f"2026-01-02T03:04:{second:02}Z",
        userIdentity={"type": "IAMUser", "userName": who, "arn": f"arn:aws:iam::123456789012:user/{who}"},
        requestParameters={"service": of, "cluster": "prod", "desiredCount": count},
    )


def failing(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    raise TerraformError("the provider is not there")


BOB, DEPLOYED, ALICE = call("bob", 0, 5), call("deployer", 10, 3), call("alice", 20, 5)


def cycle(
    memory: Memory, *records: dict[str, Any], plan: Any = failing, again: bool = True, policy: Policy = TRUSTING
) -> Finding | None:
    world = World(plan, prod=[service("prod", "web"), service("prod", "api")])
    findings = world.run(Feed(*records), memory, postponed=again, policy=policy).findings
    return next((each for each in findings if each.address == "aws_ecs_service.web"), None)


def told(memory: Memory, *records: dict[str, Any], live: int = 5) -> tuple[str | None, str | None]:
    """Return who is named, and the trusted call that is told, by a cycle that can look."""
    finding = cycle(memory, *records, plan=drifted("web", "desired_count", 3 if live != 3 else 1, live))
    assert finding is not None
    (change,) = finding.changes
    people = {event.id: event.actor.name for event in finding.events}
    return people.get(change.event_id or ""), change.trusted.name if change.trusted else None


@pytest.mark.parametrize("again", [True, False], ids=["looked at again", "still waiting"])
def test_a_trusted_call_between_two_others_counts_when_the_first_had_to_wait(again: bool) -> None:
    memory = Memory()
    cycle(memory, BOB)
    cycle(memory, DEPLOYED, again=again)
    cycle(memory)
    assert told(memory, ALICE) == ("alice", None)
    assert memory.waiting == {}


def test_one_that_came_with_them_and_gave_the_value_is_told_later() -> None:
    memory = Memory()
    cycle(memory, BOB, call("deployer", 10, 7))
    assert told(memory, live=7) == (None, "UpdateService")


def test_one_about_another_resource_does_not_wait() -> None:
    memory = Memory()
    cycle(memory, BOB, call("deployer", 10, 3, of="api"))
    assert (set(memory.waiting), memory.handled) == ({"bob-0"}, {"trusted:deployer-10"})


def test_one_beside_what_was_settled_does_not_wait() -> None:
    memory = Memory()
    cycle(memory, BOB, DEPLOYED, plan=quiet)
    assert (memory.waiting, memory.handled) == ({}, {"bob-0", "trusted:deployer-10"})


def test_what_is_trusted_no_more_when_it_is_looked_at_again_is_an_event_as_any() -> None:
    memory = Memory()
    cycle(memory, BOB, DEPLOYED)
    finding = cycle(memory, ALICE, plan=quiet, policy=POLICY)
    assert finding is not None
    assert [event.actor.name for event in finding.events] == ["bob", "deployer", "alice"]
    assert memory.waiting == {}


def test_who_came_to_be_trusted_while_it_waited_is_still_a_trusted_call() -> None:
    memory = Memory()
    cycle(memory, BOB, DEPLOYED, policy=POLICY)
    cycle(memory)
    assert set(memory.waiting) == {"bob-0", "trusted:deployer-10"}
    assert told(memory, ALICE) == ("alice", None)


def test_what_has_not_settled_keeps_the_trusted_calls_that_came_in_the_meantime() -> None:
    held = replace(TRUSTING, settle=timedelta(days=2), hold=True)
    memory = Memory()
    cycle(memory, BOB, again=False, policy=held)
    cycle(memory, DEPLOYED, again=False, policy=held)
    cycle(memory, ALICE, again=False, policy=held)
    assert set(memory.waiting) == {"bob-0", "trusted:deployer-10", "alice-20"}
    assert told(memory) == ("alice", None)


def test_a_trusted_call_that_waits_holds_no_secret() -> None:
    memory, secret = Memory(), "hunter22x"
    asked = {"service": "web", "cluster": "prod", "desiredCount": 3, "note": f"--password={secret}"}
    cycle(memory, BOB, {**DEPLOYED, "requestParameters": asked})
    assert set(memory.waiting) == {"bob-0", "trusted:deployer-10"}
    assert secret not in str(memory.waiting)
