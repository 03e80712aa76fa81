"""Which events are old enough to be confirmed: somebody may still be in the middle of a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.model import ChangeEvent

MOST = 10
"""A resource that never rests is looked at all the same, so many times `settle` after its first event."""

_Key = tuple[str | None, ...]
_FAMILY = "aws_ecs_task_definition"


@dataclass(frozen=True, slots=True)
class Settling:
    """Events by whether they have settled, each in time order; `until` is when the last of `held` will have."""

    ready: tuple[ChangeEvent, ...]
    held: tuple[ChangeEvent, ...]
    until: datetime | None


def settle(events: Sequence[ChangeEvent], watched: Collection[str], window: timedelta, now: datetime) -> Settling:
    """Part events into settled and unsettled ones, at `now`.

    An event has settled when its resource has been quiet for `window`, at the latest `MOST` windows after the first
    event there. Resources that one event names, and a service and the family that it is moved to, settle together.
    Only events whose ids are in `watched` wait: a person who hands over records wants the answer now.
    """
    waiting = [event for event in events if event.id in watched]
    held: set[str] = set()
    until: datetime | None = None
    for group in _together(waiting):
        # Clocks differ, and a record may say anything: what is far in the future would be so in every cycle.
        times = [min(event.time, now) for event in group if event.time <= now + window]
        if not times:
            continue
        settled = min(max(times) + window, min(times) + MOST * window)
        if now < settled:
            held |= {event.id for event in group}
            until = max(settled, until or settled)
    return Settling(
        ready=tuple(event for event in events if event.id not in held),
        held=tuple(event for event in events if event.id in held),
        until=until,
    )


def beside(events: Sequence[ChangeEvent], others: Iterable[ChangeEvent]) -> list[ChangeEvent]:
    """Return those of the `others` that share a resource with the events, directly or through others."""
    ids = {event.id for event in events}
    groups = [group for group in _together((*events, *others)) if any(event.id in ids for event in group)]
    return [event for group in groups for event in group if event.id not in ids]


def _together(events: Iterable[ChangeEvent]) -> Collection[Sequence[ChangeEvent]]:
    """Group events that share a resource, directly or through others."""
    joined: dict[_Key, _Key] = {}

    def root(key: _Key) -> _Key:
        while (above := joined.setdefault(key, key)) != key:
            joined[key] = joined[above]
            key = above
        return key

    firsts: list[tuple[ChangeEvent, _Key]] = []
    for event in events:
        first, *others = _keys(event)
        firsts.append((event, first))
        for key in others:
            joined[root(key)] = root(first)
    groups: dict[_Key, list[ChangeEvent]] = defaultdict(list)
    for event, key in firsts:
        groups[root(key)].append(event)
    return groups.values()


def _keys(event: ChangeEvent) -> list[_Key]:
    """Return what names the event's resources, at least one key."""
    place = (event.account, event.region)
    keys: list[_Key] = [
        (*place, _FAMILY, resource.family)
        if resource.family
        else (*place, resource.type, resource.cluster, resource.service, resource.name or resource.arn)
        for resource in event.resources
    ]
    moved = event.requested.get("task_definition")
    if isinstance(moved, str):
        keys.append((*place, _FAMILY, moved.rpartition("/")[2].partition(":")[0]))
    return keys or [(*place, event.id)]
