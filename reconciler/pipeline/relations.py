"""Drift of what ECS uses: roles, their policies, registries. What nothing of ECS uses is somebody else's business."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from reconciler.drift import is_related, lists_policies, policies_of
from reconciler.match import StateIndex, users
from reconciler.model import AttributeChange, ChangeEvent, Drift, Member, State
from reconciler.model.json import texts_in
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.past import Past


def concerning_ecs(
    drifts: Iterable[Drift], named: AbstractSet[str], index: StateIndex, workspace: str
) -> tuple[Drift, ...]:
    """Return the drifts without those of roles, policies and registries that nothing of ECS is known to use.

    `index` has the workspace's own state; that another one's state uses a resource is known where it is `named`, by its
    address, as what concerns ECS: by an event, or by an earlier finding.
    """

    def concerns_ecs(drift: Drift) -> bool:
        if not is_related(drift.type) or not named.isdisjoint((drift.state_address, drift.address)):
            return True
        entry = index.at(workspace, drift.state_address)
        return entry is not None and bool(users(entry.identity, index))

    return tuple(drift for drift in drifts if concerns_ecs(drift))


def without_mirrors(
    drifts: Iterable[Drift],
    concerns: Sequence[Concern],
    past: Past,
    state: State,
    planned: Mapping[str, PlannedChange],
) -> tuple[Drift, ...]:
    """Return the drifts, roles without the policies that the code does not list in them and no event names.

    The event may be of an earlier cycle, where its finding still stands. Of a role that what is `planned` destroys, no
    code tells: what resources of the `state` give it is not its own.

    A role that does not list its policies shows whatever policies it has: after each apply those that are resources
    of their own, which are no change (aws_iam_role, 5.100). Somebody gave the role only what an event names.
    """
    events = {concern.target.address: concern.events for concern in concerns}

    def trimmed(drift: Drift) -> Drift:
        ahead = planned.get(drift.address)
        is_destroyed = ahead is not None and "delete" in ahead.actions
        others = policies_of(drift, state.resources) if is_destroyed else frozenset()
        return _trimmed(drift, events.get(drift.state_address, ()), past, others)

    return tuple(drift for drift in map(trimmed, drifts) if drift.deleted or drift.changes)


def served(concerns: Iterable[Concern], reason: str, known: str = "") -> str:
    """Return a finding's reason with what of ECS uses the resource and who else manages it, where that is known.

    `known` uses it where no event names the resource.
    """
    targets = [concern.target for concern in concerns]
    user = next((target.used_by for target in targets if target.used_by), known)
    used_by = f"it serves {user}" if user else None
    also = next((f"it is managed as {target.also} too" for target in targets if target.also), None)
    return "; ".join(filter(None, (reason, used_by, also)))


def _trimmed(drift: Drift, events: Iterable[ChangeEvent], past: Past, others: AbstractSet[str]) -> Drift:
    """Return a role's drift without what it lists of `others`, or all where its code lists none, and no event names."""
    named = {name for event in events for policy in event.resources[:1] for name in (policy.arn, policy.name) if name}

    def part(change: AttributeChange) -> AttributeChange | None:
        is_unset = change.disposition == "unset"
        if not lists_policies(drift, change) or not (is_unset or others):
            return change
        told = past.names(drift, change)
        if told and len(change.path) > 1:
            return change
        return _part(change, lambda name: name in {*named, *told} or not (is_unset or name in others))

    kept = map(part, drift.changes)
    return replace(drift, changes=tuple(change for change in kept if change is not None))


def _part(change: AttributeChange, is_told: Callable[[str], bool]) -> AttributeChange | None:
    """Return what a change has of the policies that are to be told."""
    if len(change.path) > 1:
        member = change.path[1]
        return change if isinstance(member, Member) and is_told(str(member.key)) else None
    state, live = texts_in(change.state), texts_in(change.live)
    both = set(state) & set(live)
    was, now = ([arn for arn in arns if arn in both or is_told(arn)] for arns in (state, live))
    return replace(change, state=was, live=now) if was != now else None
