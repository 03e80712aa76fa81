"""What only the apply will tell as a whole, and of which the code tells parts.

One value that a new resource will get makes a whole map, set or JSON document unknown to the plan. The code says what
else is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from reconciler.drift.addresses import configured_expressions
from reconciler.drift.catalogue import JSON_DOCUMENTS, MAPS, SERVICE, TASK_DEFINITION, UNORDERED
from reconciler.drift.documents import with_own_names
from reconciler.drift.noise.policies import holds_policy
from reconciler.drift.plans import planned_value
from reconciler.drift.references import References
from reconciler.model.drift import AttributeChange, AttributePath, Drift, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown
from reconciler.model.resource_types import NATURAL_KEYS

Says = Callable[[str, str], Json]
"""Gives the code's value of a resource's attribute, by address and name, with `UNKNOWN` for what nobody can tell."""


def with_code(full_plan: JsonObject, drifts: Sequence[Drift], says: Says) -> JsonObject:
    """Return a full plan that knows of what drifted, and is unknown as a whole, as much as the code `says` of it.

    With a service's task definition, those that code makes are looked into. The code is asked about nothing else.
    """
    drifted = {drift.address: drift.changes for drift in drifts}
    names = {drift.address: {str(change.path[0]) for change in drift.changes} for drift in drifts}
    moved = any(drift.type == SERVICE and "task_definition" in names[drift.address] for drift in drifts)

    def completed(entry: JsonObject) -> JsonObject:
        inside = JSON_DOCUMENTS if moved and entry.get("type") == TASK_DEFINITION else frozenset()
        asked = names.get(entry["address"], set()) | inside
        told = _completed(full_plan, entry, asked, says) if asked else entry
        return _with_sets(full_plan, told, drifted.get(entry["address"], ()), says)

    return {**full_plan, "resource_changes": [completed(entry) for entry in full_plan.get("resource_changes") or ()]}


def _completed(full_plan: JsonObject, entry: JsonObject, names: Collection[str], says: Says) -> JsonObject:
    after, address = planned_value(entry["change"]), entry["address"]
    hidden = [name for name in names if after.get(name) is UNKNOWN and _has_parts(entry["type"], name)]
    if "deposed" in entry or not hidden:
        return entry
    configured = configured_expressions(full_plan, address) or {}
    told = {name: _told(name, says(address, name)) for name in hidden if name in configured}
    return {**entry, "change": {**entry["change"], "after": {**after, **told}, "after_unknown": {}}}


def _with_sets(full_plan: JsonObject, entry: JsonObject, changes: Sequence[AttributeChange], says: Says) -> JsonObject:
    """Return an entry of the plan with the sets that drifted as the code has them, where that settles their fate."""
    value = {} if "deposed" in entry else planned_value(entry["change"])
    hidden = [change for change in changes if change.path[-1] in UNORDERED and _at(value, change.path) is UNKNOWN]
    address = entry["address"]
    for change in hidden:
        name = ".".join(step for step in change.path if isinstance(step, str))
        references = References(full_plan, address, configured_expressions(full_plan, address))
        value = _put(value, change.path, _members(change, says(address, name), references))
    return {**entry, "change": {**entry["change"], "after": value, "after_unknown": {}}} if hidden else entry


def _members(change: AttributeChange, value: Json, references: References) -> Json:
    """Return what a set holds by its code, `UNKNOWN` where its unknown members may be what came or went."""
    if not isinstance(value, list) or not all(each is UNKNOWN or isinstance(each, str) for each in value):
        return UNKNOWN
    state, live = change.state or [], change.live or []
    has_what_came = all(each in value or each in state for each in live)
    gone = [each for each in state if each not in live]
    is_kept = has_what_came and not any(each in value for each in gone) and references.leave_out(change.path, gone)
    return value if is_kept or UNKNOWN not in value else UNKNOWN


def _at(value: Json, path: AttributePath) -> Json:
    """Return what is at a path, only through blocks that are there once."""
    for step in path:
        if isinstance(step, Member):
            value = value[0] if isinstance(value, list) and len(value) == 1 else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _put(value: Json, path: AttributePath, inner: Json) -> Json:
    """Return a value with another one where `_at` finds one."""
    if not path:
        return inner
    if isinstance(path[0], Member):
        return [_put(value[0], path[1:], inner)]
    return {**value, path[0]: _put(value[path[0]], path[1:], inner)}


def _has_parts(resource_type: str, name: str) -> bool:
    return name in MAPS or name in JSON_DOCUMENTS or holds_policy(resource_type, name)


def _told(name: str, value: Json) -> Json:
    """Return what is certain of an attribute by its value in the code."""
    if name in MAPS and isinstance(value, dict):
        return {key: _as_text(member) for key, member in value.items()}
    if name in JSON_DOCUMENTS and isinstance(value, list):
        return _distinct(name, with_own_names(value))
    if isinstance(value, str):
        return value if name not in MAPS | JSON_DOCUMENTS else UNKNOWN
    return value if name not in MAPS and isinstance(value, dict) else UNKNOWN


def _as_text(value: Json) -> Json:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value if value is None or isinstance(value, str) else UNKNOWN


def _distinct(name: str, value: Json) -> Json:
    """Return a value in which every list is `UNKNOWN` whose members nobody can tell from others."""
    if isinstance(value, dict):
        return {key: _distinct(key, member) for key, member in value.items()}
    if not isinstance(value, list) or not has_unknown(value):
        return value
    members = [_distinct("", member) for member in value]
    keys = [member.get(NATURAL_KEYS.get(name, "")) if isinstance(member, dict) else None for member in members]
    return members if all(isinstance(key, str | int) for key in keys) and len({*keys}) == len(keys) else UNKNOWN
