"""What is deleted behind Terraform's back. The service makes the plan take two minutes, so nothing else lies there."""

from __future__ import annotations

from tests.e2e.corpus.situation import STACKS, Root, Situation, finding, healed

SITUATIONS = (
    Situation(
        name="a service is deleted",
        act=lambda aws: aws.client("ecs", "jane").delete_service(cluster="archive", service="web", force=True),
        findings=finding("deleted", "archive", "aws_ecs_service.web", severity="critical"),
    ),
    Situation(
        name="a cluster is deleted",
        act=lambda aws: aws.client("ecs", "jane").delete_cluster(cluster="archive-empty"),
        findings=finding("deleted", "archive", "aws_ecs_cluster.empty", severity="critical"),
    ),
    Situation(
        name="a capacity provider is deleted",
        act=lambda aws: aws.client("ecs", "jane").delete_capacity_provider(capacityProvider="archive-spare"),
        findings=finding("deleted", "archive", "aws_ecs_capacity_provider.spare", severity="high"),
    ),
    Situation(
        name="a revision that no service runs is deregistered",
        act=lambda aws: aws.client("ecs", "jane").deregister_task_definition(taskDefinition="archive-retired:1"),
        findings=finding("deleted", "archive", "aws_ecs_task_definition.retired"),
    ),
    Situation(
        name="beside deletions, a service that stays as it is",
        act=lambda aws: aws.client("ecs").update_service(cluster="archive", service="kept", desiredCount=1),
        findings=healed("archive", "aws_ecs_service.kept"),
    ),
)

ROOTS = (Root(name="archive", source=STACKS / "archive"),)
