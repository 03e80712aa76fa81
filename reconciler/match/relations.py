"""What ECS uses of IAM and Cloud Map: which task definition has which role, which service which registry.

A call about a role says nothing of ECS; the states do. So the index also keeps, for each resource that uses another
one, an entry under what it uses: one look-up a call, whatever the states hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Protocol

from reconciler.model import Entry, Json, JsonObject, ResourceId

SOURCES = frozenset({"iam.amazonaws.com", "servicediscovery.amazonaws.com"})
"""Event sources whose calls concern ECS only where a state relates them to it."""

_ROLE, _POLICY, _REGISTRY, _NAMESPACE = "uses:role", "uses:policy", "uses:registry", "uses:namespace"

KEY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": ("name",),
    "aws_iam_role_policy": ("role", "name"),
    "aws_iam_role_policies_exclusive": ("role",),
    "aws_iam_role_policy_attachment": ("role", "arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role",),
    "aws_ecs_tag": ("arn", "name"),
    _ROLE: ("name",),
    _POLICY: ("name",),
    _REGISTRY: ("name",),
    _NAMESPACE: ("name",),
}
"""What names a resource of these types, and a use, within one account; the other types here are known by ARN."""

_COMPREHENSIVE = {
    "aws_iam_role_policy": "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy_attachment": "aws_iam_role_policy_attachments_exclusive",
}
"""The resource that manages all policies of a role, by the one that manages a single one."""


class Index(Protocol):
    """What is needed of the state index."""

    def find(self, identity: ResourceId) -> tuple[Entry, ...]:
        """Return every entry that `identity` names."""

    def by_arn(self, arn: str) -> tuple[Entry, ...]:
        """Return the entries with exactly this ARN."""


def uses(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    """Yield what a resource of a state uses, each as an identity that the using resource is to be found by."""
    reader = _USES.get(identity.type or "")
    if reader is not None:
        yield from dict.fromkeys(reader(identity, attributes))


def users(identity: ResourceId, index: Index) -> tuple[Entry, ...]:
    """Return the resources of ECS that use a role, a policy, a registry or a namespace, each once."""
    match identity.type:
        case "aws_iam_role":
            found = _of_role(identity.name, identity, index)
        case "aws_iam_policy":
            attached = _using(_POLICY, identity.arn, identity, index)
            found = chain.from_iterable(_of_role(entry.identity.role, identity, index) for entry in attached)
        case str(type_) if type_.startswith("aws_iam_"):
            found = _of_role(identity.role, identity, index)
        case "aws_service_discovery_service":
            found = _using(_REGISTRY, _last(identity.arn), identity, index)
        case _:
            found = _of_namespace(identity, index)
    return tuple({(e.resource.workspace, e.resource.address): e for e in found}.values())


def managed(identity: ResourceId, index: Index) -> tuple[Entry, ...]:
    """Return the entries that manage what a call of IAM or Cloud Map changed, the closest ones only.

    A policy of a role may be a resource of its own, else be one of those that an exclusive resource lists, else stand
    in the role.
    """
    if not (identity.type or "").startswith("aws_iam_"):
        return index.by_arn(identity.arn) if identity.arn else ()
    ladder = [identity]
    if identity.type in _COMPREHENSIVE:
        ladder.append(replace(identity, type=_COMPREHENSIVE[identity.type], arn=None, name=None))
        ladder.append(ResourceId(type="aws_iam_role", account=identity.account, name=identity.role))
    return next(filter(None, map(index.find, ladder)), ())


def _of_role(name: str | None, asked: ResourceId, index: Index) -> Iterable[Entry]:
    return _using(_ROLE, name, replace(asked, region=None), index)


def _of_namespace(identity: ResourceId, index: Index) -> Iterator[Entry]:
    # Service Connect takes a namespace by name as well.
    named = (entry.identity.name for entry in (index.by_arn(identity.arn) if identity.arn else ()))
    for name in dict.fromkeys((_last(identity.arn), *named)):
        for entry in _using(_NAMESPACE, name, identity, index):
            if entry.identity.service:
                yield from _using(_REGISTRY, entry.identity.service, identity, index)
            else:
                yield entry


def _using(use: str, name: str | None, asked: ResourceId, index: Index) -> tuple[Entry, ...]:
    if not name:
        return ()
    return index.find(ResourceId(type=use, account=asked.account, region=asked.region, name=name))


def _use(
    kind: str, name: Json, user: ResourceId, *, role: str | None = None, service: str | None = None
) -> Iterator[ResourceId]:
    if isinstance(name, str) and name:
        region = user.region if kind in (_REGISTRY, _NAMESPACE) else None
        yield ResourceId(type=kind, account=user.account, region=region, name=name, role=role, service=service)


def _roles(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for member in ("task_role_arn", "execution_role_arn"):
        yield from _use(_ROLE, _last(attributes.get(member)), identity)


def _registries(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for block in _blocks(attributes, "service_registries"):
        yield from _use(_REGISTRY, _last(block.get("registry_arn")), identity)
    for block in _blocks(attributes, "service_connect_configuration"):
        yield from _use(_NAMESPACE, _last(block.get("namespace")), identity)


def _default_namespace(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for block in _blocks(attributes, "service_connect_defaults"):
        yield from _use(_NAMESPACE, _last(block.get("namespace")), identity)


def _own_namespace(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    registry = _last(identity.arn)
    yield from _use(_NAMESPACE, attributes.get("namespace_id"), identity, service=registry)
    for block in _blocks(attributes, "dns_config"):
        yield from _use(_NAMESPACE, block.get("namespace_id"), identity, service=registry)


def _policies(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    role = identity.role or identity.name
    for member in ("policy_arns", "managed_policy_arns"):
        for arn in attributes.get(member) or ():
            yield from _use(_POLICY, arn, identity, role=role)


def _attached_policy(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    yield from _use(_POLICY, identity.arn, identity, role=identity.role)


_USES: Mapping[str, Callable[[ResourceId, JsonObject], Iterator[ResourceId]]] = {
    "aws_ecs_task_definition": _roles,
    "aws_ecs_service": _registries,
    "aws_ecs_cluster": _default_namespace,
    "aws_service_discovery_service": _own_namespace,
    "aws_iam_role": _policies,
    "aws_iam_role_policy_attachment": _attached_policy,
    "aws_iam_role_policy_attachments_exclusive": _policies,
}


def _blocks(attributes: JsonObject, name: str) -> Iterator[JsonObject]:
    found = attributes.get(name)
    yield from (block for block in (found if isinstance(found, list | tuple) else ()) if isinstance(block, Mapping))


def _last(name_or_arn: Json) -> str | None:
    return str(name_or_arn or "").rpartition("/")[2] or None
