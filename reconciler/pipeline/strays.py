"""What events name and no state has: made outside, gone again, or not to be told where a state could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.match import Unmatched
from reconciler.model import ChangeEvent, DriftRule, Finding, ResourceId, Severity, Status
from reconciler.pipeline.findings import fingerprint

Stray: TypeAlias = tuple[Unmatched, ChangeEvent]


def tell_strays(strays: Iterable[Stray], unread: Mapping[str, str], rules: Sequence[DriftRule]) -> Iterator[Finding]:
    """Yield a finding for each resource, and for each family of task definitions, that is in no state.

    `unread` maps workspaces whose state could not be read to the reason: what is in no other state may be in theirs.
    What is gone again is of severity `info`, unless something managed uses it or one of the `rules` watches its whole
    type.
    """
    groups: dict[tuple[str | None, ...], list[Stray]] = defaultdict(list)
    for match, event in strays:
        groups[_key(match)].append((match, event))
    for group in groups.values():
        yield _tell(group, unread, rules)


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
        return *place, identity.family, str(identity.revision) if match.in_use else None
    return *place, identity.arn, identity.cluster, identity.name, identity.role


def _tell(group: Sequence[Stray], unread: Mapping[str, str], rules: Sequence[DriftRule]) -> Finding:
    left = _left(group)
    match, newest = (left or group)[-1]
    identity = match.identity
    events = tuple({event.id: event for _, event in group}.values())  # one call may name several revisions
    name = identity.label or newest.id
    if identity.role:
        name = f"{name} of the role {identity.role}"
    if unread and identity.type is not None:
        workspace, why = next(iter(unread.items()))
        reason = f"{name} is in no state that could be read, and that of {workspace} could not be: {why}"
        return _finding("not_checked", reason, name, identity, events, newest.severity)
    if not left and _was_made(group):
        reason = f"{name} came and went: {', '.join(dict.fromkeys(event.name for event in events))}"
        return _finding("healed", reason, name, identity, events, "info", owner=match.owner)
    status: Status = "unmanaged" if match.owner else "unmatched"
    severity: Severity = "info" if identity.type is None or not (left or match.in_use) else newest.severity
    rule = next((rule for rule in rules if rule.watches_all_of(identity.type)), None)
    return _finding(status, match.reason, name, identity, events, severity, owner=match.owner, rule=rule)


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
