"""The scenarios do what they say, as the people they name; Terraform is not needed to see that."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import SCENARIOS


@pytest.fixture(scope="module")
def world(sandbox: Sandbox) -> Any:
    """Build what the scenarios need of the quickstart; returns an ECS client."""
    ecs, ec2 = sandbox.client("ecs", "terraform"), sandbox.client("ec2", "terraform")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    ecs.create_cluster(clusterName="production", capacityProviders=["FARGATE"])
    for service, family, size in (("web", "web", 3), ("api", "web-app", 2), ("worker", "worker", 1)):
        ecs.register_task_definition(
            family=family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[
                {"name": "nginx", "image": "nginx:1.20", "environment": [{"name": "LOG_LEVEL", "value": "info"}]}
            ],
        )
        ecs.create_service(
            cluster="production",
            serviceName=service,
            taskDefinition=family,
            desiredCount=size,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet]}},
        )
    return ecs


def play(sandbox: Sandbox, name: str) -> list[dict[str, Any]]:
    before = len(sandbox.records())
    (scenario,) = (scenario for scenario in SCENARIOS if scenario.name == name)
    scenario.act(sandbox)
    return sandbox.records()[before:]


def service(ecs: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = ecs.describe_services(cluster="production", services=[name])["services"][0]
    return found


def test_scale_web(sandbox, world):
    (record,) = play(sandbox, "scale-web")

    assert record["userIdentity"]["userName"] == "ops-admin"
    assert service(world, "web")["desiredCount"] == 5


def test_deploy_image_copies_everything_but_the_image(sandbox, world):
    before = world.describe_task_definition(taskDefinition="web-app")["taskDefinition"]

    records = play(sandbox, "deploy-image")

    changes = [record for record in records if not record["readOnly"]]
    assert [record["eventName"] for record in changes] == ["RegisterTaskDefinition", "UpdateService"]
    assert {record["sessionCredentialFromConsole"] for record in changes} == {"true"}
    after = world.describe_task_definition(taskDefinition=service(world, "api")["taskDefinition"])["taskDefinition"]
    assert after["containerDefinitions"][0].pop("image") == "nginx:1.21"
    assert before["containerDefinitions"][0].pop("image") == "nginx:1.20"
    assert after["containerDefinitions"] == before["containerDefinitions"]
    assert after["revision"] == before["revision"] + 1
    assert {key for key in before if before[key] != after[key]} <= {
        *("revision", "taskDefinitionArn", "registeredAt", "registeredBy")
    }


def test_add_spot(sandbox, world):
    (record,) = play(sandbox, "add-spot")

    assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "deploy"
    cluster = world.describe_clusters(clusters=["production"])["clusters"][0]
    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert [m["capacityProvider"] for m in cluster["defaultCapacityProviderStrategy"]] == ["FARGATE_SPOT"]


def test_read_only_only_reads(sandbox, world):
    assert {record["readOnly"] for record in play(sandbox, "read-only")} == {True}


def test_failed_call_fails_and_says_so_in_the_record(sandbox, world):
    (record,) = play(sandbox, "failed-call")

    assert record["errorCode"] == "ServiceNotFoundException"


def test_autoscaling_step_is_the_services_own(sandbox, world):
    (record,) = play(sandbox, "autoscaling-step")

    assert record["userIdentity"]["invokedBy"] == "ecs.application-autoscaling.amazonaws.com"
    assert service(world, "worker")["desiredCount"] == 4


def test_no_op_update_changes_no_setting(sandbox, world):
    before = service(world, "web")

    play(sandbox, "no-op-update")

    after = service(world, "web")
    assert {member for member in before if before[member] != after[member]} == {"deployments"}


def test_eks_cluster_shares_only_its_name(sandbox, world):
    (record,) = play(sandbox, "eks-cluster")

    assert (record["eventSource"], record["eventName"]) == ("eks.amazonaws.com", "CreateCluster")
    assert record["requestParameters"]["name"] == "production"


def test_scenarios_have_different_names_and_one_line_each():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    assert all(scenario.description and "\n" not in scenario.description for scenario in SCENARIOS)
