"""A resource that is gone: said after one plan, because each takes two minutes, and only where AWS does not deny it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import ACCOUNT, Feed, Memory, World, change, ports, record, service, task_definition
from planned_cycle import Calls, cycle

from reconciler.errors import AwsError
from reconciler.match import build_index
from reconciler.model import Drift, Plan, ResourceId, RunReport, State, Workspace
from reconciler.pipeline import Policy
from reconciler.pipeline.deletions import Deletions
from reconciler.pipeline.past import Past
from reconciler.pipeline.reconcile import reconcile_workspace

REVISION = f"{ACCOUNT}:task-definition/app:3"
DENIED = "ecs:DescribeServices in us-east-1: AccessDeniedException: User: arn:aws:iam::1:user/x is not authorized"


def gone(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    drift = change("web", {"name": "web", "desired_count": 3}, None)
    drift["change"]["actions"] = ["delete"]
    return Plan(kind, True, {"resource_drift": [drift]})


def test_a_deletion_takes_one_plan_and_asks_for_a_person() -> None:
    world = World(gone, prod=[service("prod", "web")])
    report = world.run(Feed(record("DeleteService", "web")), Memory())
    (finding,) = report.findings
    assert (finding.status, finding.severity, finding.remedy.kind) == ("deleted", "critical", "none")
    assert "create it again" in finding.remedy.reason
    assert (report.plans.refresh_only, report.plans.full, report.plans.proof) == (1, 0, 0)


def in_code(*addresses: str, **more: Any) -> dict[str, Any]:
    resources = [
        {"address": each, "mode": "managed", "type": each.partition(".")[0], **more.get(each.partition(".")[2], {})}
        for each in addresses
    ]
    return {"root_module": {"resources": resources}}


def deleted(code: dict[str, Any] | None, *also: str) -> Any:
    """Return the finding of a deleted `web`, where this is the code and these services are in the state too."""

    def plan(workspace: Workspace, kind: Any, **options: Any) -> Plan:
        found = gone(workspace, kind, **options)
        return replace(found, json={**found.json, **({} if code is None else {"configuration": code})})

    world = World(plan, prod=[service("prod", name) for name in ("web", *also)])
    (finding,) = world.run(Feed(record("DeleteService", "web")), Memory()).findings
    return finding


def test_what_the_code_no_longer_has_either_alarms_nobody() -> None:
    finding = deleted(in_code("aws_ecs_service.api", "aws_ecs_cluster.new"), "api")
    assert (finding.status, finding.severity, finding.rule) == ("deleted", "info", None)
    assert "the code no longer has it either" in finding.reason
    assert "takes it out of the state" in finding.remedy.reason
    nested = {"resources": [{"address": "aws_ecs_service.web", "mode": "managed", "type": "aws_ecs_service"}]}
    assert deleted({"root_module": {"module_calls": {"x": {"module": nested}}}}).severity == "critical"


@pytest.mark.parametrize(
    "code",
    [
        None,
        in_code("aws_ecs_service.web"),
        in_code("aws_ecs_service.web", web={"count_expression": {"constant_value": 0}}),
        in_code("aws_ecs_service.renamed"),
        in_code("aws_ecs_service.api", api={"for_each_expression": {"references": ["var.services"]}}),
    ],
    ids=["not shown", "there", "there, of count 0", "under another name", "perhaps among others"],
)
def test_what_the_code_has_or_may_have_under_another_name_does(code: dict[str, Any] | None) -> None:
    finding = deleted(code, "api")
    assert (finding.status, finding.severity) == ("deleted", "critical")
    assert "no longer" not in finding.reason
    assert "create it again" in finding.remedy.reason


class Ecs:
    """What AWS says of each address by its name, and what it was asked."""

    def __init__(self, **said: str | AwsError) -> None:
        self.said = said
        self.asked: list[ResourceId] = []

    def __call__(self, workspace: Workspace, resource: ResourceId) -> str | None:
        self.asked.append(resource)
        answer = self.said.get(resource.name or resource.family or "", "MISSING")
        if isinstance(answer, AwsError):
            raise answer
        return answer


def found(ecs: Ecs, *records: dict[str, Any], missing: Sequence[str] = (), **sizes: int) -> RunReport:
    """Run a cycle in which a plan misses these services or `app`, and finds others at sizes that are not 3."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        drift = [change(name, {"name": name, "desired_count": 3}, None) for name in missing if name != "app"]
        if "app" in missing:
            drift.append({**change("app", {"arn": REVISION}, None), "type": "aws_ecs_task_definition"})
            drift[-1]["address"] = "aws_ecs_task_definition.app"
        for each in drift:
            each["change"]["actions"] = ["delete"]
        for name, size in sizes.items():
            drift.append(change(name, {"name": name, "desired_count": 3}, {"name": name, "desired_count": size}))
        back = [change(name, {"desired_count": size}, {"desired_count": 3}) for name, size in sizes.items()]
        return Plan(kind, True, {"resource_drift": drift, **({"resource_changes": back} if kind == "full" else {})})

    resources = [*(service("prod", name) for name in ("web", "api", "job")), task_definition("prod", "app", 3)]
    return cycle(World(plan, prod=resources), Calls(plan), Feed(*records), existence=ecs)


