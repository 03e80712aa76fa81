"""A value, or an end, that a trusted call gave: nobody is named, and nobody need look for an intruder."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, drifted, record, task_definition
from test_pipeline_past import BESIDE, TRUSTING, author, call, cycle

from reconciler.model import Finding, Plan, StateResource, Workspace
from reconciler.report import finding_text, report_schema

TRUSTED = call("t", "terraform-prod", 10)
POLICY = "aws_appautoscaling_policy.p"


def test_what_a_trusted_call_set_is_told_as_that_and_nobody_is_named() -> None:
    finding = cycle(Memory(), TRUSTED, BESIDE)
    assert finding is not None
    assert author(finding) is None
    assert "a trusted call (UpdateService) set desired_count" in finding.reason
    assert "no event explains" not in finding.reason
    assert "User: not named (a trusted call did it)" in finding_text(finding)


def test_it_is_told_so_as_long_as_it_stands_whoever_repeats_it() -> None:
    memory = Memory()
    cycle(memory, TRUSTED, BESIDE)
    for event in (BESIDE, call("again", "jane", 40), BESIDE):
        finding = cycle(memory, event)
        assert finding is not None
        assert author(finding) is None
        assert "a trusted call (UpdateService) set desired_count" in finding.reason
    (stored,) = memory.standing.values()
    assert stored["changes"][0]["trusted"] == {"name": "UpdateService", "time": "2026-01-02T03:04:10Z"}
    assert "terraform" not in str(stored["changes"])
    assert report_schema()["$defs"]["change"]["properties"]["trusted"]["required"] == ["name", "time"]


def test_who_set_it_after_it_was_another_is_named() -> None:
    memory = Memory()
    cycle(memory, TRUSTED, BESIDE)
    put_back = call("b", "bob", 20, desiredCount=3)
    assert author(cycle(memory, put_back, call("c", "jane", 30))) == "jane"


@pytest.mark.parametrize("asked", [{"desiredCount": 4}, {"forceNewDeployment": True}])
def test_a_trusted_call_that_set_something_else_explains_nothing(asked: dict[str, Any]) -> None:
    finding = cycle(Memory(), call("t", "terraform-prod", 10, **asked), BESIDE)
    assert finding is not None
    assert "trusted" not in finding.reason
    assert "no event explains what changed" in finding.reason
    assert "User: unknown" in finding_text(finding)


def test_a_trusted_call_before_the_one_that_changed_it_is_not_told() -> None:
    finding = cycle(Memory(), call("t", "terraform-prod", 1, desiredCount=4), call("j", "jane", 20))
    assert author(finding) == "jane"
    assert finding is not None
    assert "trusted" not in finding.reason


def scaling(name: str, who: str, second: int = 10, policy: str = "p", call_: str = "DeleteScalingPolicy") -> Any:
    asked = {"serviceNamespace": "ecs", "resourceId": "service/prod/web", "policyName": policy}
    identity = call(name, who, second)
    data = {"service": "application-autoscaling"}
    return {
        **identity,
        "eventName": call_,
        "eventSource": "autoscaling.amazonaws.com",
        "additionalEventData": data,
        "requestParameters": asked,
    }


def deleted(memory: Memory, *records: dict[str, Any]) -> Finding:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        taken = {"address": POLICY, "mode": "managed", "type": "aws_appautoscaling_policy"}
        change = {"actions": ["delete"], "before": {"name": "p"}, "after": None, "after_unknown": {}}
        return Plan(kind, True, {"resource_drift": [{**taken, "change": change}], "resource_changes": []})

    policy, other = (
        StateResource(
            workspace="prod",
            address=f"aws_appautoscaling_policy.{name}",
            type="aws_appautoscaling_policy",
            provider="aws",
            attributes={"name": name, "resource_id": "service/prod/web"},
        )
        for name in ("p", "q")
    )
    report = World(plan, prod=[policy, other]).run(Feed(*records), memory, policy=TRUSTING)
    return next(finding for finding in report.findings if finding.address == POLICY)


Q = {"policy": "q", "call_": "PutScalingPolicy"}


@pytest.mark.parametrize("taken_by", ["DeleteScalingPolicy", "DeregisterScalableTarget"])
def test_what_a_trusted_call_took_away_is_told_as_that_and_stays_so(taken_by: str) -> None:
    memory = Memory()
    beside = scaling("q", "jane", 20, **Q)
    for records in ((scaling("t", "terraform-prod", call_=taken_by), beside), (beside,)):
        finding = deleted(memory, *records)
        assert (finding.status, finding.events) == ("deleted", ())
        assert f"a trusted call ({taken_by}) ended it" in finding.reason
        assert "User: not named (a trusted call did it)" in finding_text(finding)


def test_who_took_it_away_after_that_is_named() -> None:
    made = scaling("m", "terraform-prod", 15, call_="PutScalingPolicy")
    finding = deleted(Memory(), scaling("t", "terraform-prod"), made, scaling("j", "jane", 20))
    assert "trusted" not in finding.reason
    assert "User: jane" in finding_text(finding)


@pytest.mark.parametrize(
    "trusted", [{"policy": "q"}, {"call_": "PutScalingPolicy"}], ids=["another one", "what made it"]
)
def test_other_trusted_calls_took_nothing_away(trusted: dict[str, Any]) -> None:
    finding = deleted(Memory(), scaling("t", "terraform-prod", **trusted), scaling("q", "jane", 20, **Q))
    assert "trusted" not in finding.reason
    assert "User: unknown" in finding_text(finding)


@pytest.mark.parametrize(("revision", "by_trusted"), [(1, True), (2, False)])
def test_a_trusted_call_that_ended_another_revision_did_not_end_this_one(revision: int, by_trusted: bool) -> None:
    definition = task_definition("prod", "web")

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        taken = {"address": definition.address, "mode": "managed", "type": definition.type}
        before = {"arn": definition.attributes["arn"], "family": "web", "revision": 1}
        change = {"actions": ["delete"], "before": before, "after": None, "after_unknown": {}}
        return Plan(kind, True, {"resource_drift": [{**taken, "change": change}], "resource_changes": []})

    arn = str(definition.attributes["arn"]).removesuffix("1") + str(revision)
    ended = {
        **call("t", "terraform-prod", 10),
        "eventName": "DeregisterTaskDefinition",
        "requestParameters": {"taskDefinition": arn},
        "responseElements": {"taskDefinition": {"taskDefinitionArn": arn, "family": "web"}},
    }
    registered = record("r", "", eventName="RegisterTaskDefinition", requestParameters={"family": "web"})
    world = World(plan, prod=[definition])
    report = world.run(Feed(ended, registered), Memory(), policy=TRUSTING)
    finding = next(each for each in report.findings if each.address == definition.address)
    assert finding.status == "deleted"
    assert ("a trusted call" in finding.reason) is by_trusted


def test_a_plain_drift_has_no_trace_of_it() -> None:
    memory = Memory()
    cycle(memory, call("a", "jane"), plan=drifted("web", "desired_count", 3, 5))
    (stored,) = memory.standing.values()
    assert "trusted" not in stored
    assert "trusted" not in stored["changes"][0]
