"""What is deleted behind Terraform's back, and what lies beside it. A plan over a deleted service takes two minutes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from tests.e2e.corpus.situation import STACKS, Change, Expected, Root, Situation, drift, finding, healed

HERE = "archive"


def drop(sandbox: Sandbox, service: str, *, force: bool = True) -> None:
    """Delete a service; without force, one that still has tasks to run is kept."""
    sandbox.client("ecs", "jane").delete_service(cluster=HERE, service=service, force=force)


def keep(sandbox: Sandbox) -> None:
    with suppress(ClientError):
        drop(sandbox, "kept", force=False)


def make_again(sandbox: Sandbox) -> None:
    ecs = sandbox.client("ecs", "jane")
    ecs.delete_cluster(cluster="archive-again")
    ecs.create_cluster(clusterName="archive-again")


def make_task_set(sandbox: Sandbox) -> Any:
    """Make a task set beside the one that Terraform made; returns its id."""
    return sandbox.client("ecs", "deploy").create_task_set(
        cluster=HERE, service="canary", taskDefinition="archive:1", launchType="EC2"
    )["taskSet"]["taskSetArn"]


def drop_task_set(sandbox: Sandbox, task_set: str) -> None:
    """Delete a task set."""
    sandbox.client("ecs", "deploy").delete_task_set(cluster=HERE, service="canary", taskSet=task_set, force=True)


def first_task_set(sandbox: Sandbox) -> Any:
    """Return the id of the task set that Terraform made."""
    found = sandbox.client("ecs", "deploy").describe_task_sets(cluster=HERE, service="canary")["taskSets"]
    return found[0]["taskSetArn"]


def erase(sandbox: Sandbox) -> None:
    ecs = sandbox.client("ecs", "jane")
    ecs.deregister_task_definition(taskDefinition="archive-erased:1")
    ecs.delete_task_definitions(taskDefinitions=["archive-erased:1"])


def dropped(name: str, service: str) -> Situation:
    """Return a situation: somebody deletes a service that Terraform made."""
    address = f"aws_ecs_service.{service.replace('-', '_')}"
    return Situation(
        name=name,
        act=lambda aws: drop(aws, service),
        findings=finding("deleted", HERE, address, severity="critical"),
    )


SERVICES = (
    dropped("a service is deleted", "web"),
    dropped("a service is deleted, and drains while a load balancer has its tasks", "draining"),
    Situation(
        name="beside deletions, a service that is scaled",
        act=lambda aws: aws.client("ecs").update_service(cluster=HERE, service="scaled", desiredCount=4),
        findings=drift(HERE, 'aws_ecs_service.staying["scaled"]', Change("desired_count", 1, 4)),
    ),
    Situation(name="a deletion that ECS refuses", act=keep, skipped={"failed_call": 1}),
    dropped("a service whose code ignores everything is deleted", "hands-off"),
    Situation(
        name="beside deletions, a service that stays as it is",
        act=lambda aws: aws.client("ecs").update_service(cluster=HERE, service="kept", desiredCount=1),
        findings=healed(HERE, 'aws_ecs_service.staying["kept"]'),
    ),
)

TASK_SETS = (
    Situation(
        name="a task set is deleted",
        act=lambda aws: drop_task_set(aws, first_task_set(aws)),
        findings=finding("deleted", HERE, "aws_ecs_task_set.canary"),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a task set that no code has",
        act=make_task_set,
        findings=(Expected(status="unmanaged", workspace=HERE, reason="task-set/archive/canary/"),),
    ),
    Situation(
        name="a task set that no code has, deleted again",
        act=lambda aws: drop_task_set(aws, make_task_set(aws)),
        findings=(Expected(status="healed", workspace=HERE, reason="came and went"),),
    ),
)

OTHERS = (
    Situation(
        name="a cluster is deleted",
        act=lambda aws: aws.client("ecs", "jane").delete_cluster(cluster="archive-empty"),
        findings=finding("deleted", HERE, "aws_ecs_cluster.empty", severity="critical"),
    ),
    Situation(
        name="a cluster is deleted and made again, as it was",
        act=make_again,
        findings=healed(HERE, "aws_ecs_cluster.again"),
    ),
    Situation(
        name="a capacity provider is deleted",
        act=lambda aws: aws.client("ecs", "jane").delete_capacity_provider(capacityProvider="archive-spare"),
        findings=finding("deleted", HERE, "aws_ecs_capacity_provider.spare", severity="high"),
    ),
    Situation(
        name="a revision that no service runs is deregistered",
        act=lambda aws: aws.client("ecs", "jane").deregister_task_definition(taskDefinition="archive-retired:1"),
        findings=finding("deleted", HERE, 'aws_ecs_task_definition.unused["retired"]'),
    ),
    Situation(
        name="a revision that no service runs is deleted",
        act=erase,
        findings=finding("deleted", HERE, 'aws_ecs_task_definition.unused["erased"]'),
    ),
)

ROOTS = (Root(name=HERE, source=STACKS / HERE),)
SITUATIONS = (*SERVICES, *TASK_SETS, *OTHERS)
