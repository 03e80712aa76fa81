"""What events name and no state has: made outside, gone again, or not to be told where a state could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from reconciler.match import Unmatched
from reconciler.model import SEVERITIES, ChangeEvent, DriftRule, Finding, ResourceId, Severity, Status
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.findings import fingerprint, gravest, listed
from reconciler.pipeline.known_strays import Key, KnownStray, key_of

_ASKED = frozenset({"aws_ecs_service", "aws_ecs_task_set"})
_GONE = frozenset({"DRAINING", "INACTIVE", "MISSING"})
Stray: TypeAlias = tuple[Unmatched, ChangeEvent]


def tell_strays(
    strays: Iterable[Stray],
    witnessed: Iterable[Stray],
    doubts: Doubts,
    rules: Sequence[DriftRule],
    known: Mapping[Key, KnownStray] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Yield a finding for each resource, and for each family of task definitions, that is in no state.

    What is in no other state may be in one that could not be read, or in one that an apply is about to write. What is
    gone again is of severity `info`, unless something managed uses it or one of the `rules` watches its whole type.
    `witnessed` are calls of trusted people: they tell what was made and ended, and are in no finding. `known` is what
    stands: it ends with its resource, and weighs no less for a slighter call.
    """
    groups: dict[Key, _Group] = defaultdict(_Group)
    for match, event in strays:
        groups[_key(match)].strays.append((match, event))
    for match, event in witnessed:
        if (key := _key(match)) in groups or key in known:
            groups[key].witnessed.append((match, event))
    statuses = _statuses(groups, known, doubts)
    for key, group in groups.items():
        finding = _tell(group, doubts, rules, statuses) if group.strays else None
        yield from _beside(known.get(key), finding, group, statuses)


@dataclass(frozen=True, slots=True)
class _Group:
    """The calls about one resource, in time order: the untrusted ones, and the trusted ones."""

    strays: list[Stray] = field(default_factory=list)
    witnessed: list[Stray] = field(default_factory=list)

    def all(self) -> list[Stray]:
        return sorted([*self.strays, *self.witnessed], key=lambda stray: stray[1].time)


def tell_undecided(events: Sequence[ChangeEvent], doubts: Doubts) -> Finding:
    """Return the one finding about calls of other services while nobody can tell whether they concern ECS."""
    reason = (
        f"{len(events)} change{'' if len(events) == 1 else 's'} of roles, policies or registries concern nothing "
        f"of ECS in the states that could be read; {doubts.unreadable()}"
    )
    return _finding("not_checked", reason, "related", ResourceId(type=None), events, "info")


def _key(match: Unmatched) -> Key:
    return key_of(match.identity, alone=match.in_use or match.deposed)


def _beside(
    stray: KnownStray | None, finding: Finding | None, group: _Group, statuses: Mapping[ResourceId, str]
) -> Iterator[Finding]:
    """Yield a finding, in view of what stands of the same resource: calls of before that change nothing."""
    if stray is None or (finding is not None and finding.status == "not_checked"):
        yield from (finding,) if finding else ()
        return
    since = [(match, event) for match, event in group.all() if event.time > stray.told_at]
    said = statuses.get(stray.identity)
    if said in _GONE or (said is None and since and not _left(since)):
        how = f"taken away again ({since[-1][1].name})" if since else f"not there any more, Amazon ECS says ({said})"
        ended = stray.ended(f"an earlier run told that it was in no state; it was {how}", stray.workspace)
        yield replace(ended, events=finding.events if finding else ())
    elif finding is not None:
        severity = min(finding.severity, stray.severity, key=SEVERITIES.index)
        reason = finding.reason if _left(since) else f"{group.strays[0][0].identity.label} still is in no state"
        status: Status = "unmanaged" if stray.workspace else "unmatched"
        yield replace(finding, status=status, severity=severity, reason=reason)


def _tell(group: _Group, doubts: Doubts, rules: Sequence[DriftRule], statuses: Mapping[ResourceId, str]) -> Finding:
    calls, own = group.all(), {event.id for _, event in group.strays}
    there = _left(calls)
    left = [stray for stray in there if stray[1].id in own]
    match, _ = (left or (group.strays if there else calls))[-1]
    identity = match.identity
    events = tuple({event.id: event for _, event in group.strays}.values())  # one call may name several revisions
    severity = gravest(event for _, event in left or group.strays)
    name = identity.label or events[-1].id
    if identity.role:
        name = f"{name} of the role {identity.role}"
    if match.deposed:
        return _finding("healed", match.reason, name, identity, events, "info", owner=match.owner)
    is_there = bool(there) or match.in_use
    if why := _doubt(match, doubts, name, is_there=is_there):
        owner = None if doubts.unread else match.owner
        return _finding("not_checked", why, name, identity, events, severity, owner=owner)
    if is_there and not match.in_use and (said := statuses.get(identity)) in _GONE:
        reason = f"{name} is not there any more, Amazon ECS says ({said}): {_names(calls)}"
        return _finding("healed", reason, name, identity, events, "info", owner=match.owner)
    if not there and (lost := _lost(calls, own)):
        reason = f"{name} was taken away ({_names(calls[-1:])}), and {lost}"
        return _finding(
            "unmanaged" if match.owner else "unmatched", reason, name, identity, events, severity, owner=match.owner
        )
    if not there and _was_made(calls):
        reason = f"{name} came and went: {_names(calls)}"
        return _finding("healed", reason, name, identity, events, "info", owner=match.owner)
    status: Status = "unmanaged" if match.owner else "unmatched"
    rule = next((rule for rule in rules if rule.watches_all_of(identity.type)), None)
    stateless = doubts.without_state() if match.owner is None and identity.type is not None else ""
    reason = "; ".join(filter(None, (_why(match, group, there), stateless)))
    return _finding(
        status, reason, name, identity, events, severity if is_there else "info", owner=match.owner, rule=rule
    )


