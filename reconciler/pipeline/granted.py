"""Policies that somebody gave a role, and that code which was never applied gives it as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from reconciler.drift import find_differences
from reconciler.model import AttributeChange, Drift, Json, Member
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.findings import mirrors_policies

SOON = "the policies are in resources of the code that were never applied; terraform apply writes them as they are"
_INLINE = "aws_iam_role_policy"


def with_granted(drift: Drift, planned: Mapping[str, PlannedChange]) -> Drift:
    """Return a role's drift; all that it only mirrors is `matching` where creations of the full plan make just that."""
    role = drift.live.get("name")
    mirrored = [change for change in drift.changes if mirrors_policies(drift, change)]
    made = [change for change in planned.values() if change.actions == ("create",)]
    if not isinstance(role, str) or not all(_makes(role, change, made) for change in mirrored):
        return drift
    changes = (replace(each, disposition="matching") if each in mirrored else each for each in drift.changes)
    return replace(drift, changes=tuple(changes))


def _makes(role: str, change: AttributeChange, made: Collection[PlannedChange]) -> bool:
    if len(change.path) == 2 and isinstance(change.path[1], Member):
        live = change.live if change.state is None and isinstance(change.live, dict) else {}
        return any(_is_inline(each.after, role, live) for each in made if each.type == _INLINE)
    if not isinstance(change.state, list) or not isinstance(change.live, list):
        return False
    added = [policy for policy in change.live if policy not in change.state]
    given = [policy for each in made for policy in _attached(each, role)]
    return (
        change.path == ("managed_policy_arns",)
        and all(policy in change.live for policy in change.state)
        and bool(added)
        and all(policy in given for policy in added)
    )


def _attached(made: PlannedChange, role: str) -> Collection[Json]:
    """Return the ARNs of the policies that a creation attaches to a role."""
    after = made.after
    if made.type == "aws_iam_role_policy_attachment" and after.get("role") == role:
        return [after.get("policy_arn")]
    if made.type == "aws_iam_policy_attachment" and role in _listed(after.get("roles")):
        return [after.get("policy_arn")]
    if made.type == "aws_iam_role_policy_attachments_exclusive" and after.get("role_name") == role:
        return _listed(after.get("policy_arns"))
    return ()


def _is_inline(after: Mapping[str, Json], role: str, live: Mapping[str, Json]) -> bool:
    name, wanted, now = live.get("name"), after.get("policy"), live.get("policy")
    if name is None or (after.get("role"), after.get("name")) != (role, name):
        return False
    texts = isinstance(wanted, str) and isinstance(now, str)
    return texts and not find_differences(_INLINE, {"policy": wanted}, {"policy": now})


def _listed(value: Json) -> Collection[Json]:
    return value if isinstance(value, list) else ()
