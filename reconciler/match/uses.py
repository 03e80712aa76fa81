"""What resources of a state use that it need not hold: a task definition its roles, a service its registry or revision.

A call about a role says nothing of ECS; the states do. So the index also keeps, for each resource that uses another
one, an entry under what it uses: one look-up a call, whatever the states hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from reconciler.match.identify import last_part
from reconciler.model import Json, JsonObject, ResourceId

USES = ROLE, POLICY, REGISTRY, NAMESPACE, CODEDEPLOY, REVISION = (
    "uses:role",
    "uses:policy",
    "uses:registry",
    "uses:namespace",
    "uses:codedeploy",
    "uses:revision",
)
"""The types of the identities under which the index keeps the users."""


def uses(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    """Yield what a resource of a state uses, each as an identity that the using resource is to be found by."""
    reader = _READERS.get(identity.type or "")
    if reader is not None:
        yield from dict.fromkeys(reader(identity, attributes))


def _use(
    kind: str, name: Json, user: ResourceId, *, role: str | None = None, service: str | None = None
) -> Iterator[ResourceId]:
    if isinstance(name, str) and name:
        region = user.region if kind in (REGISTRY, NAMESPACE, REVISION) else None
        yield ResourceId(type=kind, account=user.account, region=region, name=name, role=role, service=service)


def _roles(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for member in ("task_role_arn", "execution_role_arn"):
        yield from _use(ROLE, last_part(attributes.get(member)), identity)


def _registries(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for block in _blocks(attributes, "service_registries"):
        yield from _use(REGISTRY, last_part(block.get("registry_arn")), identity)
    for block in _blocks(attributes, "service_connect_configuration"):
        yield from _use(NAMESPACE, last_part(block.get("namespace")), identity)


def _deployer(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    if any(block.get("type") == "CODE_DEPLOY" for block in _blocks(attributes, "deployment_controller")):
        yield replace(identity, type=CODEDEPLOY, arn=None)


def _of_service(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    yield from _registries(identity, attributes)
    yield from _deployer(identity, attributes)
    yield from _use(REVISION, last_part(attributes.get("task_definition")), identity)


def _default_namespace(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for block in _blocks(attributes, "service_connect_defaults"):
        yield from _use(NAMESPACE, last_part(block.get("namespace")), identity)


def _own_namespace(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    registry = last_part(identity.arn)
    yield from _use(NAMESPACE, attributes.get("namespace_id"), identity, service=registry)
    for block in _blocks(attributes, "dns_config"):
        yield from _use(NAMESPACE, block.get("namespace_id"), identity, service=registry)


def _policies(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    role = identity.role or identity.name
    for member in ("policy_arns", "managed_policy_arns"):
        for arn in attributes.get(member) or ():
            yield from _use(POLICY, arn, identity, role=role)


def _attached_policy(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    yield from _use(POLICY, identity.arn, identity, role=identity.role)


def _attached_everywhere(identity: ResourceId, attributes: JsonObject) -> Iterator[ResourceId]:
    for role in attributes.get("roles") or ():
        yield from _use(POLICY, identity.arn, identity, role=last_part(role))


_READERS: Mapping[str, Callable[[ResourceId, JsonObject], Iterator[ResourceId]]] = {
    "aws_ecs_task_definition": _roles,
    "aws_ecs_service": _of_service,
    "aws_ecs_cluster": _default_namespace,
    "aws_service_discovery_service": _own_namespace,
    "aws_iam_policy_attachment": _attached_everywhere,
    "aws_iam_role": _policies,
    "aws_iam_role_policy_attachment": _attached_policy,
    "aws_iam_role_policy_attachments_exclusive": _policies,
}


def _blocks(attributes: JsonObject, name: str) -> Iterator[JsonObject]:
    found = attributes.get(name)
    yield from (block for block in (found if isinstance(found, list | tuple) else ()) if isinstance(block, Mapping))