def _statuses(
    groups: Mapping[Key, _Group], known: Mapping[Key, KnownStray], doubts: Doubts
) -> Mapping[ResourceId, str]:
    """Return AWS's words for what may be gone: the call that ended it may have come before, or be on its way."""
    asked: dict[str, list[ResourceId]] = defaultdict(list)
    for key, group in groups.items():
        named = [(match.owner, match.identity) for match, _ in group.all()]
        told = [(known[key].workspace, known[key].identity)] if key in known else []
        for owner, identity in (*named, *told):
            if owner and identity.type in _ASKED:
                asked[owner].append(identity)
    return {each: said for owner, those in asked.items() for each, said in doubts.statuses(owner, those).items()}


def _names(calls: Iterable[Stray]) -> str:
    return ", ".join(dict.fromkeys(event.name for _, event in calls))


def _why(match: Unmatched, group: _Group, there: Sequence[Stray]) -> str:
    """Return why a resource is in no state: of what was made, its maker's call tells more than later ones.

    Of what Terraform has no resource for, each call tells its own.
    """
    if match.identity.type is None:
        return listed(list(dict.fromkeys(each.reason for each, _ in group.strays)))
    makers = [
        stray for stray in there if stray[1].effect == "makes" and stray[0].identity.revision == match.identity.revision
    ]
    if not makers:
        return match.reason
    made, event = makers[-1]
    if makers[-1] in group.strays:
        return made.reason
    return f"{match.reason}; {_of_a_workspace(event)}"


def _lost(calls: Sequence[Stray], own: Collection[str]) -> str | None:
    """Return why it matters that something in no state is gone: a trusted call had made it, and another ended it."""
    makers = [event for _, event in calls if event.effect == "makes"]
    if makers and makers[-1].id not in own and calls[-1][1].id in own:
        return _of_a_workspace(makers[-1])
    return None


def _of_a_workspace(maker: ChangeEvent) -> str:
    return f"a trusted call made it ({maker.name}): is its workspace configured?"


def _doubt(match: Unmatched, doubts: Doubts, name: str, *, is_there: bool) -> str | None:
    """Return why a state may have it all the same, None where nothing speaks for that."""
    if match.identity.type is None:
        return None
    if doubts.unread:
        return f"{name} is in no state that could be read, and {doubts.unreadable()}"
    applied = doubts.at_work(match.owner) if match.owner and is_there else None
    return f"{name} is in no state, and {applied}" if applied else None


def _left(calls: Sequence[Stray]) -> list[Stray]:
    """Return those about what is there after all of the calls: families have revisions that come and go.

    What was before a call that made the resource was about another one.
    """
    since: dict[int | None, int] = {}
    ended: dict[int | None, bool] = {}
    for number, (match, event) in enumerate(calls):
        if event.effect == "makes":
            since[match.identity.revision], ended[match.identity.revision] = number, False
        elif event.ends(match.identity.type):
            ended[match.identity.revision] = True
    return [
        (match, event)
        for number, (match, event) in enumerate(calls)
        if not ended.get(match.identity.revision) and number >= since.get(match.identity.revision, 0)
    ]


def _was_made(calls: Sequence[Stray]) -> bool:
    made = {match.identity.revision for match, event in calls if event.effect == "makes"}
    return all(match.identity.revision in made for match, _ in calls)


def _finding(
    status: Status,
    reason: str,
    name: str,
    identity: ResourceId,
    events: Sequence[ChangeEvent],
    severity: Severity,
    *,
    owner: str | None = None,
    rule: DriftRule | None = None,
) -> Finding:
    return Finding(
        fingerprint=fingerprint(status, name, ()),
        status=status,
        reason=reason,
        workspace=owner,
        address=None,
        resource_type=identity.type,
        identity=identity,
        severity=rule.severity if rule else severity,
        rule=rule.name if rule else None,
        events=tuple(events),
    )
