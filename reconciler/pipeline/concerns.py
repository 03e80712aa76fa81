"""Events in, concerns out: for each workspace the addresses that events name, and findings where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.match import StateIndex, Target, Unmatched, match_event
from reconciler.model import ChangeEvent, EventTally, Finding, ResourceId, Severity, Status
from reconciler.pipeline.findings import fingerprint


@dataclass(frozen=True, slots=True)
class Concern:
    """An address and the events that name it, in time order."""

    target: Target
    events: tuple[ChangeEvent, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The concerns of each workspace, a finding for each resource that is in no state, and the events of neither.

    `unrelated` are the calls of other services about what no state relates to ECS.
    """

    concerns: Mapping[str, Sequence[Concern]]
    findings: tuple[Finding, ...]
    unrelated: tuple[ChangeEvent, ...]

    def recount(self, tally: EventTally) -> EventTally:
        """Return the tally with the unrelated events among the records of other services."""
        if not self.unrelated:
            return tally
        others = tally.skipped.get("other_service", 0) + len(self.unrelated)
        skipped = {**tally.skipped, "other_service": others}
        return replace(tally, changes=tally.changes - len(self.unrelated), skipped=skipped)


def addresses(gathered: Gathered) -> Mapping[str, Collection[str]]:
    """Return, by workspace, the addresses that events name."""
    return {name: {each.target.address for each in found} for name, found in gathered.concerns.items()}


@dataclass(slots=True)
class _Sorted:
    targets: dict[tuple[str, str], tuple[Target, list[ChangeEvent]]] = field(default_factory=dict)
    strays: dict[tuple[str | None, ...], tuple[Unmatched, list[ChangeEvent]]] = field(default_factory=dict)
    unrelated: list[ChangeEvent] = field(default_factory=list)


def gather(events: Sequence[ChangeEvent], index: StateIndex, unread: Mapping[str, str]) -> Gathered:
    """Sort the events by what they are about.

    `unread` maps workspaces whose state could not be read to the reason: what is in no other state may be in theirs.
    """
    found = _Sorted()
    for event in events:
        matches = match_event(event, index)
        if not matches:
            found.unrelated.append(event)
        for match in matches:
            if isinstance(match, Target):
                found.targets.setdefault((match.workspace, match.address), (match, []))[1].append(event)
            else:
                found.strays.setdefault(_stray_key(match.identity), (match, []))[1].append(event)
    concerns: dict[str, list[Concern]] = defaultdict(list)
    for target, its_events in found.targets.values():
        concerns[target.workspace].append(Concern(target, tuple(its_events)))
    findings = [_stray(match, its_events, unread) for match, its_events in found.strays.values()]
    if unread and found.unrelated:
        # Nobody can tell that they are unrelated; one finding says so for all of them.
        return Gathered(concerns, (*findings, _undecided(found.unrelated, unread)), ())
    return Gathered(concerns, tuple(findings), tuple(found.unrelated))


def _stray_key(identity: ResourceId) -> tuple[str | None, ...]:
    if identity.type == "aws_ecs_task_definition":
        return identity.type, identity.account, identity.region, identity.family
    place = identity.type, identity.account, identity.region
    return *place, identity.arn, identity.cluster, identity.name, identity.role


def _undecided(events: Sequence[ChangeEvent], unread: Mapping[str, str]) -> Finding:
    workspace, why = next(iter(unread.items()))
    reason = (
        f"{len(events)} change{'' if len(events) == 1 else 's'} of roles, policies or registries concern nothing "
        f"of ECS in the states that could be read; that of {workspace} could not be: {why}"
    )
    return _finding("not_checked", reason, "related", ResourceId(type=None), events, severity="info")


def _stray(match: Unmatched, events: Sequence[ChangeEvent], unread: Mapping[str, str]) -> Finding:
    newest, identity = events[-1], match.identity
    name = identity.arn or identity.name or identity.family or newest.id
    if identity.role:
        name = f"{name} of the role {identity.role}"
    if unread and identity.type is not None:
        workspace, why = next(iter(unread.items()))
        reason = f"{name} is in no state that could be read, and that of {workspace} could not be: {why}"
        return _finding("not_checked", reason, name, identity, events)
    undone, said = _UNDOES.get(newest.name, ("", ""))
    if any(event.name == undone for event in events):
        reason = f"{name} was {said}"
        return _finding("healed", reason, name, identity, events, owner=match.owner, severity="info")
    status: Status = "unmanaged" if match.owner else "unmatched"
    severity = "info" if identity.type is None else newest.severity
    return _finding(status, match.reason, name, identity, events, owner=match.owner, severity=severity)


_GIVEN, _MADE = "given and taken away again", "created and deleted again"
_UNDOES: Mapping[str, tuple[str, str]] = {
    "DetachRolePolicy": ("AttachRolePolicy", _GIVEN),
    "DeleteRolePolicy": ("PutRolePolicy", _GIVEN),
    "DeleteCapacityProvider": ("CreateCapacityProvider", _MADE),
    "DeleteCluster": ("CreateCluster", _MADE),
    "DeleteService": ("CreateService", _MADE),
    "DeleteTaskSet": ("CreateTaskSet", _MADE),
}
"""Calls that leave nothing of an earlier one, and what to say then; no state has it, so nobody misses it."""


def _finding(
    status: Status,
    reason: str,
    name: str,
    identity: ResourceId,
    events: Sequence[ChangeEvent],
    *,
    owner: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Return a finding without an address; its severity is the newest event's where none is given."""
    return Finding(
        fingerprint=fingerprint(status, name, ()),
        status=status,
        reason=reason,
        workspace=owner,
        address=None,
        resource_type=identity.type,
        identity=identity,
        severity=severity or events[-1].severity,
        events=tuple(events),
    )
