"""What events name and no state has: made outside, gone again, or not to be told where a state could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.match import Unmatched
from reconciler.model import ChangeEvent, DriftRule, Finding, ResourceId, Severity, Status
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.findings import fingerprint

Stray: TypeAlias = tuple[Unmatched, ChangeEvent]


def tell_strays(strays: Iterable[Stray], doubts: Doubts, rules: Sequence[DriftRule]) -> Iterator[Finding]:
    """Yield a finding for each resource, and for each family of task definitions, that is in no state.

    What is in no other state may be in one that could not be read, or in one that an apply is about to write. What is
    gone again is of severity `info`, unless something managed uses it or one of the `rules` watches its whole type.
    """
    groups: dict[tuple[str | None, ...], list[Stray]] = defaultdict(list)
    for match, event in strays:
        groups[_key(match)].append((match, event))
    for group in groups.values():
        yield _tell(group, doubts, rules)


def tell_undecided(events: Sequence[ChangeEvent], unread: Mapping[str, str]) -> Finding:
    """Return the one finding about calls of other services while nobody can tell whether they concern ECS."""
    workspace, why = next(iter(unread.items()))
    reason = (
        f"{len(events)} change{'' if len(events) == 1 else 's'} of roles, policies or registries concern nothing "
        f"of ECS in the states that could be read; that of {workspace} could not be: {why}"
    )
    return _finding("not_checked", reason, "related", ResourceId(type=None), events, "info")


def _key(match: Unmatched) -> tuple[str | None, ...]:
    identity = match.identity
    place = identity.type, identity.account, identity.region
    if identity.type == "aws_ecs_task_definition":
        return *place, identity.family, str(identity.revision) if match.in_use or match.deposed else None
    return *place, identity.arn, identity.cluster, identity.name, identity.role


def _tell(group: Sequence[Stray], doubts: Doubts, rules: Sequence[DriftRule]) -> Finding:
    left = _left(group)
    match, newest = (left or group)[-1]
    identity = match.identity
    events = tuple({event.id: event for _, event in group}.values())  # one call may name several revisions
    name = identity.label or newest.id
    if identity.role:
        name = f"{name} of the role {identity.role}"
    if match.deposed:
        return _finding("healed", match.reason, name, identity, events, "info", owner=match.owner)
    is_there = bool(left) or match.in_use
    if why := _doubt(match, doubts, name, is_there=is_there):
        owner = None if doubts.unread else match.owner
        return _finding("not_checked", why, name, identity, events, newest.severity, owner=owner)
    if not left and _was_made(group):
        reason = f"{name} came and went: {', '.join(dict.fromkeys(event.name for event in events))}"
        return _finding("healed", reason, name, identity, events, "info", owner=match.owner)
    status: Status = "unmanaged" if match.owner else "unmatched"
    severity = newest.severity if is_there else "info"
    rule = next((rule for rule in rules if rule.watches_all_of(identity.type)), None)
    stateless = doubts.without_state() if match.owner is None and identity.type is not None else ""
    reason = "; ".join(filter(None, (match.reason, stateless)))
    return _finding(status, reason, name, identity, events, severity, owner=match.owner, rule=rule)


def _doubt(match: Unmatched, doubts: Doubts, name: str, *, is_there: bool) -> str | None:
    """Return why a state may have it all the same, None where nothing speaks for that."""
    if match.identity.type is None:
        return None
    if doubts.unread:
        workspace, why = next(iter(doubts.unread.items()))
        return f"{name} is in no state that could be read, and that of {workspace} could not be: {why}"
    applied = doubts.at_work(match.owner) if match.owner and is_there else None
    return f"{name} is in no state, and {applied}" if applied else None


def _left(group: Sequence[Stray]) -> list[Stray]:
    """Return those about what is there after all of the calls: families have revisions that come and go."""
    there: dict[int | None, bool] = {}
    for match, event in group:
        revision = match.identity.revision
        if event.effect == "makes":
            there[revision] = True
        elif event.ends(match.identity.type):
            there[revision] = False
        else:
            there.setdefault(revision, True)
    return [(match, event) for match, event in group if there[match.identity.revision]]


def _was_made(group: Sequence[Stray]) -> bool:
    made = {match.identity.revision for match, event in group if event.effect == "makes"}
    return all(match.identity.revision in made for match, _ in group)


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
