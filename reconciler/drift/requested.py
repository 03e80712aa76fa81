"""What a call's request says about an attribute: which parts of it, and the value that it leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from reconciler.model.drift import AttributePath, Member
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json
from reconciler.model.resource_types import NATURAL_KEYS

PARTLY_SET: Final = frozenset(
    {
        "auto_scaling_group_provider",
        "managed_instances_provider",
        "setting",
        "suspended_state",
        "tags",
    }
)
"""Attributes of which a call changes only the members that it names; any other is always sent whole."""

_EMPTIED: Final[Mapping[str, Collection[str]]] = {"PutScheduledAction": ("start_time", "end_time")}
"""API reference of Application Auto Scaling: without start and end times, "the old values are deleted"."""


def names(attribute: str, requested: Json, path: AttributePath) -> bool:
    """Tell whether a request for an attribute says what becomes of the place at `path`, which begins with it."""
    return attribute not in PARTLY_SET or _reaches(attribute, requested, path[1:])


def value_after(attribute: str, requested: Json, now: Json) -> Json:
    """Return an attribute's value after a request for it, in the form in which a state holds it.

    A part that the request does not name stays as it is, also where AWS would give it a default: nobody asked for that.
    """
    if attribute in PARTLY_SET and isinstance(requested, list):
        key = NATURAL_KEYS.get(attribute, "name")
        given = [_member(each, key) for each in requested]
        return [*(each for each in now or () if _member(each, key) not in given), *requested]
    if attribute in PARTLY_SET and not isinstance(now, list) and isinstance(requested, dict):
        merged = {**(now or {}), **requested}  # a map, such as tags, of which null takes a key away
        return {key: each for key, each in merged.items() if each is not None}
    return _over(requested, now)


def touched(event: ChangeEvent) -> Collection[str]:
    """Return the attributes that a call changes without saying how."""
    # A deployment that is only stopped leaves the service at the revision that was asked for.
    return () if event.requested.get("stop_type") == "ABORT" else event.touches


def left_out_is_emptied(event: ChangeEvent, attribute: str) -> bool:
    """Tell whether a call takes an attribute's value away by leaving it out."""
    return attribute in _EMPTIED.get(event.name, ())


def _reaches(name: str, value: Json, steps: Sequence[str | Member]) -> bool:
    for step in steps:
        if isinstance(step, Member) and isinstance(step.key, int):
            continue  # the one block that a structure is
        key = step.key if isinstance(step, Member) else step
        if isinstance(value, list):
            attribute = NATURAL_KEYS.get(name, "name")
            value = next(({key: each} for each in value if _member(each, attribute) == key), {})
        if not isinstance(value, dict):
            return True
        if key not in value:
            return False
        value = value[key]
    return True


def _member(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None


def _over(wanted: Json, now: Json) -> Json:
    if isinstance(wanted, dict) and isinstance(now, list):
        return [_over(wanted, now[0] if now else {})]
    if isinstance(wanted, dict) and isinstance(now, dict):
        return {**now, **{name: _over(each, now.get(name)) for name, each in wanted.items()}}
    return wanted
