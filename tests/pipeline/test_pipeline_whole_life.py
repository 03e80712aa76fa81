"""Resources come, go and come back: what each is called, by what the plan and the states say."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import ACCOUNT, Feed, World, change, cluster, drifted, quiet, record, service
from planned_cycle import Calls, cycle

from reconciler.model import Finding, Plan, StateResource, Workspace


def gone(address: str) -> dict[str, Any]:
    return {
        "address": address,
        "mode": "managed",
        "type": address.split(".", 1)[0],
        "change": {"actions": ["delete"], "before": {"name": "x"}, "after": None},
    }


def found(terraform: Calls, resources: list[StateResource], *records: dict[str, Any]) -> dict[str | None, Finding]:
    report = cycle(World(quiet, prod=resources), terraform, Feed(*records))
    return {finding.address or finding.identity.name: finding for finding in report.findings}


def drifts(*entries: dict[str, Any]) -> Calls:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        return Plan(kind, True, {"resource_drift": list(entries), "resource_changes": []})

    return Calls(plan)


def cluster_call(name: str, **members: Any) -> dict[str, Any]:
    return record(name, "", **{"eventName": name, "requestParameters": {"cluster": "prod"}, **members})


def test_a_cluster_deleted_with_its_services_is_told_at_each_address() -> None:
    terraform = drifts(gone("aws_ecs_cluster.prod"), gone("aws_ecs_service.web"))
    findings = found(
        terraform,
        [cluster("prod"), service("prod", "web"), service("prod", "api")],
        record("DeleteService", "web", eventName="DeleteService"),
        cluster_call("DeleteCluster"),
    )
    assert {address: finding.status for address, finding in findings.items()} == {
        "aws_ecs_cluster.prod": "deleted",
        "aws_ecs_service.web": "deleted",
    }
    assert {finding.severity for finding in findings.values()} == {"critical"}
    assert len(terraform.made) == 1


def definition(family: str, revision: int) -> StateResource:
    arn = f"{ACCOUNT}:task-definition/{family}:{revision}"
    attributes = {"arn": arn, "family": family, "revision": revision}
    kind = "aws_ecs_task_definition"
    return StateResource(workspace="prod", address=f"{kind}.{family}", type=kind, provider="aws", attributes=attributes)


def test_a_call_about_two_families_is_told_of_both() -> None:
    asked = {"taskDefinitions": ["job:1", "web:3"]}
    call = record("both", "", eventName="DeleteTaskDefinitions", requestParameters=asked)
    managed = [definition("job", 1), definition("web", 1)]
    findings = found(drifts(gone("aws_ecs_task_definition.job")), managed, call)
    assert {address: finding.status for address, finding in findings.items()} == {
        "aws_ecs_task_definition.job": "deleted",
        "aws_ecs_task_definition.web": "healed",
    }
    assert "web:3" in findings["aws_ecs_task_definition.web"].reason


@pytest.mark.parametrize(
    ("terraform", "status"),
    [(Calls(), "healed"), (Calls(drifted("web", "desired_count", 3, 1)), "drift")],
    ids=["as it was", "otherwise"],
)
def test_what_was_created_again_under_its_name_is_compared_and_not_called_deleted(
    terraform: Calls, status: str
) -> None:
    findings = found(
        terraform,
        [service("prod", "web")],
        record("1", "web", eventName="DeleteService"),
        record(
            "2",
            "web",
            eventName="CreateService",
            eventTime="2026-01-02T03:05:05Z",
            requestParameters={"serviceName": "web", "cluster": "prod", "desiredCount": 1},
        ),
    )
    assert {address: finding.status for address, finding in findings.items()} == {"aws_ecs_service.web": status}


def test_several_resources_made_outside_are_each_told_with_the_owner_of_their_cluster() -> None:
    terraform = Calls()
    made = [
        record(
            name,
            name,
            eventName="CreateService",
            requestParameters={"serviceName": name, "cluster": "prod", "desiredCount": 1},
        )
        for name in ("one", "two")
    ]
    findings = found(terraform, [cluster("prod")], *made)
    assert {name: finding.status for name, finding in findings.items()} == {"one": "unmanaged", "two": "unmanaged"}
    assert {finding.workspace for finding in findings.values()} == {"prod"}
    assert terraform.made == []


STEPS = {
    "create": {"eventName": "CreateService", "requestParameters": {"serviceName": "new", "cluster": "prod"}},
    "scale": {"eventName": "UpdateService"},
    "delete": {"eventName": "DeleteService", "requestParameters": {"service": "new", "cluster": "prod"}},
}


@pytest.mark.parametrize(
    ("steps", "status", "severity"),
    [
        (("create", "delete"), "healed", "info"),
        (("create", "scale", "delete", "create", "delete"), "healed", "info"),
        (("create", "delete", "create"), "unmanaged", None),
        (("scale", "delete"), "unmanaged", None),
    ],
)
def test_what_was_made_outside_and_is_gone_again_alarms_nobody(
    steps: tuple[str, ...], status: str, severity: str | None
) -> None:
    calls = [
        record(str(second), "new", **STEPS[step], eventTime=f"2026-01-02T03:04:0{second}Z")
        for second, step in enumerate(steps)
    ]
    (finding,) = found(Calls(), [cluster("prod")], *calls).values()
    assert (finding.status, finding.workspace, len(finding.events)) == (status, "prod", len(steps))
    assert severity in (None, finding.severity)


def test_a_capacity_provider_taken_from_a_cluster_is_drift_of_the_clusters_providers() -> None:
    providers = StateResource(
        workspace="prod",
        address="aws_ecs_cluster_capacity_providers.prod",
        type="aws_ecs_cluster_capacity_providers",
        provider="aws",
        attributes={"id": "prod", "cluster_name": "prod", "capacity_providers": ["FARGATE", "FARGATE_SPOT"]},
    )
    moved = change("prod", {"capacity_providers": ["FARGATE", "FARGATE_SPOT"]}, {"capacity_providers": ["FARGATE"]})
    moved |= {"address": providers.address, "type": providers.type}
    event = cluster_call(
        "PutClusterCapacityProviders",
        requestParameters={
            "cluster": "prod",
            "capacityProviders": ["FARGATE"],
            "defaultCapacityProviderStrategy": [],
        },
    )
    (finding,) = found(drifts(moved), [cluster("prod"), providers], event).values()
    (changed,) = finding.changes
    assert finding.address == providers.address
    assert (changed.state, changed.live, changed.event_id) == (
        ["FARGATE", "FARGATE_SPOT"],
        ["FARGATE"],
        "PutClusterCapacityProviders",
    )


def test_a_task_set_of_an_external_controller_that_is_in_no_state_is_told_with_its_service() -> None:
    event = record(
        "CreateTaskSet",
        "web",
        eventName="CreateTaskSet",
        requestParameters={"service": "web", "cluster": "prod", "taskDefinition": "web:2"},
        responseElements={"taskSet": {"id": "ecs-svc/1", "taskSetArn": f"{ACCOUNT}:task-set/prod/web/ecs-svc/1"}},
    )
    findings = found(Calls(), [cluster("prod"), service("prod", "web")], event)
    assert "unmanaged" in {finding.status for finding in findings.values()}
    assert not any(finding.status in ("drift", "deleted") for finding in findings.values())
