"""What Amazon ECS itself says: task definition revisions, and whether resources are there.

It is asked as the resource's provider asks. An answer counts only from the account that has the resource.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.adapters.aws import Role, shared_client
from reconciler.adapters.aws_settings import client_options
from reconciler.adapters.environment import workspace_environment
from reconciler.errors import AwsError
from reconciler.model import JsonObject, ResourceId, Workspace

QUICK = 1.0
"""Seconds that AWS may take to answer what is of use at once or not at all."""
PATIENT: JsonObject = {"patience": 20.0, "attempts": 2}
"""For what a finding waits for; botocore's own is a minute, four times, in which a whole workspace stands still."""


class EcsTaskDefinitions:
    """Fulfils `ports.TaskDefinitions`. Needs `ecs:DescribeTaskDefinition`."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def describe(self, workspace: Workspace, region: str, arn: str) -> JsonObject:
        """Return the API's `taskDefinition` object with `tags` from its sibling; raises AwsError."""
        from botocore.exceptions import BotoCoreError, ClientError

        asker = Asker(self._environment, workspace, region, **PATIENT)
        try:
            answer = asker.client("ecs").describe_task_definition(taskDefinition=arn, include=["TAGS"])
        except (BotoCoreError, ClientError) as error:
            asked = f"ecs:DescribeTaskDefinition{asker.aside}"
            raise AwsError(f"{arn} could not be described ({asked}): {error}") from error
        described = answer["taskDefinition"]
        if _account_of(arn) not in {None, _account_of(described["taskDefinitionArn"])}:
            raise AwsError(f"{arn} could not be described{asker.aside}: another account has answered")
        return {**described, "tags": answer.get("tags", [])}


MISSING = "MISSING"
_GONE_WITH = frozenset({"ClusterNotFoundException", "ServiceNotFoundException", "TaskSetNotFoundException"})
_NO_REVISION = "Unable to describe task definition"
"""What ECS says of a revision that never was or was deleted; its code, ClientException, is also that of refusals."""


@dataclass(frozen=True, slots=True)
class _Call:
    """How ECS is asked about one kind of resource: the operation, where its answer is, and what is sent."""

    operation: str
    answer: str
    request: Callable[[ResourceId], JsonObject]

    @property
    def arn(self) -> str:
        """Return what the answer calls the resource's ARN: `serviceArn` of `services`."""
        return f"{self.answer.removesuffix('s')}Arn"


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
        from botocore.exceptions import BotoCoreError, ClientError

        call = _CALLS.get(resource.type)
        if call is None or not (resource.name or resource.family):
            return None
        asker = Asker(self._environment, workspace, resource.region, **self._options)
        asked = f"ecs:{call.operation} in {resource.region}{asker.aside}"
        try:
            found = _find(call, resource, asker)
            account = _account_of(found.get(call.arn)) if found else resource.account and asker.account()
        except ClientError as error:
            refused = error.response.get("Error", {})
            code, message = refused.get("Code", "unknown"), refused.get("Message", "")
            raise AwsError(f"{asked}: {code}: {message}") from error
        except (BotoCoreError, AwsError) as error:
            raise AwsError(f"{asked}: {error}") from error
        if account and resource.account and account != resource.account:
            raise AwsError(f"{asked}: account {account} has answered for {resource.account}")
        if found is None:
            return MISSING
        # A capacity provider stays ACTIVE until its deletion has ended.
        update = str(found.get("updateStatus") or "")
        return update if update.startswith("DELETE_") else str(found.get("status"))


class Asker:
    """Makes clients that ask as the provider of a workspace does, else with its environment: `aside` says why so."""

    def __init__(self, process: Mapping[str, str], workspace: Workspace, region: str | None, **options: Any) -> None:
        self._environment = workspace_environment(process, workspace)
        self._provider = workspace.provider
        self._options = {"region": region, **options}

    @property
    def aside(self) -> str:
        """Return what is to be said of how AWS is asked."""
        because = ", asked with the workspace's environment because only Terraform can"
        if self._provider.untold:
            return f"{because} tell {self._provider.untold} of the provider"
        return f"{because} ask as the provider does" if client_options(self._provider.settings, "ecs") is None else ""

    def client(self, service: str) -> Any:
        """Return a client; raises botocore's exceptions."""
        own = client_options(self._provider.settings, service) or {}
        return shared_client(service, self._environment, **own, **self._options)

    def account(self) -> str | None:
        """Return the account that is asked; nobody is denied that call. Raises botocore's exceptions."""
        roles: Sequence[Role] = (client_options(self._provider.settings, "ecs") or {}).get("roles", ())
        return _account_of(roles[-1].arn) if roles else str(self.client("sts").get_caller_identity()["Account"])


def _find(call: _Call, resource: ResourceId, asker: Asker) -> JsonObject | None:
    """Return what ECS has of a resource, None where it has none; raises AwsError and botocore's exceptions."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    try:
        answer = getattr(asker.client("ecs"), xform_name(call.operation))(**call.request(resource))
    except ClientError as error:
        refused = error.response.get("Error", {})
        if refused.get("Code") in _GONE_WITH or _NO_REVISION in refused.get("Message", ""):
            return None
        raise
    reasons = [each.get("reason") for each in answer.get("failures", ())]
    found: JsonObject | Sequence[JsonObject] = answer[call.answer]
    first = next(iter(found), None) if isinstance(found, Sequence) else found
    if first is None and any(reason != MISSING for reason in reasons):
        raise AwsError(str(reasons[0]))
    return first


def _account_of(arn: str | None) -> str | None:
    return arn.split(":")[4] if arn and arn.startswith("arn:") else None
