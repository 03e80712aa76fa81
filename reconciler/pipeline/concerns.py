"""Events in, concerns out: for each workspace the addresses that events name, and findings where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.match import StateIndex, Target, Unmatched, match_event
from reconciler.model import ChangeEvent, Finding, ResourceId
from reconciler.pipeline.findings import fingerprint


@dataclass(frozen=True, slots=True)
class Concern:
    """An address and the events that name it, in time order."""

    target: Target
    events: tuple[ChangeEvent, ...]


@dataclass(slots=True)
class _Gathered:
    targets: dict[tuple[str, str], tuple[Target, list[ChangeEvent]]] = field(default_factory=dict)
    strays: dict[tuple[str | None, ...], tuple[Unmatched, list[ChangeEvent]]] = field(default_factory=dict)


def gather(
    events: Sequence[ChangeEvent], index: StateIndex, unread: Mapping[str, str]
) -> tuple[dict[str, list[Concern]], list[Finding]]:
    """Return the concerns of each workspace, and a finding for each resource that is in no state.

    `unread` maps workspaces whose state could not be read to the reason: what is in no other state may be in theirs.
    """
    gathered = _Gathered()
    for event in events:
        for match in match_event(event, index):
            if isinstance(match, Target):
                gathered.targets.setdefault((match.workspace, match.address), (match, []))[1].append(event)
            else:
                gathered.strays.setdefault(_stray_key(match.identity), (match, []))[1].append(event)
    concerns: dict[str, list[Concern]] = defaultdict(list)
    for target, its_events in gathered.targets.values():
        concerns[target.workspace].append(Concern(target, tuple(its_events)))
    return concerns, [_stray(match, its_events, unread) for match, its_events in gathered.strays.values()]


def _stray_key(identity: ResourceId) -> tuple[str | None, ...]:
    if identity.type == "aws_ecs_task_definition":
        return identity.type, identity.account, identity.region, identity.family
    return identity.type, identity.account, identity.region, identity.arn, identity.cluster, identity.name


def _stray(match: Unmatched, events: Sequence[ChangeEvent], unread: Mapping[str, str]) -> Finding:
    newest = events[-1]
    identity = match.identity
    name = identity.arn or identity.name or identity.family or newest.id
    if unread and identity.type is not None:
        workspace, why = next(iter(unread.items()))
        return Finding(
            fingerprint=fingerprint("not_checked", name, ()),
            status="not_checked",
            reason=f"{name} is in no state that could be read, and that of {workspace} could not be: {why}",
            workspace=None,
            address=None,
            resource_type=identity.type,
            identity=identity,
            severity=newest.severity,
            events=tuple(events),
        )
    status = "unmanaged" if match.owner else "unmatched"
    return Finding(
        fingerprint=fingerprint(status, name, ()),
        status="unmanaged" if match.owner else "unmatched",
        reason=match.reason,
        workspace=match.owner,
        address=None,
        resource_type=identity.type,
        identity=identity,
        severity="info" if identity.type is None else newest.severity,
        events=tuple(events),
    )
