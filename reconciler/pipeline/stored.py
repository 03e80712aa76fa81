"""The ledger's findings, read back as far as it tells of them: what they are about, and the events that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from reconciler.events import CATALOGUE
from reconciler.model import Actor, ChangeEvent, JsonObject, ResourceId

_ENDS = frozenset(name for (_, name), call in CATALOGUE.items() if call.effect == "ends")
_ACTOR = tuple(each.name for each in fields(Actor))
_RESOURCE = frozenset(each.name for each in fields(ResourceId)) - {"type"}


def named_by(change: JsonObject, finding: JsonObject) -> Sequence[JsonObject]:
    """Return the events that a stored change names, as they are stored: its author's, then those that repeated it."""
    author = [each for each in finding["events"] if each["id"] == change["event_id"]]
    return [*author, *change.get("repeated_by", ())] if author else []


def givers_of(change: JsonObject, finding: JsonObject) -> Sequence[ChangeEvent]:
    """Return the events that a stored change names, or the trusted call that gave it."""
    named = [event_of(each, finding) for each in named_by(change, finding)]
    return named or trusted_in(change, finding)


def trusted_in(told: JsonObject, finding: JsonObject) -> Sequence[ChangeEvent]:
    """Return the trusted call that a stored change or finding tells, if any: without an id, for nobody is named."""
    call = told.get("trusted")
    return (event_of({**call, "id": "", "actor": {}}, finding),) if call else ()


def is_readable(finding: JsonObject) -> bool:
    """Tell whether a stored finding is of an address, and in the form that this version stores."""
    try:
        resource_of(finding)
        for told in finding["events"]:
            event_of(told, finding)
        for change in finding["changes"]:
            givers_of(change, finding)
        trusted_in(finding, finding)
        known = all(change.keys() >= {"path", "state", "live", "event_id"} for change in finding["changes"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return known and finding["workspace"] is not None and finding["address"] is not None


def events_of(finding: JsonObject) -> Mapping[str, ChangeEvent]:
    """Return a stored finding's events, as far as the ledger tells of them."""
    return {each["id"]: event_of(each, finding) for each in finding["events"]}


def resource_of(finding: JsonObject) -> ResourceId:
    """Return what a stored finding is about."""
    names = {name: value for name, value in finding["identity"].items() if name in _RESOURCE}
    return ResourceId(type=finding["resource_type"], **names)


def attributes_of(finding: JsonObject) -> frozenset[str]:
    """Return the attributes that a stored finding tells to differ."""
    return frozenset(attribute_of(change["path"]) for change in finding["changes"])


def attribute_of(path: str) -> str:
    """Return the attribute that a path, as findings print it, begins with."""
    return path.partition("[")[0].partition(".")[0]


def event_of(told: JsonObject, finding: JsonObject) -> ChangeEvent:
    """Return an event that a stored finding names, as far as the ledger tells of it."""
    identity = finding["identity"]
    return ChangeEvent(
        id=told["id"],
        name=told["name"],
        source="",
        time=datetime.fromisoformat(told["time"]),
        account=identity.get("account") or "",
        region=identity.get("region") or "",
        severity=finding["severity"],
        resources=(ResourceId(type=finding["resource_type"]),),
        requested={},
        actor=Actor(**{name: told["actor"][name] for name in _ACTOR if name in told["actor"]}),
        where="the ledger",
        effect="ends" if told["name"] in _ENDS else "changes",
    )
