"""What people and programs do to the quickstart's world, call by call, each as the person who would.

Enters: a sandbox to which `examples/terraform/quickstart` has been applied, or clients for one in another process.
Leaves: the calls made, and so their records. Three of the scenarios cause drift; the others are what must not be taken
for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.clients import Clients
from reconciler.sandbox.embedded import Sandbox
from reconciler.sandbox.identities import ACCOUNT
from reconciler.sandbox.shapes import service_model

CLUSTER = "production"


def scale_web(sandbox: Sandbox | Clients) -> None:
    """Scale the service `web` from 3 to 5 tasks, as the IAM user ops-admin."""
    sandbox.client("ecs", "ops-admin").update_service(cluster=CLUSTER, service="web", desiredCount=5)


def deploy_image(sandbox: Sandbox | Clients) -> None:
    """Register `web-app` with nginx:1.21 and move the service `api` to it, as a developer in the console."""
    ecs = sandbox.client("ecs", "developer")
    live = ecs.describe_services(cluster=CLUSTER, services=["api"])["services"][0]["taskDefinition"]
    definition = _registrable(ecs.describe_task_definition(taskDefinition=live)["taskDefinition"])
    for container in definition["containerDefinitions"]:
        if container["name"] == "nginx":
            container["image"] = "nginx:1.21"
    registered = ecs.register_task_definition(**definition)["taskDefinition"]
    ecs.update_service(
        cluster=CLUSTER, service="api", taskDefinition=f"{registered['family']}:{registered['revision']}"
    )


def add_spot(sandbox: Sandbox | Clients) -> None:
    """Add FARGATE_SPOT to the cluster and make it the default, as the assumed role `deploy`."""
    sandbox.client("ecs", "deploy").put_cluster_capacity_providers(
        cluster=CLUSTER,
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )


def read_only(sandbox: Sandbox | Clients) -> None:
    """Look at the services without touching them, as jane through SSO."""
    ecs = sandbox.client("ecs", "jane")
    ecs.list_services(cluster=CLUSTER)
    ecs.describe_services(cluster=CLUSTER, services=["web", "api", "worker"])


def failed_call(sandbox: Sandbox | Clients) -> None:
    """Update a service that does not exist; the call fails and changes nothing."""
    ecs = sandbox.client("ecs", "ops-admin")
    try:
        ecs.update_service(cluster=CLUSTER, service="webb", desiredCount=9)
    except ecs.exceptions.ServiceNotFoundException:
        return
    raise AssertionError("a service named webb exists")


def autoscaling_step(sandbox: Sandbox | Clients) -> None:
    """Raise the service `worker` to 4 tasks, as Application Auto Scaling does by itself."""
    sandbox.client("ecs", "autoscaling").update_service(cluster=CLUSTER, service="worker", desiredCount=4)


def no_op_update(sandbox: Sandbox | Clients) -> None:
    """Redeploy the service `web` with the values it has, as jane: the tasks are new, the settings are not."""
    ecs = sandbox.client("ecs", "jane")
    service = ecs.describe_services(cluster=CLUSTER, services=["web"])["services"][0]
    ecs.update_service(
        cluster=CLUSTER,
        service="web",
        desiredCount=service["desiredCount"],
        taskDefinition=service["taskDefinition"],
        forceNewDeployment=True,
    )


def eks_cluster(sandbox: Sandbox | Clients) -> None:
    """Create a Kubernetes cluster that is also named `production`: the same event name, another service."""
    sandbox.client("eks", "jane").create_cluster(
        name=CLUSTER,
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks-service",
        resourcesVpcConfig={"subnetIds": ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]},
    )


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that happens. `drifts` tells whether Terraform would want to undo it."""

    name: str
    description: str
    drifts: bool
    act: Callable[[Sandbox | Clients], None]


SCENARIOS = (
    Scenario("scale-web", "ops-admin scales web from 3 to 5 tasks", True, scale_web),
    Scenario("deploy-image", "a developer moves api to nginx:1.21 in the console", True, deploy_image),
    Scenario("add-spot", "the deploy role makes FARGATE_SPOT the cluster's default", True, add_spot),
    Scenario("read-only", "jane looks at the services", False, read_only),
    Scenario("failed-call", "ops-admin mistypes a service's name", False, failed_call),
    Scenario("autoscaling-step", "Application Auto Scaling raises worker to 4 tasks", False, autoscaling_step),
    Scenario("no-op-update", "jane redeploys web as it is", False, no_op_update),
    Scenario("eks-cluster", "jane creates an EKS cluster of the same name", False, eks_cluster),
)
"""What changes things comes first; `no-op-update` redeploys web with whatever size it then has."""


def _registrable(definition: dict[str, Any]) -> dict[str, Any]:
    """Return those members of a described task definition that RegisterTaskDefinition takes."""
    accepted = service_model("ecs").operation_model("RegisterTaskDefinition").input_shape.members
    return {member: value for member, value in definition.items() if member in accepted}
