"""Task definition revisions, read from Amazon ECS."""

from __future__ import annotations

import os
from collections.abc import Mapping

from reconciler.adapters.aws import client
from reconciler.adapters.environment import workspace_environment
from reconciler.errors import AwsError
from reconciler.model import JsonObject, Workspace


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
