"""Which workspaces and addresses a change event is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.match.index import StateIndex
from reconciler.model import ChangeEvent, ResourceId


@dataclass(frozen=True, slots=True)
class Target:
    """An address of a workspace that an event names."""

    workspace: str
    address: str
    identity: ResourceId


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A resource of an event that is in no state. `owner` is the workspace that manages its cluster, if one does."""

    identity: ResourceId
    owner: str | None
    reason: str


def match_event(event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    """Return the targets of each resource that the event names, or why there is none."""
    return tuple(found for identity in event.resources for found in _match(identity, event, index))


def _match(identity: ResourceId, event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    identity = _located(identity, event)
    entries = index.find(identity) if identity.type else ()
    if entries:
        return tuple(Target(e.resource.workspace, e.resource.address, e.identity) for e in entries)
    owner = _owner(identity, index)
    return (Unmatched(identity, owner, _reason(identity, owner)),)


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
