"""What Amazon ECS itself says: task definition revisions, and whether resources are there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
QUICK = 1.0
"""Seconds that AWS may take to answer what is of use at once or not at all."""
PATIENT: JsonObject = {"patience": 20.0, "attempts": 2}
"""For what a finding waits for; botocore's own is a minute, four times, in which a whole workspace stands still."""
_GONE_WITH = frozenset({"ClusterNotFoundException", "ServiceNotFoundException", "TaskSetNotFoundException"})
_NO_REVISION = "Unable to describe task definition"
"""What ECS says of a revision that never was or was deleted; its code, ClientException, is also that of refusals."""


@dataclass(frozen=True, slots=True)
class _Call:
    """How ECS is asked about one kind of resource: the operation, where its answer is, and what is sent."""

    operation: str
    answer: str
    request: Callable[[ResourceId], JsonObject]


def _cluster_of(resource: ResourceId) -> str:
    # By its ARN: the account that is asked refuses another one's, and would know a cluster of the same name.
    place, found, _ = (resource.arn or "").partition(f":{resource.account}:")
    name = resource.cluster or "default"
    return f"{place}{found}cluster/{name}" if found else name


_CALLS: Mapping[str | None, _Call] = {
    "aws_ecs_service": _Call(
        "DescribeServices", "services", lambda r: {"cluster": _cluster_of(r), "services": [r.arn or r.name]}
    ),
    "aws_ecs_cluster": _Call("DescribeClusters", "clusters", lambda r: {"clusters": [r.arn or r.name]}),
    "aws_ecs_capacity_provider": _Call(
        "DescribeCapacityProviders", "capacityProviders", lambda r: {"capacityProviders": [r.arn or r.name]}
    ),
    "aws_ecs_task_set": _Call(
        "DescribeTaskSets",
        "taskSets",
        lambda r: {"cluster": _cluster_of(r), "service": r.service, "taskSets": [r.arn or r.name]},
    ),
    "aws_ecs_task_definition": _Call(
        "DescribeTaskDefinition", "taskDefinition", lambda r: {"taskDefinition": r.arn or f"{r.family}:{r.revision}"}
    ),
}


class EcsStatus:
    """What Amazon ECS calls the status of a resource. Needs `ecs:` and the operation that `_CALLS` has for its type."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, patience: float | None = None) -> None:
        """`patience` is in seconds, for the one attempt that is then made; by default twice 20 seconds."""
        self._environment = os.environ if environment is None else environment
        self._options = PATIENT if patience is None else {"patience": patience}

    def __call__(self, workspace: Workspace, resource: ResourceId) -> str | None:
        """Return `ACTIVE`, `DRAINING`, `INACTIVE` and the like, `MISSING` when there is none; raises AwsError.

        AWS is asked in the resource's own region, and by its ARN where that is known. None for other kinds.
        """
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError

        call = _CALLS.get(resource.type)
        if call is None or not (resource.name or resource.family):
            return None
        try:
            environment = workspace_environment(self._environment, workspace)
            ecs = client("ecs", environment, region=resource.region, **self._options)
            answer = getattr(ecs, xform_name(call.operation))(**call.request(resource))
        except ClientError as error:
            refused = error.response.get("Error", {})
            code, message = refused.get("Code", "unknown"), refused.get("Message", "")
            if code in _GONE_WITH or _NO_REVISION in message:
                return MISSING
            raise AwsError(f"ecs:{call.operation} in {resource.region}: {code}: {message}") from error
        except BotoCoreError as error:
            raise AwsError(f"ecs:{call.operation} in {resource.region}: {error}") from error
        return _status(call, answer, resource)


def _status(call: _Call, answer: JsonObject, resource: ResourceId) -> str:
    found = answer[call.answer]
    first = (found[0] if found else None) if isinstance(found, list) else found
    if first is not None:
        # A capacity provider stays ACTIVE until its deletion has ended.
        update = str(first.get("updateStatus") or "")
        return update if update.startswith("DELETE_") else str(first.get("status"))
    reasons = [each.get("reason") for each in answer.get("failures", ())]
    if any(reason != MISSING for reason in reasons):
        raise AwsError(f"ecs:{call.operation} in {resource.region}: {reasons[0]}")
    return MISSING
