"""What a plan's JSON says about resources: what drifted, and what Terraform would do.

The format is Terraform's JSON output format, https://developer.hashicorp.com/terraform/internals/json-format (1.x).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from reconciler.drift.addresses import provider_expressions
from reconciler.drift.catalogue import is_reported
from reconciler.drift.differences import Difference, find_differences, marks
from reconciler.drift.noise import BY_ITSELF, RULES, Rule
from reconciler.drift.tags import no_longer_read, with_whole_tags
from reconciler.model.drift import AttributeChange, Drift
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, PlannedChange

_UNTOUCHED = (("no-op",), ("read",))


def read_drifts(plan: JsonObject, asked: Mapping[str, Collection[str]] = MappingProxyType({})) -> tuple[Drift, ...]:
    """Return the drift that a refresh-only plan's JSON reports, noise dropped, in the plan's order.

    Covers managed resources of the types in the catalogue. A resource that is gone has `deleted` set and no changes.
    `asked` has, by the state's addresses, the attributes that somebody is known to have asked for: those are no noise
    that comes by itself.
    """
    drifts = (
        _read_drift(entry, _rules(plan, entry, asked))
        for entry in _managed(plan, "resource_drift")
        if is_reported(entry["type"])
    )
    return tuple(drift for drift in drifts if drift.deleted or drift.changes)


def planned_changes(full_plan: JsonObject) -> Mapping[str, PlannedChange]:
    """Return what a full plan would do, by address, for managed resources of every type.

    An update that is nothing but noise is left out; a creation, deletion or replacement never is. A deposed object
    has an address of its own, `<address> (deposed <key>)`. The time of the plan, which `plantimestamp` gives, is
    `UNKNOWN`: each plan has its own.
    """
    made_at = full_plan.get("timestamp")
    changes = (_planned_change(entry, made_at) for entry in _managed(full_plan, "resource_changes"))
    return {change.address: change for change in changes if change is not None}


def planned_outputs(full_plan: JsonObject) -> frozenset[str]:
    """Return the names of the outputs that a full plan would change."""
    outputs: Mapping[str, JsonObject] = full_plan.get("output_changes") or {}
    return frozenset(name for name, change in outputs.items() if list(change.get("actions", ())) != ["no-op"])


def sensitive_attributes(full_plan: JsonObject) -> Mapping[str, frozenset[str]]:
    """Return, by address, the top-level attributes that Terraform marks as sensitive, wholly or in part."""
    return {
        entry["address"]: frozenset(
            name
            for tree in (entry["change"].get("before_sensitive"), entry["change"].get("after_sensitive"))
            for name, mark in (tree.items() if isinstance(tree, dict) else ())
            if marks(mark)  # lists and maps that mark nothing come along
        )
        for entry in _managed(full_plan, "resource_changes")
    }


def planned_values(full_plan: JsonObject) -> Mapping[str, tuple[JsonObject, JsonObject | None]]:
    """Return, by address and by previous address, the live and the planned value of what a plan would touch.

    The planned value of what it would delete is None. What the plan forgets stays as it is in AWS: it is untouched.
    """
    found: dict[str, tuple[JsonObject, JsonObject | None]] = {}
    for entry in _managed(full_plan, "resource_changes"):
        change = entry["change"]
        if "deposed" not in entry and tuple(change["actions"]) not in (*_UNTOUCHED, ("forget",)):
            live, planned = with_whole_tags(change.get("before") or {}, planned_value(change))
            values = (live, None if change.get("after") is None else planned)
            found[entry["address"]] = values
            found.setdefault(entry.get("previous_address") or entry["address"], values)
    return found


def _managed(plan: JsonObject, section: str) -> Iterator[JsonObject]:
    for entry in plan.get(section) or ():
        if entry.get("mode", "managed") == "managed":
            yield entry


def _rules(plan: JsonObject, entry: JsonObject, asked: Mapping[str, Collection[str]]) -> Sequence[Rule]:
    by_somebody = asked.get(entry.get("previous_address") or entry["address"], ())
    rules = [rule for rule in RULES if rule not in BY_ITSELF or BY_ITSELF[rule] not in by_somebody]
    return [*rules, no_longer_read(provider_expressions(plan, entry["address"]))]


def _read_drift(entry: JsonObject, rules: Sequence[Rule]) -> Drift:
    change = entry["change"]
    deleted = "deposed" not in entry and list(change["actions"]) == ["delete"]
    before, live = with_whole_tags(change.get("before") or {}, change.get("after") or {})
    # A deposed object waits for its deletion by Terraform: it shares its address with the object that counts.
    found = (
        ()
        if deleted or "deposed" in entry
        else find_differences(
            entry["type"],
            before,
            live,
            sensitive=(change.get("before_sensitive", False), change.get("after_sensitive", False)),
            rules=rules,
        )
    )
    return Drift(
        address=entry["address"],
        type=entry["type"],
        deleted=deleted,
        changes=tuple(AttributeChange(path=d.path, state=d.before, live=d.after, sensitive=d.sensitive) for d in found),
        before=before,
        live={} if deleted else live,
        previous_address=entry.get("previous_address"),
    )


def _planned_change(entry: JsonObject, made_at: Json) -> PlannedChange | None:
    change = entry["change"]
    actions = tuple(change["actions"])
    names = dict.fromkeys(str(difference.path[0]) for difference in _differences(entry))
    if actions in _UNTOUCHED or (actions == ("update",) and not names):
        return None
    before, after = change.get("before") or {}, _without_time(planned_value(change), made_at)
    deposed = f" (deposed {entry['deposed']})" if "deposed" in entry else ""
    return PlannedChange(
        address=entry["address"] + deposed,
        type=entry["type"],
        actions=actions,
        attributes={name: (before.get(name), after.get(name)) for name in names},
        after=after,
        replace_paths=tuple(tuple(path) for path in change.get("replace_paths") or ()),
    )


def _without_time(value: Json, made_at: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_time(member, made_at) for key, member in value.items()}
    if isinstance(value, list):
        return [_without_time(member, made_at) for member in value]
    return UNKNOWN if made_at and value == made_at else value


def _differences(entry: JsonObject) -> tuple[Difference, ...]:
    change = entry["change"]
    if tuple(change["actions"]) in _UNTOUCHED:
        return ()
    return find_differences(entry["type"], *with_whole_tags(change.get("before") or {}, planned_value(change)))


def planned_value(change: JsonObject) -> dict[str, Json]:
    """Return a resource after a plan's `change`, with `UNKNOWN` where only the apply will tell; empty where it goes."""
    merged = _with_unknown(change.get("after"), change.get("after_unknown", False))
    return merged if isinstance(merged, dict) else {}


def _with_unknown(value: Json, unknown: Json) -> Json:
    """Put `UNKNOWN` where Terraform's `after_unknown` tree says so."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and (value is None or isinstance(value, dict)):
        keys = dict.fromkeys((*(value or {}), *unknown))
        merged = {key: _with_unknown((value or {}).get(key), unknown.get(key, False)) for key in keys}
        return merged if merged or value is not None else None
    if isinstance(unknown, list) and isinstance(value, list):
        padded = [*unknown, *[False] * (len(value) - len(unknown))]
        return [_with_unknown(member, mark) for member, mark in zip(value, padded, strict=False)]
    return value
