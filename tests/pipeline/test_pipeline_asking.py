"""As whom AWS is asked about a workspace's resources: each as its own provider asks, and nothing is read in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import ACCOUNT, Feed, World, change, record, service
from planned_cycle import Calls, cycle

from reconciler.errors import AwsError
from reconciler.model import JsonObject, Plan, Provider, ResourceId, StateResource, Workspace
from reconciler.pipeline import asking

STATES = 'provider["registry.terraform.io/hashicorp/aws"]'
CODE = b'provider "aws" {\n  profile = local.profile\n}\nlocals {\n  profile = "shop"\n}\n'
PROVIDERS = {
    "aws": {"name": "aws", "expressions": {"profile": {"references": ["local.profile"]}}},
    "aws.audit": {"name": "aws", "alias": "audit", "expressions": {"profile": {"constant_value": "audit"}}},
}
CONFIGURATION = {
    "provider_config": {
        key: {"full_name": "registry.terraform.io/hashicorp/aws", **each} for key, each in PROVIDERS.items()
    }
}


def managed(name: str, provider: str = STATES, **attributes: Any) -> StateResource:
    return replace(service("prod", name, **attributes), provider=provider)


def gone(*names: str) -> Plan:
    drift = [change(name, {"name": name}, None) for name in names]
    for each in drift:
        each["change"]["actions"] = ["delete"]
    return Plan("refresh-only", True, {"resource_drift": drift, "configuration": CONFIGURATION})


class Aws:
    """Says that everything is gone, and what a revision holds; notes as whom it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, Provider]] = []

    def existence(self, workspace: Workspace, resource: ResourceId) -> str:
        self.asked.append((resource.name, workspace.provider))
        return "MISSING"

    def describe(self, workspace: Workspace, region: str, arn: str) -> JsonObject:
        self.asked.append((arn, workspace.provider))
        return {"family": "web", "taskDefinitionArn": arn, "containerDefinitions": [{"name": "app", "image": arn}]}


SHOP, AUDIT = Provider(settings={"profile": "shop"}), Provider(settings={"profile": "audit"})


def test_each_deletion_is_asked_about_as_its_own_provider_asks() -> None:
    aws = Aws()
    world = World(lambda *_, **__: gone("web", "api"), prod=[managed("web"), managed("api", f"{STATES}.audit")])
    cycle(world, Calls(world.plan), Feed(record("a", "web")), code=CODE, existence=aws.existence)
    assert aws.asked == [("web", SHOP), ("api", AUDIT)]


def test_what_one_provider_is_denied_says_nothing_of_another() -> None:
    def existence(_workspace: Workspace, resource: ResourceId) -> str:
        if resource.name == "api":
            return "MISSING"
        raise AwsError("denied")

    world = World(lambda *_, **__: gone("web", "api"), prod=[managed("web"), managed("api", f"{STATES}.audit")])
    report = cycle(world, Calls(world.plan), Feed(record("a", "web")), code=CODE, existence=existence)
    statuses = {finding.address: finding.status for finding in report.findings}
    assert statuses == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "deleted"}


def test_for_a_deletion_that_an_event_explains_no_provider_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(asking, "provider_of")
    aws = Aws()
    world = World(lambda *_, **__: gone("web"), prod=[managed("web")])
    feed = Feed(record("a", "web", eventName="DeleteService"))
    (finding,) = cycle(world, Calls(world.plan), feed, existence=aws.existence).findings
    assert (finding.status, aws.asked) == ("deleted", [])


def test_a_revision_is_described_as_the_services_provider_asks_and_in_the_services_account() -> None:
    was, now = (f"{ACCOUNT}:task-definition/web:{revision}" for revision in (1, 2))

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        moved = [change("web", {"task_definition": "web:1"}, {"task_definition": "web:2"})]
        back = [change("web", {"task_definition": "web:2"}, {"task_definition": "web:1"})]
        return Plan(kind, True, {"resource_drift": moved, "resource_changes": back, "configuration": CONFIGURATION})

    aws = Aws()
    world = World(plan, prod=[managed("web", f"{STATES}.audit", task_definition="web:1")])
    (finding,) = cycle(world, Calls(plan), Feed(record("a", "web")), code=CODE, task_definitions=aws).findings
    assert sorted(aws.asked, key=lambda each: str(each[0])) == [(was, AUDIT), (now, AUDIT)]
    assert finding.changes[-1].live == now
