"""Who is named for a drift that stands, in later cycles, and what trusted calls tell of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, drifted, quiet, record, service

from reconciler.errors import TerraformError
from reconciler.model import Finding, Plan, Trust, Workspace
from reconciler.report import finding_text

TRUSTING = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:role/terraform-*",)))


def call(name: str, who: str, second: int = 0, *, of: str = "web", **request: Any) -> dict[str, Any]:
    identity: dict[str, Any] = {"type": "IAMUser", "userName": who, "arn": f"arn:aws:iam::123456789012:user/{who}"}
    if who.startswith("terraform-"):
        issuer = {"arn": f"arn:aws:iam::123456789012:role/{who}", "userName": who}
        identity = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": issuer}}
    asked = {"service": of, "cluster": "prod", **(request or {"desiredCount": 5})}
    time = f"2026-01-02T03:04:{second:02}Z"
    return record(name, of, userIdentity=identity, requestParameters=asked, eventTime=time)


SCALED = drifted("web", "desired_count", 3, 5)


def cycle(memory: Memory, *records: dict[str, Any], plan: Any = SCALED) -> Finding | None:
    """Return the finding about the service that one cycle over these records gives."""
    world = World(plan, prod=[service("prod", "web"), service("prod", "api")])
    findings = world.run(Feed(*records), memory, policy=TRUSTING).findings
    return next((each for each in findings if each.address == "aws_ecs_service.web"), None)


def author(finding: Finding | None) -> str | None:
    assert finding is not None
    people = {event.id: event.actor.name for event in finding.events}
    return people.get(finding.changes[0].event_id or "")


BESIDE = call("beside", "ops-admin", 30, of="api")


def test_a_drift_that_stands_keeps_its_author_when_something_else_is_changed() -> None:
    memory = Memory()
    assert author(cycle(memory, call("a", "jane"))) == "jane"
    again = cycle(memory, BESIDE)
    assert author(again) == "jane"
    assert again is not None
    assert "no event explains" not in again.reason
    assert "User: jane (IAM User)" in finding_text(again)
    assert author(cycle(memory, call("repeated", "ops-admin", 40))) == "jane"


def test_a_live_value_that_became_another_has_another_author_or_none() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"))
    other = drifted("web", "desired_count", 3, 7)
    assert author(cycle(memory, BESIDE, plan=other)) is None
    assert author(cycle(memory, call("b", "ops-admin", 40, desiredCount=7), plan=other)) == "ops-admin"


def test_who_set_the_same_value_again_after_it_was_another_is_the_author() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"))
    put_back = call("b", "bob", 10, desiredCount=3)
    assert author(cycle(memory, put_back, call("c", "ops-admin", 20))) == "ops-admin"


def test_a_drift_that_healed_is_forgotten_with_its_author() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"))
    cycle(memory, call("b", "bob", 10, desiredCount=3), plan=quiet)
    assert author(cycle(memory, BESIDE)) is None


def test_a_trusted_call_between_two_equal_ones_tells_which_of_them_counts() -> None:
    calls = call("a", "jane"), call("b", "terraform-prod", 10, desiredCount=3), call("c", "ops-admin", 20)
    finding = cycle(Memory(), *calls)
    assert author(finding) == "ops-admin"
    assert finding is not None
    assert [event.id for event in finding.events] == ["a", "c"]


def test_a_trusted_call_is_never_named() -> None:
    finding = cycle(Memory(), call("a", "jane", desiredCount=4), call("b", "terraform-prod", 10), call("c", "jane", 20))
    assert author(finding) is None


def test_a_trusted_call_in_a_cycle_of_its_own_ends_what_is_known_of_the_author() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"))
    assert cycle(memory, call("b", "terraform-prod", 10, desiredCount=3)) is None
    assert author(cycle(memory, call("c", "ops-admin", 20))) == "ops-admin"


JANE, TERRAFORM = call("a", "jane"), call("b", "terraform-prod", 10, desiredCount=3)
AGAIN, UNTRUSTED = call("c", "ops-admin", 20), call("u", "bob", 10, desiredCount=3)


@pytest.mark.parametrize(
    ("cycles", "expected"),
    [
        pytest.param([[JANE], [TERRAFORM], [AGAIN]], "ops-admin", id="in order"),
        pytest.param([[JANE], [AGAIN], [TERRAFORM], [BESIDE]], "ops-admin", id="out of order"),
        pytest.param([[JANE], [AGAIN], [BESIDE, TERRAFORM]], "ops-admin", id="with another change"),
        pytest.param([[JANE], [AGAIN], [BESIDE], [TERRAFORM], [BESIDE]], "ops-admin", id="told once more in between"),
        pytest.param([[JANE], [AGAIN], [UNTRUSTED]], "ops-admin", id="by somebody who is not trusted"),
        pytest.param([[AGAIN], [JANE], [TERRAFORM], [BESIDE]], "ops-admin", id="the later one first"),
        pytest.param([[AGAIN], [JANE], [BESIDE]], "jane", id="the later one first and nothing between"),
        pytest.param([[JANE], [AGAIN], [JANE, AGAIN], [TERRAFORM], [BESIDE]], "ops-admin", id="delivered again"),
        pytest.param([[JANE, JANE], [AGAIN, AGAIN], [TERRAFORM, TERRAFORM], [BESIDE]], "ops-admin", id="twice"),
        pytest.param([[JANE], [AGAIN], [BESIDE]], "jane", id="never put back"),
        pytest.param([[JANE], [TERRAFORM], [BESIDE]], None, id="put back and nobody since"),
        pytest.param(
            [[JANE], [AGAIN], [call("b", "terraform-prod", 30, desiredCount=3)], [BESIDE]], None, id="put back last"
        ),
        pytest.param(
            [[JANE], [call("x", "bob", 20, enableExecuteCommand=True)], [TERRAFORM], [BESIDE]], None, id="other things"
        ),
    ],
)
def test_records_that_come_in_any_order_name_the_same_person(cycles: list[Any], expected: str | None) -> None:
    memory = Memory()
    *_, finding = [cycle(memory, *records) for records in cycles]
    assert author(finding) == expected


def test_who_repeated_a_value_is_told_once_and_kept_with_the_change() -> None:
    memory = Memory()
    cycle(memory, JANE)
    told, later = cycle(memory, AGAIN), cycle(memory, BESIDE)
    assert told is not None
    assert later is not None
    assert ([event.id for event in told.events], [event.id for event in later.events]) == (["a", "c"], ["a"])
    assert [event.actor.name for event in later.changes[0].repeated_by] == ["ops-admin"]


def test_who_repeated_a_value_is_remembered_as_far_as_late_records_reach() -> None:
    memory = Memory()
    cycle(memory, JANE)
    for second in range(20, 50):
        cycle(memory, call(f"r{second}", "robot", second))
    (known,) = memory.standing.values()
    assert len(known["changes"][0]["repeated_by"]) == 10
    assert len(known["events"]) == 2
    assert author(cycle(memory, call("b", "terraform-prod", 45, desiredCount=3), BESIDE)) == "robot"


@pytest.mark.parametrize(
    "trusted",
    [
        call("b", "terraform-prod", 10, forceNewDeployment=True),
        call("b", "terraform-prod", 10, of="api", desiredCount=3),
        call("b", "terraform-prod", desiredCount=3),
    ],
    ids=["about nothing", "about another service", "before"],
)
def test_a_trusted_call_that_says_nothing_of_it_does_not(trusted: dict[str, Any]) -> None:
    memory = Memory()
    cycle(memory, call("a", "jane", 5))
    cycle(memory, trusted)
    assert author(cycle(memory, BESIDE)) == "jane"


def test_who_deleted_what_is_still_gone_is_named_again() -> None:
    memory = Memory()

    def gone(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        shown = change("web", {"name": "web"}, None)
        shown["change"]["actions"] = ["delete"]
        return Plan(kind, True, {"resource_drift": [shown], "resource_changes": []})

    deleted = {**call("a", "jane"), "eventName": "DeleteService"}
    cycle(memory, deleted, plan=gone)
    finding = cycle(memory, BESIDE, plan=gone)
    assert finding is not None
    assert (finding.status, [event.actor.name for event in finding.events]) == ("deleted", ["jane"])
    assert "User: jane (IAM User)" in finding_text(finding)


def test_what_an_older_ledger_tells_otherwise_costs_no_finding() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"))
    (known,) = memory.standing.values()
    memory.standing = {("prod", "aws_ecs_service.web"): {**known, "events": [{"id": "a"}]}}
    assert author(cycle(memory, BESIDE)) is None


def settled(state: int, live: int) -> Any:
    """Return a terraform that finds the service's count changed, and code that says the live one."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        seen = change("web", {"name": "web", "desired_count": state}, {"name": "web", "desired_count": live})
        return Plan(kind, True, {"resource_drift": [seen], "resource_changes": []})

    return plan


