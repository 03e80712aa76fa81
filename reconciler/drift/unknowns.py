"""What only the apply will tell as a whole, and of which the code tells parts.

One value that a new resource will get makes a whole map, or a whole JSON document, unknown to the plan. The code says
what else is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from reconciler.drift.addresses import configured_expressions
from reconciler.drift.catalogue import JSON_DOCUMENTS, MAPS, SERVICE, TASK_DEFINITION
from reconciler.drift.documents import with_own_names
from reconciler.drift.noise.policies import holds_policy
from reconciler.drift.plans import planned_value
from reconciler.model.drift import Drift
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown
from reconciler.model.resource_types import NATURAL_KEYS

Says = Callable[[str, str], Json]
"""Gives the code's value of a resource's attribute, by address and name, with `UNKNOWN` for what nobody can tell."""


def with_code(full_plan: JsonObject, drifts: Sequence[Drift], says: Says) -> JsonObject:
    """Return a full plan that knows of what drifted, and is unknown as a whole, as much as the code `says` of it.

    With a service's task definition, those that code makes are looked into. The code is asked about nothing else.
    """
    drifted = {drift.address: {str(change.path[0]) for change in drift.changes} for drift in drifts}
    moved = any(drift.type == SERVICE and "task_definition" in drifted[drift.address] for drift in drifts)

    def completed(entry: JsonObject) -> JsonObject:
        inside = JSON_DOCUMENTS if moved and entry.get("type") == TASK_DEFINITION else frozenset()
        names = drifted.get(entry["address"], set()) | inside
        return _completed(full_plan, entry, names, says) if names else entry

    return {**full_plan, "resource_changes": [completed(entry) for entry in full_plan.get("resource_changes") or ()]}


def _completed(full_plan: JsonObject, entry: JsonObject, names: Collection[str], says: Says) -> JsonObject:
    after, address = planned_value(entry["change"]), entry["address"]
    hidden = [name for name in names if after.get(name) is UNKNOWN and _has_parts(entry["type"], name)]
    if "deposed" in entry or not hidden:
        return entry
    configured = configured_expressions(full_plan, address) or {}
    told = {name: _told(name, says(address, name)) for name in hidden if name in configured}
    return {**entry, "change": {**entry["change"], "after": {**after, **told}, "after_unknown": {}}}


def _has_parts(resource_type: str, name: str) -> bool:
    return name in MAPS or name in JSON_DOCUMENTS or holds_policy(resource_type, name)


def _told(name: str, value: Json) -> Json:
    """Return what is certain of an attribute by its value in the code."""
    if name in MAPS and isinstance(value, dict):
        return {key: _as_text(member) for key, member in value.items()}
    if name in JSON_DOCUMENTS and isinstance(value, list):
        return _distinct(name, with_own_names(value))
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
