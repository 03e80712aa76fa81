"""Policies that somebody gave a role or took from it, beside code for policies that was never applied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.drift.addresses import provider_key
from reconciler.drift.differences import find_differences
from reconciler.model.drift import AttributeChange, Drift, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, PlannedChange, has_unknown
from reconciler.model.workspace import StateResource

_OWN = frozenset({"inline_policy", "managed_policy_arns"})
"""A role's own attributes that list its policies."""
_INLINE = "aws_iam_role_policy"
_ALL_INLINE = "aws_iam_role_policies_exclusive"
_ALL_ATTACHED = "aws_iam_role_policy_attachments_exclusive"
_ATTACHMENT = "aws_iam_role_policy_attachment"
_SHARED_ATTACHMENT = "aws_iam_policy_attachment"
_POLICIES = frozenset({_INLINE, _ALL_INLINE, _ALL_ATTACHED, _ATTACHMENT, _SHARED_ATTACHMENT})


def mirrors_policies(drift: Drift, change: AttributeChange) -> bool:
    """Tell whether a change is only a role's account of its policies, which its code leaves to others."""
    return lists_policies(drift, change) and change.disposition == "unset"


def lists_policies(drift: Drift, change: AttributeChange) -> bool:
    """Tell whether a change is of a role's own list of its policies."""
    return drift.type == "aws_iam_role" and change.path[0] in _OWN


def policies_of(drift: Drift, resources: Iterable[StateResource]) -> frozenset[str]:
    """Return the policies that resources of their own give a drifted role, inline ones by name, attached ones by ARN.

    They are of the role's own provider: other accounts have roles of the same name.
    """
    role = drift.live.get("name")
    if not isinstance(role, str):
        return frozenset()
    resources = tuple(resources)
    its = {each.provider for each in resources if each.address == drift.state_address}
    given = (
        [each.attributes.get("name")]
        if each.type == _INLINE and each.attributes.get("role") == role
        else _attached(each.type, each.attributes, role)
        for each in resources
        if each.provider in its
    )
    return frozenset(policy for policies in given for policy in policies if isinstance(policy, str))


def with_granted(drift: Drift, planned: Mapping[str, PlannedChange], plan: JsonObject) -> Drift:
    """Return a role's drift; all that it only mirrors is `matching` where creations of the full plan make just that."""
    role = drift.live.get("name")
    mirrored = [change for change in drift.changes if mirrors_policies(drift, change)]
    if not mirrored:
        return drift
    made = [change for change in _of_its_provider(drift, planned, plan) if change.actions == ("create",)]
    if not isinstance(role, str) or not all(_makes(role, change, made) for change in mirrored):
        return drift
    changes = (replace(each, disposition="matching") if each in mirrored else each for each in drift.changes)
    return replace(drift, changes=tuple(changes))


def with_taken(drift: Drift, planned: Mapping[str, PlannedChange], plan: JsonObject) -> Drift:
    """Return a role's drift; what it only mirrors is `reverting` where another resource of the full plan takes it back.

    That is one that gives again what was taken away, or one that lists all of the role's policies, and not this one.
    """
    role = drift.live.get("name")
    mirrored = [change for change in drift.changes if mirrors_policies(drift, change)]
    if not mirrored:
        return drift
    others = _of_its_provider(drift, planned, plan)
    taken = [change for change in mirrored if any(_takes(role, change, each) for each in others)]
    changes = (replace(each, disposition="reverting") if each in taken else each for each in drift.changes)
    return replace(drift, changes=tuple(changes))


def _of_its_provider(drift: Drift, planned: Mapping[str, PlannedChange], plan: JsonObject) -> Sequence[PlannedChange]:
    """Return the changes of policies that are made where the role is: other accounts have roles of the same name."""
    its = provider_key(plan, drift.address)
    policies = (change for change in planned.values() if change.type in _POLICIES)
    return [change for change in policies if provider_key(plan, change.address) == its]


def _takes(role: Json, change: AttributeChange, made: PlannedChange) -> bool:
    if not isinstance(role, str):
        return False
    if change.path == ("managed_policy_arns",):
        state, live = _listed(change.state), _listed(change.live)
        again = any(policy in _attached(made.type, made.after, role) for policy in state if policy not in live)
        added = [policy for policy in live if policy not in state]
        return again or any(_leaves_out(made, (_ALL_ATTACHED, "policy_arns"), role, policy) for policy in added)
    if isinstance(change.live, dict):
        return _leaves_out(made, (_ALL_INLINE, "policy_names"), role, change.live.get("name"))
    gone = change.state.get("name") if isinstance(change.state, dict) and change.live is None else None
    return (
        gone is not None and made.type == _INLINE and (made.after.get("role"), made.after.get("name")) == (role, gone)
    )


def _leaves_out(made: PlannedChange, listing: tuple[str, str], role: str, policy: Json) -> bool:
    """Tell whether this lists all of the role's policies of a kind, and a policy is not among them."""
    kind, name = listing
    listed = made.after.get(name, UNKNOWN)
    is_known = made.type == kind and made.after.get("role_name") == role and not has_unknown(listed)
    return is_known and policy not in _listed(listed)


def _makes(role: str, change: AttributeChange, made: Collection[PlannedChange]) -> bool:
    if len(change.path) == 2 and isinstance(change.path[1], Member):
        live = change.live if change.state is None and isinstance(change.live, dict) else {}
        return any(_is_inline(each.after, role, live) for each in made if each.type == _INLINE)
    if not isinstance(change.state, list) or not isinstance(change.live, list):
        return False
    added = [policy for policy in change.live if policy not in change.state]
    given = [policy for each in made for policy in _attached(each.type, each.after, role)]
    return (
        change.path == ("managed_policy_arns",)
        and all(policy in change.live for policy in change.state)
        and bool(added)
        and all(policy in given for policy in added)
    )


def _attached(kind: str, values: Mapping[str, Json], role: str) -> Collection[Json]:
    """Return the ARNs of the policies that a resource of this type attaches to a role."""
    if kind == _ATTACHMENT and values.get("role") == role:
        return [values.get("policy_arn")]
    if kind == _SHARED_ATTACHMENT and role in _listed(values.get("roles")):
        return [values.get("policy_arn")]
    if kind == _ALL_ATTACHED and values.get("role_name") == role:
        return _listed(values.get("policy_arns"))
    return ()


def _is_inline(after: Mapping[str, Json], role: str, live: Mapping[str, Json]) -> bool:
    name, wanted, now = live.get("name"), after.get("policy"), live.get("policy")
    if name is None or (after.get("role"), after.get("name")) != (role, name):
        return False
    texts = isinstance(wanted, str) and isinstance(now, str)
    return texts and not find_differences(_INLINE, {"policy": wanted}, {"policy": now})


def _listed(value: Json) -> Collection[Json]:
    return value if isinstance(value, list) else ()
