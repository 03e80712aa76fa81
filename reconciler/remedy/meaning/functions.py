"""Functions of Terraform whose outcome is told by what is known of their arguments.

https://developer.hashicorp.com/terraform/language/functions (1.11). Each gets its arguments' values, with `UNKNOWN` in
them, and is called by `expressions.evaluate`, which reads `try` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.lists import LISTS
from reconciler.remedy.meaning.strings import STRINGS
from reconciler.remedy.meaning.texts import as_number
from reconciler.remedy.meaning.unify import are_alike, unified
from reconciler.remedy.meaning.values import (
    Bag,
    Encoded,
    MissingError,
    Typed,
    as_text,
    is_list,
)


def _jsonencode(value: Json) -> Json:
    return Encoded(value)


def _merge(*maps: Json) -> Json:
    if not all(each is None or isinstance(each, dict) for each in maps):
        return UNKNOWN
    return {key: value for each in maps for key, value in (each or {}).items()}


def _coalesce(*values: Json) -> Json:
    for value in values:
        if value is UNKNOWN:
            return UNKNOWN
        if value not in (None, ""):
            return unified(value, *values)
    raise MissingError("coalesce")


def _keys(members: Json) -> Json:
    return Typed(sorted(members)) if isinstance(members, dict) else UNKNOWN


def _values(members: Json) -> Json:
    if not isinstance(members, dict):
        return UNKNOWN
    found = [members[key] for key in sorted(members)]
    return Typed(found) if are_alike(*found) else found  # of a map, perhaps


def _lookup(values: Json, key: Json, *default: Json) -> Json:
    if not isinstance(values, dict) or not isinstance(key, str):
        return UNKNOWN
    if key in values:
        return values[key]
    if not default:
        raise MissingError(key)
    # What has members of several types is no map, of which the default gets the type.
    is_map = not _differ([*values.values()])
    return UNKNOWN if is_map and default[0] is not None and not are_alike(default[0], *values.values()) else default[0]


def _differ(members: list[Json]) -> bool:
    """Tell whether members are of several types for certain."""
    forms = (dict, list, str, bool, int | float)
    found = {next((form for form in forms if isinstance(each, form)), None) for each in members}
    return len(found - {None}) > 1


def _length(value: Json) -> Json:
    if isinstance(value, str):
        return len(value) if value.isascii() and "\r" not in value else UNKNOWN
    return len(value) if isinstance(value, dict | list) and not isinstance(value, Bag) else UNKNOWN


def _zipmap(names: Json, members: Json) -> Json:
    if not is_list(names) or not is_list(members) or len(names) != len(members):
        return UNKNOWN
    return dict(zip(names, members, strict=True)) if all(isinstance(name, str) for name in names) else UNKNOWN


def _limit(chosen: Callable[[list[int]], int]) -> Callable[..., Json]:
    def told(*values: Json) -> Json:
        numbers = [as_number(value) for value in values]
        return UNKNOWN if UNKNOWN in numbers or not numbers else chosen(numbers)

    return told


def _tobool(value: Json) -> Json:
    return value if value is None or isinstance(value, bool) else {"true": True, "false": False}.get(value, UNKNOWN)


def _tonumber(value: Json) -> Json:
    return None if value is None else as_number(value)


def _tostring(value: Json) -> Json:
    return None if value is None else as_text(value)


FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    **LISTS,
    **STRINGS,
    "coalesce": _coalesce,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "max": _limit(max),
    "merge": _merge,
    "min": _limit(min),
    "tobool": _tobool,
    "tomap": unified,
    "tonumber": _tonumber,
    "tostring": _tostring,
    "values": _values,
    "zipmap": _zipmap,
}
