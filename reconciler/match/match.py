"""Which workspaces and addresses a change event is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.match.answers import Target, Unmatched, targets_of, users_of
from reconciler.match.index import DEPOSED, StateIndex
from reconciler.match.nearest import nearest
from reconciler.match.related import match_related
from reconciler.match.relations import SOURCES
from reconciler.match.uses import CODEDEPLOY, REVISION
from reconciler.model import ChangeEvent, Entry, ResourceId

_TAKEN = 1000
"""How many of a type are looked for in one resource: a service has at most 50 policies, and 200 scheduled actions."""


def match_event(event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    """Return the targets of each resource that the event names, or why there is none.

    Nothing at all for a call of IAM or Cloud Map about what no resource of ECS in a state uses.
    """
    if event.source in SOURCES:
        return match_related(event, index)
    matches = (found for identity in event.resources for found in _match(identity, event, index))
    return tuple(dict.fromkeys((*matches, *_taken(event, index))))


def _taken(event: ChangeEvent, index: StateIndex) -> Iterator[Target]:
    """Yield what a call ends along with the resource that it names: nobody names that."""
    for identity in event.resources[:1] if event.takes else ():
        around = _located(identity, event)
        for type_ in event.takes:
            inside = replace(around, type=type_, arn=None, service=around.service or around.name, name=None)
            for entry in index.inside(inside, _TAKEN):
                yield from targets_of([entry])


def _match(identity: ResourceId, event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    identity = _located(identity, event)
    entries = (
        *(index.find(identity) if identity.type else ()),
        *_tags(identity, event, index),
        *_deployed_by_codedeploy(identity, index),
    )
    runners = _runners(identity, event, index)
    if entries and runners and not any(entry.identity.revision == identity.revision for entry in entries):
        return (*targets_of(entries), _missed(identity, event, runners))
    if entries:
        used_by = users_of(runners) if runners else ""
        return tuple(replace(target, used_by=used_by) for target in targets_of(entries))
    if runners:
        return (_missed(identity, event, runners),)
    if deposed := _deposed(identity, index):
        return (_to_be_destroyed(identity, deposed[0]),)
    owner = _owner(identity, index)
    near = nearest(identity, index) if identity.type and owner is None else ""
    return (Unmatched(identity, owner, "; ".join(filter(None, (_reason(identity, owner, event), near)))),)


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


def _runners(identity: ResourceId, event: ChangeEvent, index: StateIndex) -> Sequence[Entry]:
    """Return the services that run a revision which a call ended, and that no definition in their state gives them."""
    if identity.type != "aws_ecs_task_definition" or not event.ends(identity.type):
        return ()
    return index.find(replace(identity, type=REVISION, name=f"{identity.family}:{identity.revision}"))


def _missed(identity: ResourceId, event: ChangeEvent, runners: Sequence[Entry]) -> Unmatched:
    reason = (
        f"{identity.label} was taken away ({event.name}), and {users_of(runners)} runs it, as the state has it: its "
        "tasks go on, but nothing new can be started from it; no state has the revision, so no plan shows it"
    )
    return Unmatched(identity, runners[0].resource.workspace, reason, in_use=True)


def _deposed(identity: ResourceId, index: StateIndex) -> Sequence[Entry]:
    """Return the deposed objects that the identity names: what was replaced and not destroyed yet."""
    found = index.find(replace(identity, type=f"{DEPOSED}{identity.type}")) if identity.type else ()
    return [entry for entry in found if entry.identity.revision == identity.revision]


def _to_be_destroyed(identity: ResourceId, entry: Entry) -> Unmatched:
    there = entry.resource
    reason = (
        f"{identity.label} is a deposed object of {there.address} in {there.workspace} ({there.deposed}): it was "
        "replaced, and the next apply destroys it"
    )
    return Unmatched(identity, there.workspace, reason, deposed=True)


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


def _reason(identity: ResourceId, owner: str | None, event: ChangeEvent) -> str:
    what = identity.label or "the resource"
    if identity.type is None:
        own = _own_setting(what, event)
        return f"{own}Terraform has no resource for {'that' if own else what}, so there is nothing to plan"
    if event.ends(identity.type):
        where = (
            f"no state, though its cluster is managed by {owner}" if owner else "the state of no configured workspace"
        )
        return f"{what} was taken away ({event.name}); it is in {where}: nothing drifted and nothing is left to import"
    if owner and identity.type == "aws_ecs_cluster_capacity_providers":
        return (
            f"the capacity providers of cluster {identity.cluster} are in no state, though {owner} manages "
            "the cluster: they were set outside Terraform"
        )
    if owner:
        outside = ": it was created outside Terraform" if event.effect == "makes" else ""
        return f"{what} is in no state, but its cluster is managed by {owner}{outside}"
    return f"{what} is in the state of no configured workspace"


def _own_setting(name: str, event: ChangeEvent) -> str:
    """Return whose own account setting a call gave or took, as a half-sentence; nothing for other calls."""
    if event.name not in ("PutAccountSetting", "DeleteAccountSetting"):
        return ""
    principal = event.requested.get("principal_arn") or event.actor.arn or event.actor.name
    done = f"set to {event.requested.get('value')}" if event.name == "PutAccountSetting" else "removed"
    return f"the account setting {name} of {principal}, over the account's default, was {done}; "
