"""A call of IAM or Cloud Map in, out what of ECS uses what it changed, and which resource of a state manages it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from reconciler.match.identify import last_part
from reconciler.match.index import StateIndex
from reconciler.match.uses import NAMESPACE, POLICY, REGISTRY, ROLE
from reconciler.model import Entry, ResourceId

SOURCES = frozenset({"iam.amazonaws.com", "servicediscovery.amazonaws.com"})
"""Event sources whose calls concern ECS only where a state relates them to it."""

_COMPREHENSIVE = {
    "aws_iam_role_policy": "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy_attachment": "aws_iam_role_policy_attachments_exclusive",
}
"""The resource that manages all policies of a role, by the one that manages a single one."""


def users(identity: ResourceId, index: StateIndex) -> tuple[Entry, ...]:
    """Return the resources of ECS that use a role, a policy, a registry or a namespace, each once."""
    match identity.type:
        case "aws_iam_role":
            found = _of_role(identity.name, identity, index)
        case "aws_iam_policy" | "aws_iam_policy_attachment":
            attached = _using(POLICY, identity.arn, identity, index)
            found = chain.from_iterable(_of_role(entry.identity.role, identity, index) for entry in attached)
        case str(type_) if type_.startswith("aws_iam_"):
            found = _of_role(identity.role, identity, index)
        case "aws_service_discovery_service":
            found = _using(REGISTRY, last_part(identity.arn), identity, index)
        case _:
            found = _of_namespace(identity, index)
    return tuple({(e.resource.workspace, e.resource.address): e for e in found}.values())


def managed(identity: ResourceId, index: StateIndex) -> tuple[Entry, ...]:
    """Return the entries that manage what a call of IAM or Cloud Map changed, the closest ones only.

    A policy of a role may be a resource of its own, else be one of those that an exclusive resource lists, else stand
    in the role.
    """
    if not (identity.type or "").startswith("aws_iam_"):
        return index.by_arn(identity.arn) if identity.arn else ()
    ladder = [identity]
    if identity.type == "aws_iam_role_policy_attachment":
        ladder.append(replace(identity, type="aws_iam_policy_attachment"))
    if identity.type in _COMPREHENSIVE:
        ladder.append(replace(identity, type=_COMPREHENSIVE[identity.type], arn=None, name=None))
        ladder.append(ResourceId(type="aws_iam_role", account=identity.account, name=identity.role))
    return next(filter(None, map(index.find, ladder)), ())


def _of_role(name: str | None, asked: ResourceId, index: StateIndex) -> Iterable[Entry]:
    return _using(ROLE, name, replace(asked, region=None), index)


def _of_namespace(identity: ResourceId, index: StateIndex) -> Iterator[Entry]:
    # Service Connect takes a namespace by name as well.
    named = (entry.identity.name for entry in (index.by_arn(identity.arn) if identity.arn else ()))
    for name in dict.fromkeys((last_part(identity.arn), *named)):
        for entry in _using(NAMESPACE, name, identity, index):
            if entry.identity.service:
                yield from _using(REGISTRY, entry.identity.service, identity, index)
            else:
                yield entry


def _using(use: str, name: str | None, asked: ResourceId, index: StateIndex) -> tuple[Entry, ...]:
    if not name:
        return ()
    return index.find(ResourceId(type=use, account=asked.account, region=asked.region, name=name))