def failing(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    raise TerraformError("the provider is not there")


MERGED = settled(3, 5)


def told(finding: Finding | None) -> tuple[str, str | None]:
    assert finding is not None
    return finding.status, author(finding)


def test_who_did_what_the_code_said_as_well_is_named_in_later_cycles_and_when_it_becomes_drift() -> None:
    memory = Memory()
    assert told(cycle(memory, call("a", "jane"), plan=MERGED)) == ("matching", "jane")
    assert told(cycle(memory, BESIDE, plan=MERGED)) == ("matching", "jane")
    assert told(cycle(memory, call("c", "bob", 40, enableExecuteCommand=True))) == ("drift", "jane")
    assert told(cycle(memory, BESIDE, plan=MERGED)) == ("matching", "jane")


def test_who_is_known_is_not_forgotten_by_a_run_that_could_not_look() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"), plan=MERGED)
    unseen = cycle(memory, call("b", "bob", 10, enableExecuteCommand=True), plan=failing)
    assert unseen is not None
    assert unseen.status == "not_checked"
    assert told(cycle(memory, BESIDE)) == ("drift", "jane")


def test_what_is_settled_is_not_told_as_put_right() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"), plan=MERGED)
    assert cycle(memory, BESIDE, plan=quiet) is None


def test_who_did_what_came_into_the_state_did_not_do_what_differs_from_it_later() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"), plan=settled(1, 5))
    assert told(cycle(memory, BESIDE)) == ("drift", None)


def test_a_trusted_call_also_ends_what_is_known_of_what_is_settled() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"), plan=MERGED)
    assert cycle(memory, call("b", "terraform-prod", 10, desiredCount=3)) is None
    assert told(cycle(memory, BESIDE)) == ("drift", None)
