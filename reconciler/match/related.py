"""Calls of IAM and Cloud Map: matched where something of ECS uses what they changed, and told in its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.match.answers import Target, Unmatched, targets_of, users_of
from reconciler.match.index import StateIndex
from reconciler.match.relations import managed, users
from reconciler.model import ChangeEvent, Entry, ResourceId

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
"""What a call did, in a sentence that names what ECS uses last."""


def match_related(event: ChangeEvent, index: StateIndex) -> tuple[Target | Unmatched, ...]:
    """Return the targets of a call of IAM or Cloud Map, or why it has none; nothing where nothing of ECS uses it."""
    # What changed comes first; the role that a policy belongs to is named beside it.
    identity = event.resources[0]
    found = users(identity, index)
    if not found:
        return ()
    entries = managed(identity, index)
    if entries:
        return tuple(replace(target, used_by=users_of(found)) for target in targets_of(entries))
    # Nobody's business: tags and descriptions of what nobody manages, and a version of a policy that does not hold.
    if event.severity == "low" or (
        event.name == "CreatePolicyVersion" and event.requested.get("set_as_default") is not True
    ):
        return ()
    return (Unmatched(identity, found[0].resource.workspace, _used(event, identity, found), in_use=True),)


def _used(event: ChangeEvent, identity: ResourceId, found: Sequence[Entry]) -> str:
    what = identity.arn or identity.name or "something"
    told = _TOLD.get(event.name, "{what} was changed").format(what=what, role=identity.role or identity.name)
    return f"{told}; it serves {users_of(found)}; no state has it, so no plan shows it: a person must look at it"
