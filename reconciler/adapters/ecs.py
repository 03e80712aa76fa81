"""What Amazon ECS itself says: task definition revisions, and whether services and clusters are there."""

from __future__ import annotations

import os
from collections.abc import Mapping

from reconciler.adapters.aws import client
from reconciler.adapters.environment import workspace_environment
from reconciler.errors import AwsError
from reconciler.model import JsonObject, ResourceId, Workspace


class EcsTaskDefinitions:
    """Fulfils `ports.TaskDefinitions`. Needs `ecs:DescribeTaskDefinition`."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def describe(self, workspace: Workspace, region: str, arn: str) -> JsonObject:
        """Return the API's `taskDefinition` object with `tags` from its sibling; raises AwsError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            ecs = client("ecs", workspace_environment(self._environment, workspace), region=region)
            answer = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        except (BotoCoreError, ClientError) as error:
            raise AwsError(f"{arn} could not be described (ecs:DescribeTaskDefinition): {error}") from error
        return {**answer["taskDefinition"], "tags": answer.get("tags", [])}


MISSING = "MISSING"
_SECONDS = 1.0
"""How long AWS may take to answer: what is asked here is of use at once or not at all."""


class EcsStatus:
    """What AWS calls the status of a service or cluster. Needs `ecs:DescribeServices` and `ecs:DescribeClusters`."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def __call__(self, workspace: Workspace, resource: ResourceId) -> str | None:
        """Return `ACTIVE`, `DRAINING`, `INACTIVE` and the like, `MISSING` when there is none; raises AwsError.

        None for other kinds of resources.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        service, cluster = resource.type == "aws_ecs_service", resource.type == "aws_ecs_cluster"
        if not (service or cluster) or not resource.name:
            return None
        try:
            environment = workspace_environment(self._environment, workspace)
            ecs = client("ecs", environment, region=resource.region, patience=_SECONDS)
            if cluster:
                found = ecs.describe_clusters(clusters=[resource.name])["clusters"]
            else:
                where = resource.cluster or "default"
                found = ecs.describe_services(cluster=where, services=[resource.name])["services"]
        except (BotoCoreError, ClientError) as error:
            raise AwsError(f"{resource.name} could not be described: {error}") from error
        return str(found[0].get("status")) if found else MISSING
