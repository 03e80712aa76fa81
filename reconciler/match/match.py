"""Which workspaces and addresses a change event is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.match.index import StateIndex
from reconciler.match.nearest import nearest
from reconciler.match.relations import SOURCES, managed, users
from reconciler.match.uses import CODEDEPLOY
from reconciler.model import ChangeEvent, Entry, ResourceId, StateResource


@dataclass(frozen=True, slots=True)
class Target:
    """An address of a workspace that an event names.

    `used_by` says what of ECS uses it, where it is none itself; `also` which other workspaces' states hold it too.
    """

    workspace: str
    address: str
    identity: ResourceId
    used_by: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A resource of an event that is in no state. `owner` is the workspace that manages its cluster, or uses it."""

    identity: ResourceId
    owner: str | None
    reason: str


def match_event(event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    """Return the targets of each resource that the event names, or why there is none.

    Nothing at all for a call of IAM or Cloud Map about what no resource of ECS in a state uses.
    """
    if event.source in SOURCES:
        return _match_related(event, index)
    matches = (found for identity in event.resources for found in _match(identity, event, index))
    return tuple(dict.fromkeys(matches))


def _match_related(event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    # What changed comes first; the role that a policy belongs to is named beside it.
    identity = event.resources[0]
    found = users(identity, index)
    if not found:
        return ()
    entries = managed(identity, index)
    if entries:
        return tuple(replace(target, used_by=_users(found)) for target in _targets(entries))
    # Nobody's business: tags and descriptions of what nobody manages, and a version of a policy that does not hold.
    if event.severity == "low" or (event.name == "CreatePolicyVersion" and not _holds(event)):
        return ()
    return (Unmatched(identity, _workspace(found), _used(event, identity, found)),)


def _holds(event: ChangeEvent) -> bool:
    return str(event.requested.get("set_as_default")).lower() == "true"


def _match(identity: ResourceId, event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    identity = _located(identity, event)
    entries = (
        *(index.find(identity) if identity.type else ()),
        *_tags(identity, event, index),
        *_deployed_by_codedeploy(identity, index),
    )
    if entries:
        return _targets(entries)
    owner = _owner(identity, index)
    near = nearest(identity, index) if identity.type and owner is None else ""
    return (Unmatched(identity, owner, "; ".join(filter(None, (_reason(identity, owner), near)))),)


def _targets(entries: Sequence[Entry]) -> tuple[Target, ...]:
    managers = [entry.resource for entry in entries]
    places = [f"{each.address} in {each.workspace}" for each in managers]
    return tuple(
        Target(each.workspace, each.address, entry.identity, also=_others(each.workspace, managers, places))
        for entry, each in zip(entries, managers, strict=True)
    )


def _others(workspace: str, managers: Sequence[StateResource], places: Sequence[str]) -> str:
    return ", ".join(place for each, place in zip(managers, places, strict=True) if each.workspace != workspace)


def _tags(identity: ResourceId, event: ChangeEvent, index: StateIndex) -> Iterator[Entry]:
    """Yield the `aws_ecs_tag` resources whose tags a call sets or removes."""
    tags = event.requested.get("tags") if event.name in ("TagResource", "UntagResource") else None
    if identity.arn and isinstance(tags, Mapping):
        for key in tags:
            yield from index.find(ResourceId(type="aws_ecs_tag", arn=identity.arn, name=key))


def _deployed_by_codedeploy(identity: ResourceId, index: StateIndex) -> Sequence[Entry]:
    """Return the service of a task set that CodeDeploy makes: Terraform has no resource for that, only the service."""
    if identity.type != "aws_ecs_task_set":
        return ()
    service = replace(identity, type="aws_ecs_service", arn=None, name=identity.service, service=None)
    return index.find(service) if index.find(replace(service, type=CODEDEPLOY)) else ()


def _workspace(entries: Sequence[Entry]) -> str:
    return entries[0].resource.workspace


def _used(event: ChangeEvent, identity: ResourceId, found: Sequence[Entry]) -> str:
    what = identity.arn or identity.name or "something"
    told = _TOLD.get(event.name, "{what} was changed").format(what=what, role=identity.role or identity.name)
    return f"{told}; it serves {_users(found)}; no state has it, so no plan shows it: a person must look at it"


def _users(found: Sequence[Entry]) -> str:
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{found[0].resource.address} in {_workspace(found)}{more}"


_TOLD: Mapping[str, str] = {
    "AttachRolePolicy": "{what} was attached to the role {role}",
    "DetachRolePolicy": "{what} was detached from the role {role}",
    "PutRolePolicy": "the policy {what} was written into the role {role}",
    "DeleteRolePolicy": "the policy {what} was deleted from the role {role}",
    "UpdateAssumeRolePolicy": "who may assume the role {role} was changed",
    "PutRolePermissionsBoundary": "the permissions boundary of the role {role} was set",
    "DeleteRolePermissionsBoundary": "the permissions boundary was removed from the role {role}",
    "DeleteRole": "the role {role} was deleted",
    "CreatePolicyVersion": "a version of the policy {what} was written",
    "SetDefaultPolicyVersion": "another version of the policy {what} was made the one that holds",
    "DeletePolicy": "the policy {what} was deleted",
    "UpdateService": "the registry {what} was changed",
    "DeleteService": "the registry {what} was deleted",
    "DeleteNamespace": "the namespace {what} was deleted",
}
"""What a call of IAM or Cloud Map did, in a sentence that names what ECS uses last."""


def _located(identity: ResourceId, event: ChangeEvent) -> ResourceId:
    """Return the identity with the event's account and region, and with the name that its type is known by."""
    cluster, name = identity.cluster, identity.name
    if identity.type == "aws_ecs_cluster_capacity_providers":
        cluster = cluster or name
    elif identity.type == "aws_ecs_cluster":
        name = name or cluster
    account, region = identity.account or event.account, identity.region or event.region
    return replace(identity, account=account, region=region, cluster=cluster, name=name)


def _owner(identity: ResourceId, index: StateIndex) -> str | None:
    if not identity.cluster or identity.type == "aws_ecs_cluster":
        return None
    cluster = ResourceId(
        type="aws_ecs_cluster", account=identity.account, region=identity.region, name=identity.cluster
    )
    owners = index.find(cluster)
    return owners[0].resource.workspace if owners else None


def _reason(identity: ResourceId, owner: str | None) -> str:
    what = identity.arn or identity.name or identity.family or identity.cluster or "the resource"
    if identity.type is None:
        return f"Terraform has no resource for {what}, so there is nothing to plan"
    if owner and identity.type == "aws_ecs_cluster_capacity_providers":
        return (
            f"the capacity providers of cluster {identity.cluster} are in no state, though {owner} manages "
            "the cluster: they were set outside Terraform"
        )
    if owner:
        return f"{what} is in no state, but its cluster is managed by {owner}: it was created outside Terraform"
    return f"{what} is in the state of no configured workspace"
