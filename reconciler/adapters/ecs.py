"""What Amazon ECS itself says: task definition revisions, and whether resources are there.

It is asked as the resource's provider asks. An answer counts only from the account that has the resource.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    """How ECS is asked about resources of one kind: the operation, what it calls them, how many it takes at once.

    `place` is what they have in common, and is sent beside their names.
    """

    operation: str
    names: str
    at_once: int
    place: Callable[[ResourceId], JsonObject] = lambda _resource: {}

    @property
    def arn(self) -> str:
        """Return what the answer calls a resource's ARN: `serviceArn` of `services`."""
        return f"{self.names.removesuffix('s')}Arn"

    def request(self, resources: Sequence[ResourceId]) -> JsonObject:
        """Return what is sent: ARNs, where they are known."""
        asked = list(dict.fromkeys(resource.arn or _name_of(resource) for resource in resources))
        return {**self.place(resources[0]), self.names: asked if self.names.endswith("s") else asked[0]}


def _cluster_of(resource: ResourceId) -> str:
    # By its ARN: the account that is asked refuses another one's, and would know a cluster of the same name.
    place, found, _ = (resource.arn or "").partition(f":{resource.account}:")
    name = resource.cluster or "default"
    return f"{place}{found}cluster/{name}" if found else name


def _name_of(resource: ResourceId) -> str:
    """Return what its ARN ends in, which tells a resource from the others of its place."""
    return f"{resource.family}:{resource.revision}" if resource.family else _last(resource.name or "")


_CALLS: Mapping[str | None, _Call] = {
    "aws_ecs_service": _Call("DescribeServices", "services", 10, lambda r: {"cluster": _cluster_of(r)}),
    "aws_ecs_cluster": _Call("DescribeClusters", "clusters", 100),
    "aws_ecs_capacity_provider": _Call("DescribeCapacityProviders", "capacityProviders", 100),
    "aws_ecs_task_set": _Call(
        "DescribeTaskSets", "taskSets", 1, lambda r: {"cluster": _cluster_of(r), "service": r.service}
    ),
    "aws_ecs_task_definition": _Call("DescribeTaskDefinition", "taskDefinition", 1),
}


class EcsStatus:
    """What Amazon ECS calls the status of resources. Needs `ecs:` and the operation that `_CALLS` has for a type."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, patience: float | None = None) -> None:
        """`patience` is in seconds, for the one attempt that is then made; by default twice 20 seconds."""
        self._environment = os.environ if environment is None else environment
        self._options = PATIENT if patience is None else {"patience": patience}

    def __call__(self, workspace: Workspace, resources: Iterable[ResourceId]) -> Iterator[tuple[ResourceId, str]]:
        """Yield the resources with `ACTIVE`, `DRAINING`, `INACTIVE` and the like, `MISSING` where there is none.

        AWS is asked in their own regions, by their ARNs where those are known, and about as many at once as it takes.
        Those of other kinds are left out. Raises AwsError where AWS does not say, after what it said before.
        """
        for call, together in _together(resources):
            asker = Asker(self._environment, workspace, together[0].region, **self._options)
            yield from zip(together, _ask(call, together, asker), strict=True)


def _together(resources: Iterable[ResourceId]) -> Iterator[tuple[_Call, Sequence[ResourceId]]]:
    """Yield those that one request asks about."""
    groups: dict[tuple[object, ...], list[ResourceId]] = defaultdict(list)
    for each in dict.fromkeys(resources):
        call = _CALLS.get(each.type)
        if call is not None and (each.name or each.family):
            groups[each.type, each.region, *call.place(each).values()].append(each)
    for group in groups.values():
        call = _CALLS[group[0].type]
        yield from ((call, group[start : start + call.at_once]) for start in range(0, len(group), call.at_once))


def _ask(call: _Call, resources: Sequence[ResourceId], asker: Asker) -> list[str]:
    """Return ECS's word for each of the resources, by one request; raises AwsError."""
    from botocore.exceptions import BotoCoreError, ClientError

    asked = f"ecs:{call.operation} in {resources[0].region}{asker.aside}"
    try:
        found = _find(call, resources, asker)
        return [_word_for(each, found.get(_name_of(each)), call, asker) for each in resources]
    except ClientError as error:
        refused = error.response.get("Error", {})
        code, message = refused.get("Code", "unknown"), refused.get("Message", "")
        raise AwsError(f"{asked}: {code}: {message}") from error
    except (BotoCoreError, AwsError) as error:
        raise AwsError(f"{asked}: {error}") from error


def _word_for(resource: ResourceId, found: JsonObject | None, call: _Call, asker: Asker) -> str:
    account = _account_of(found.get(call.arn)) if found else resource.account and asker.account()
    if account and resource.account and account != resource.account:
        raise AwsError(f"account {account} has answered for {resource.account}")
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
        return _account_of(roles[-1].arn) if roles else _caller(self.client("sts"))


@lru_cache(maxsize=128)
def _caller(sts: Any) -> str:
    """Return the account of a client, which is the same as long as the client lives."""
    return str(sts.get_caller_identity()["Account"])


def _find(call: _Call, resources: Sequence[ResourceId], asker: Asker) -> Mapping[str, JsonObject]:
    """Return what ECS has of the resources, by name; raises AwsError and botocore's exceptions."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    try:
        answer = getattr(asker.client("ecs"), xform_name(call.operation))(**call.request(resources))
    except ClientError as error:
        refused = error.response.get("Error", {})
        if refused.get("Code") in _GONE_WITH or _NO_REVISION in refused.get("Message", ""):
            return {}
        raise
    found = answer[call.names] if isinstance(answer[call.names], Sequence) else [answer[call.names]]
    there = {_last(each.get(call.arn, "")): each for each in found}
    asked = {_name_of(resource) for resource in resources}
    reasons = [each.get("reason") for each in answer.get("failures", ()) if each.get("reason") != MISSING]
    if asked - there.keys() and reasons:
        raise AwsError(str(reasons[0]))
    if there.keys() - asked:
        raise AwsError(f"it has answered for {', '.join(sorted(there.keys() - asked))}, which was not asked for")
    return there


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _account_of(arn: str | None) -> str | None:
    return arn.split(":")[4] if arn and arn.startswith("arn:") else None
