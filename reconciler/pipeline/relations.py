"""Drift of what ECS uses: roles, their policies, registries. What nothing of ECS uses is somebody else's business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from reconciler.drift import is_related, mirrors_policies
from reconciler.match import StateIndex, users
from reconciler.model import AttributeChange, ChangeEvent, Drift, Member
from reconciler.model.json import texts_in
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


def without_mirrors(drifts: Iterable[Drift], concerns: Sequence[Concern], past: Past) -> tuple[Drift, ...]:
    """Return the drifts, roles without the policies that the code does not list in them and no event names.

    The event may be of an earlier cycle, where its finding still stands.

    A role that does not list its policies shows whatever policies it has: after each apply those that are resources
    of their own, which are no change (aws_iam_role, 5.100). Somebody gave the role only what an event names.
    """
    events = {concern.target.address: concern.events for concern in concerns}
    trimmed = (_trimmed(drift, events.get(drift.state_address, ()), past) for drift in drifts)
    return tuple(drift for drift in trimmed if drift.deleted or drift.changes)


def served(concerns: Iterable[Concern], reason: str, known: str = "") -> str:
    """Return a finding's reason with what of ECS uses the resource and who else manages it, where that is known.

    `known` uses it where no event names the resource.
    """
    targets = [concern.target for concern in concerns]
    user = next((target.used_by for target in targets if target.used_by), known)
    used_by = f"it serves {user}" if user else None
    also = next((f"it is managed as {target.also} too" for target in targets if target.also), None)
    return "; ".join(filter(None, (reason, used_by, also)))


def _trimmed(drift: Drift, events: Iterable[ChangeEvent], past: Past) -> Drift:
    if not any(mirrors_policies(drift, change) for change in drift.changes):
        return drift
    named = {name for event in events for policy in event.resources[:1] for name in (policy.arn, policy.name) if name}
    kept = (
        _named_part(change, named, past.names(drift, change)) if mirrors_policies(drift, change) else change
        for change in drift.changes
    )
    return replace(drift, changes=tuple(change for change in kept if change is not None))


def _named_part(change: AttributeChange, named: AbstractSet[str], told: AbstractSet[str]) -> AttributeChange | None:
    if len(change.path) > 1:
        member = change.path[1]
        return change if told or (isinstance(member, Member) and member.key in named) else None
    state, live = texts_in(change.state), texts_in(change.live)
    both = {*named, *told, *(set(state) & set(live))}
    part = replace(change, state=[arn for arn in state if arn in both], live=[arn for arn in live if arn in both])
    return part if part.state != part.live else None
