"""Outcomes as the JSON objects of the contract's `events` lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from reconciler.model import Actor, Broken, ChangeEvent, Outcome, ResourceId, Skipped

_OPTIONAL_NAMES = ("account", "region", "arn", "cluster", "name", "family", "revision", "service", "role")
_optional_values = attrgetter(*_OPTIONAL_NAMES)


def outcome_line(outcome: Outcome) -> dict[str, Any]:
    """Return one outcome as a JSON object in the contract's form."""
    match outcome:
        case ChangeEvent():
            return _change(outcome)
        case Skipped():
            return _skipped(outcome)
        case Broken():
            return {"outcome": "broken", "reason": outcome.reason, "where": outcome.where}


def summed(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes, the records of other services in one input as one after its others; no count is lost."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        where = _input(outcome.where)
        if where not in counts:
            yield from _others(counts)
            counts = {where: 0}
        if isinstance(outcome, Skipped) and outcome.reason == "other_service":
            counts[where] += outcome.count
        else:
            yield outcome
    yield from _others(counts)


def _others(counts: Mapping[str, int]) -> Iterator[Skipped]:
    for where, count in counts.items():
        if count:
            yield Skipped(reason="other_service", where=where, count=count)


def _change(event: ChangeEvent) -> dict[str, Any]:
    return {
        "outcome": "change",
        "event_id": event.id,
        "name": event.name,
        "source": event.source,
        "time": _instant(event.time),
        "account": event.account,
        "region": event.region,
        "severity": event.severity,
        "resources": [_resource(resource) for resource in event.resources],
        "requested": dict(event.requested),
        "actor": _actor(event.actor),
        "where": event.where,
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    line: dict[str, Any] = {"outcome": "skipped", "reason": skipped.reason}
    if skipped.event_id is not None:
        line["event_id"] = skipped.event_id
    if skipped.name is not None:
        line["name"] = skipped.name
    if skipped.count != 1 or skipped.name is None:
        line["count"] = skipped.count
    return {**line, "where": skipped.where}


def _resource(resource: ResourceId) -> dict[str, Any]:
    line: dict[str, Any] = {"type": resource.type}
    for name, value in zip(_OPTIONAL_NAMES, _optional_values(resource), strict=True):
        if value is not None:
            line[name] = value
    return line


def _actor(actor: Actor) -> dict[str, Any]:
    return {
        "kind": actor.kind,
        "name": actor.name,
        "role": actor.role,
        "session": actor.session,
        "via": actor.via,
        "tool": actor.tool,
        "workflow": actor.workflow,
        "source_ip": actor.source_ip,
        "user_agent": actor.user_agent,
        "mfa": actor.mfa,
        "account": actor.account,
        "arn": actor.arn,
    }


@lru_cache(maxsize=3600)  # as `parse` keeps the seconds of an hour
def _instant(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds" if time.microsecond else "seconds").replace("+00:00", "Z")


def _input(where: str) -> str:
    """Return the input's name without the position that a source appends to it."""
    name, colon, position = where.rpartition(":")
    while colon and position.isdigit():
        where = name
        name, colon, position = where.rpartition(":")
    return where