def statuses(report: RunReport) -> dict[str | None, str]:
    return {finding.address: finding.status for finding in report.findings}


def test_what_terraform_misses_and_aws_has_makes_the_whole_plan_worthless() -> None:
    report = found(Ecs(web="ACTIVE"), record("1", "api"), record("2", "web"), missing=("web",), api=5)
    assert statuses(report) == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "not_checked"}
    (problem,) = report.problems
    assert "terraform calls aws_ecs_service.web gone, and AWS says that it is ACTIVE in us-east-1" in problem
    assert "another region or account" in problem


@pytest.mark.parametrize("said", ["INACTIVE", "DRAINING", "MISSING"])
def test_what_aws_misses_too_is_deleted_though_no_event_tells(said: str) -> None:
    ecs = Ecs(web=said)
    report = found(ecs, record("1", "api"), missing=("web",), api=3)
    assert statuses(report)["aws_ecs_service.web"] == "deleted"
    assert [each.arn for each in ecs.asked] == [f"{ACCOUNT}:service/prod/web"]


def test_what_an_event_ended_is_believed_without_asking() -> None:
    ecs = Ecs(web="ACTIVE")
    assert statuses(found(ecs, record("1", "web", eventName="DeleteService"), missing=("web",))) == {
        "aws_ecs_service.web": "deleted"
    }
    assert ecs.asked == []


def test_where_nothing_is_gone_nothing_is_asked() -> None:
    ecs = Ecs()
    assert statuses(found(ecs, record("1", "web"), web=5)) == {"aws_ecs_service.web": "drift"}
    assert ecs.asked == []


def test_a_service_that_was_made_again_after_its_deletion_is_asked_for() -> None:
    again = record("2", "web", eventName="CreateService", eventTime="2026-01-02T03:05:05Z")
    again["requestParameters"] = {"serviceName": "web", "cluster": "prod"}
    report = found(Ecs(web="ACTIVE"), record("1", "web", eventName="DeleteService"), again, missing=("web",))
    assert statuses(report) == {"aws_ecs_service.web": "not_checked"}


def test_where_aws_cannot_be_asked_only_what_is_gone_is_not_checked() -> None:
    ecs = Ecs(web=AwsError(DENIED), job=AwsError(DENIED))
    report = found(ecs, record("1", "api"), record("2", "web"), missing=("web", "job"), api=5)
    assert statuses(report) == {
        "aws_ecs_service.api": "drift",
        "aws_ecs_service.web": "not_checked",
        "aws_ecs_service.job": "not_checked",
    }
    assert len(ecs.asked) == 1  # a refusal for one is one for all of its kind
    assert all(DENIED in finding.reason for finding in report.findings if finding.status == "not_checked")
    assert [len(finding.events) for finding in report.findings if finding.address == "aws_ecs_service.web"] == [1]
    assert len(report.problems) == 2


