"""One sandbox for each test file: it starts in a fraction of a second, and moto's state belongs to the process."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler.sandbox import Sandbox

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def ecs(sandbox: Sandbox) -> Any:
    return sandbox.client("ecs", "ops-admin")


@pytest.fixture
def cluster(ecs: Any) -> str:
    name = f"cluster-{next(_NUMBERS)}"
    ecs.create_cluster(clusterName=name)
    return name


@pytest.fixture(scope="module")
def subnet(sandbox: Sandbox) -> str:
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    found: str = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    return found


@pytest.fixture
def register(ecs: Any) -> Callable[..., str]:
    """Register a small Fargate task definition, which returns its ARN; keyword arguments are the container's."""

    def register_one(family: str, **container: Any) -> str:
        arn: str = ecs.register_task_definition(
            family=family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "nginx", "image": "nginx:1.20", **container}],
        )["taskDefinition"]["taskDefinitionArn"]
        return arn

    return register_one


@pytest.fixture
def task_definition(register: Callable[..., str]) -> str:
    return register(f"family-{next(_NUMBERS)}")


@pytest.fixture
def create_service(ecs: Any, cluster: str, task_definition: str, subnet: str) -> Callable[..., dict[str, Any]]:
    """Create the service `web` in this test's cluster; keyword arguments are CreateService's."""

    def create(**members: Any) -> dict[str, Any]:
        network = {"awsvpcConfiguration": {"subnets": [subnet]}}
        wanted = {"taskDefinition": task_definition, "desiredCount": 3, "networkConfiguration": network, **members}
        if not wanted.keys() & {"launchType", "capacityProviderStrategy"}:
            wanted["launchType"] = "FARGATE"
        service: dict[str, Any] = ecs.create_service(cluster=cluster, serviceName="web", **wanted)["service"]
        return service

    return create


@pytest.fixture
def live(ecs: Any, cluster: str) -> Callable[[], dict[str, Any]]:
    """Return the service `web` of this test's cluster, as it is now."""

    def described() -> dict[str, Any]:
        service: dict[str, Any] = ecs.describe_services(cluster=cluster, services=["web"])["services"][0]
        return service

    return described


@pytest.fixture
def recorded(sandbox: Sandbox) -> Callable[[Callable[[], Any]], dict[str, Any]]:
    """Return the one record that an action causes."""

    def record(action: Callable[[], Any]) -> dict[str, Any]:
        before = len(sandbox.records())
        action()
        fresh = sandbox.records()[before:]
        assert len(fresh) == 1, [found["eventName"] for found in fresh]
        return fresh[0]

    return record
