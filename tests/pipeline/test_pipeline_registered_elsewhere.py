"""A service that moved to a revision whose registration concerns no address of its workspace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import ACCOUNT, POLICY, Feed, Memory, World, drifted, record, service, task_definition

from reconciler.model import Finding, Plan, StateResource, Trust, Workspace

WEB = f"{ACCOUNT}:task-definition/web"
TRUSTING = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:role/terraform-*",)))


def by(who: str) -> dict[str, Any]:
    if who.startswith("terraform-"):
        issuer = {"arn": f"arn:aws:iam::123456789012:role/{who}", "userName": who}
        return {"userIdentity": {"type": "AssumedRole", "sessionContext": {"sessionIssuer": issuer}}}
    return {"userIdentity": {"type": "IAMUser", "userName": who, "arn": f"arn:aws:iam::123456789012:user/{who}"}}


def definition(revision: int, image: str, arn: str = WEB) -> dict[str, Any]:
    containers = [{"name": "app", "image": image}]
    return {
        "taskDefinitionArn": f"{arn}:{revision}",
        "family": "web",
        "revision": revision,
        "status": "ACTIVE",
        "containerDefinitions": containers,
    }


def registers(who: str, revision: int = 2, second: int = 1, **members: Any) -> dict[str, Any]:
    place = members.get("awsRegion", "us-east-1"), members.get("recipientAccountId", "123456789012")
    made = definition(revision, "nginx:1.25", f"arn:aws:ecs:{place[0]}:{place[1]}:task-definition/web")
    return record(
        f"registered by {who}",
        "",
        eventName="RegisterTaskDefinition",
        requestParameters={"family": "web"},
        responseElements={"taskDefinition": made},
        eventTime=f"2026-01-02T03:04:{second:02}Z",
        **by(who),
        **members,
    )


def moves(who: str, reference: str = "web:2", second: int = 5) -> dict[str, Any]:
    asked = {"service": "web", "cluster": "prod", "taskDefinition": reference}
    time = f"2026-01-02T03:04:{second:02}Z"
    return record(f"moved by {who}", "web", requestParameters=asked, eventTime=time, **by(who))


class Described(World):
    """States and plans with an Amazon ECS that describes its revisions, and says who registered them."""

    said: Any = None

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        return (
            {**definition(2, "nginx:1.25"), **(self.said or {})} if arn.endswith(":2") else definition(1, "nginx:1.20")
        )


def people(*records: dict[str, Any], defs: tuple[StateResource, ...] = (), **options: Any) -> dict[str, str | None]:
    """Return who gave what to the service, by path, and under `told` what the finding says of it."""
    finding = told(*records, defs=defs, **options)
    names = {event.id: event.actor.name for event in finding.events}
    return {str(each.path[-1]): names.get(each.event_id or "") for each in finding.changes}


def told(
    *records: dict[str, Any], defs: tuple[StateResource, ...] = (), memory: Any = None, said: Any = None
) -> Finding:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        moved = drifted("web", "task_definition", f"{WEB}:1", f"{WEB}:2")
        return moved(workspace, kind) if workspace.name == "prod" else Plan(kind, False, {})

    at_first = service("prod", "web", task_definition=f"{WEB}:1")
    world = Described(plan, prod=[at_first, service("prod", "api")], defs=list(defs))
    world.said = said
    findings = world.run(Feed(*records), memory or Memory(), policy=TRUSTING).findings
    return next(each for each in findings if each.address == "aws_ecs_service.web")


@pytest.mark.parametrize("defs", [(task_definition("defs", "web"),), ()], ids=["another workspace's", "nobody's"])
def test_who_registered_the_revision_gave_what_is_inside(defs: tuple[StateResource, ...]) -> None:
    assert people(registers("ci"), moves("deploy"), defs=defs) == {"task_definition": "deploy", "image": "ci"}


@pytest.mark.parametrize(
    "elsewhere", [{"awsRegion": "eu-west-1"}, {"recipientAccountId": "210987654321"}], ids=["region", "account"]
)
def test_who_registered_a_revision_of_that_name_elsewhere_did_not(elsewhere: dict[str, Any]) -> None:
    assert "ci" not in people(registers("ci", **elsewhere), moves("deploy")).values()


def test_who_registered_another_revision_is_not_named() -> None:
    assert "ci" not in people(registers("ci", 7), moves("deploy")).values()


def test_what_a_trusted_registration_gave_is_not_the_movers() -> None:
    found = people(registers("terraform-ci"), moves("deploy"))
    assert found == {"task_definition": "deploy", "image": None}