def ended(revision: int, name: str = "DeregisterTaskDefinition") -> dict[str, Any]:
    return record(str(revision), "", eventName=name, requestParameters={"taskDefinition": f"app:{revision}"})


def test_a_revision_is_asked_for_unless_the_call_that_ended_it_is_there() -> None:
    ecs = Ecs(app="ACTIVE")
    assert statuses(found(ecs, ended(3), missing=("app",))) == {"aws_ecs_task_definition.app": "deleted"}
    assert ecs.asked == []
    report = found(ecs, ended(2), missing=("app",))
    assert statuses(report) == {"aws_ecs_task_definition.app": "not_checked"}
    assert "or was refused ecs:DescribeTaskDefinition" in report.problems[0]


def test_a_revision_that_aws_calls_inactive_is_gone() -> None:
    report = found(Ecs(app="INACTIVE"), record("1", "web"), missing=("app",))
    assert statuses(report)["aws_ecs_task_definition.app"] == "deleted"


def test_a_deletion_that_only_the_full_plan_tells_is_asked_for_too() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        size = change("api", {"name": "api", "desired_count": 3}, {"name": "api", "desired_count": 5})
        lost = {**change("web", {"name": "web"}, None), "change": {"actions": ["delete"], "before": {"name": "web"}}}
        return Plan(kind, True, {"resource_drift": [size, *([lost] if kind == "full" else [])]})

    world = World(plan, prod=[service("prod", "web"), service("prod", "api")])
    report = cycle(world, Calls(plan), Feed(record("1", "api")), existence=Ecs(web="ACTIVE"))
    assert (statuses(report), report.plans.full) == ({"aws_ecs_service.api": "not_checked"}, 1)
    found = "before that, a refresh-only plan found that desired_count of aws_ecs_service.api differs"
    assert found in report.findings[0].reason


@pytest.mark.parametrize(("status", "asked"), [("deleted", 0), ("drift", 1)])
def test_what_an_event_of_an_earlier_cycle_ended_is_not_asked_for_again(status: str, asked: int) -> None:
    call = {"id": "1", "name": "DeleteService", "time": "2026-01-02T03:04:05Z", "actor": {}}
    told = {"status": status, "resource_type": "aws_ecs_service", "severity": "critical", "identity": {}}
    ecs, prod = Ecs(), [service("prod", "web")]
    tools = ports(World(gone, prod=prod), existence=ecs)
    past = Past({"aws_ecs_service.web": {**told, "changes": [], "events": [call]}})
    lost = Drift(
        address="aws_ecs_service.web", type="aws_ecs_service", deleted=True, changes=(), before={"name": "web"}, live={}
    )
    index = build_index([State(workspace="prod", serial=1, lineage="l", resources=tuple(prod))], {})
    assert Deletions(tools.workspaces["prod"], (), past, tools).doubts([lost], index, {}) == {}
    assert len(ecs.asked) == asked


def test_by_hand_what_nobody_can_tell_is_a_finding_beside_the_others() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        lost = [{**change(name, {"name": name}, None), "type": "aws_ecs_service"} for name in ("api", "web")]
        for each in lost:
            each["change"]["actions"] = ["delete"]
        return Plan(kind, True, {"resource_drift": lost})

    def ask(workspace: Workspace, resource: ResourceId) -> str:
        if resource.name == "web":
            raise AwsError(DENIED)
        return "INACTIVE"

    world = World(plan, prod=[service("prod", "web"), service("prod", "api")])
    tools = ports(world, existence=ask)
    report = reconcile_workspace("prod", (), "adopt", tools, Policy()).report
    assert sorted(statuses(report).values()) == ["deleted", "not_checked"]
    only = reconcile_workspace("prod", ("aws_ecs_service.api",), "adopt", tools, Policy()).report
    assert statuses(only) == {"aws_ecs_service.api": "deleted"}
