"""Functions of Terraform whose outcome is told by what is known of their arguments.

https://developer.hashicorp.com/terraform/language/functions (1.11). Each gets its arguments' values, with `UNKNOWN` in
them, and is called by `expressions.evaluate`, which reads `try` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.strings import STRINGS
from reconciler.remedy.meaning.texts import as_number
from reconciler.remedy.meaning.unify import are_alike, unified
from reconciler.remedy.meaning.values import (
    Bag,
    Encoded,
    MissingError,
    Set,
    Typed,
    as_text,
    is_list,
    set_of,
)


def _jsonencode(value: Json) -> Json:
    return Encoded(value)


def _merge(*maps: Json) -> Json:
    if not all(each is None or isinstance(each, dict) for each in maps):
        return UNKNOWN
    return {key: value for each in maps for key, value in (each or {}).items()}


def _concat(*lists: Json) -> Json:
    if not all(each is UNKNOWN or (isinstance(each, list) and not isinstance(each, Set)) for each in lists):
        return UNKNOWN
    members = [member for each in lists for member in ([UNKNOWN] if each is UNKNOWN else each)]
    if any(each is UNKNOWN or isinstance(each, Bag) for each in lists):
        return Bag(members)
    if not all(isinstance(each, Typed) for each in lists):
        return members
    return Typed(members) if are_alike(*lists) else UNKNOWN


def _flatten(value: Json) -> Json:
    if not isinstance(value, list):
        return UNKNOWN
    inner = [_flatten(each) if isinstance(each, list) else each for each in value]
    members = [member for each in inner for member in (each if isinstance(each, list) else [each])]
    is_open = UNKNOWN in inner or any(isinstance(each, Bag) for each in (value, *inner))
    return Bag(members) if is_open else members


def _compact(members: Json) -> Json:
    if not isinstance(members, list) or not all(each in (UNKNOWN, None) or isinstance(each, str) for each in members):
        return UNKNOWN
    kept = [each for each in members if each not in (None, "")]
    return Bag(kept) if UNKNOWN in members else Typed(kept)


def _distinct(members: Json) -> Json:
    if not isinstance(members, list) or not all(each is UNKNOWN or isinstance(each, str) for each in members):
        return UNKNOWN
    kept = [*dict.fromkeys(members)]
    return Bag(kept) if UNKNOWN in members else Typed(kept)


def _setunion(*sets: Json) -> Json:
    return set_of(_concat(*(_tolist(each) if isinstance(each, Set) else each for each in sets)))


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
    return [members[key] for key in sorted(members)] if isinstance(members, dict) else UNKNOWN


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


def _element(members: Json, place: Json) -> Json:
    index = as_number(place)
    if not is_list(members) or not members or not isinstance(index, int) or index < 0:
        return UNKNOWN
    return members[index % len(members)]


def _length(value: Json) -> Json:
    if isinstance(value, str):
        return len(value) if value.isascii() and "\r" not in value else UNKNOWN
    return len(value) if isinstance(value, dict | list) and not isinstance(value, Bag) else UNKNOWN


def _contains(members: Json, wanted: Json) -> Json:
    if not isinstance(members, list) or not isinstance(wanted, str | int):
        return UNKNOWN
    if any(type(each) is type(wanted) and each == wanted for each in members):
        return True
    return False if all(isinstance(each, str | int) for each in members) else UNKNOWN


def _reverse(members: Json) -> Json:
    return type(members)(members[::-1]) if is_list(members) else UNKNOWN


def _sort(members: Json) -> Json:
    is_told = isinstance(members, list) and all(isinstance(each, str) for each in members)
    return Typed(sorted(members)) if is_told else UNKNOWN


def _slice(members: Json, start: Json, end: Json) -> Json:
    first, last = as_number(start), as_number(end)
    if not is_list(members) or not isinstance(first, int) or not isinstance(last, int):
        return UNKNOWN
    return type(members)(members[first:last]) if 0 <= first <= last <= len(members) else UNKNOWN


def _zipmap(names: Json, members: Json) -> Json:
    if not is_list(names) or not is_list(members) or len(names) != len(members):
        return UNKNOWN
    return dict(zip(names, members, strict=True)) if all(isinstance(name, str) for name in names) else UNKNOWN


def _one(members: Json) -> Json:
    if not isinstance(members, list) or isinstance(members, Bag) or len(members) > 1:
        return UNKNOWN
    return members[0] if members else None


def _coalescelist(*lists: Json) -> Json:
    if not all(map(is_list, lists)):
        return UNKNOWN
    return next((each for each in lists if each), UNKNOWN)


def _limit(chosen: Callable[[list[int]], int]) -> Callable[..., Json]:
    def told(*values: Json) -> Json:
        numbers = [as_number(value) for value in values]
        return UNKNOWN if UNKNOWN in numbers or not numbers else chosen(numbers)

    return told


def _every(members: Json) -> Json:
    return _truths(members, all)


def _any(members: Json) -> Json:
    return _truths(members, any)


def _truths(members: Json, combined: Callable[[list[bool]], bool]) -> Json:
    is_told = isinstance(members, list) and all(isinstance(each, bool) for each in members)
    return combined(members) if is_told else UNKNOWN


def _setsubtract(one: Json, other: Json) -> Json:
    sets = set_of(one), set_of(other)
    return Set(each for each in sets[0] if each not in sets[1]) if all(map(_is_set, sets)) else UNKNOWN


def _setintersection(first: Json, *others: Json) -> Json:
    sets = [set_of(each) for each in (first, *others)]
    return Set(each for each in sets[0] if all(each in other for other in sets)) if all(map(_is_set, sets)) else UNKNOWN


def _is_set(value: Json) -> bool:
    return isinstance(value, Set)


def _tobool(value: Json) -> Json:
    return value if value is None or isinstance(value, bool) else {"true": True, "false": False}.get(value, UNKNOWN)


def _tolist(members: Json) -> Json:
    members = members if isinstance(members, Set) else unified(members)
    return Typed(members) if isinstance(members, list) and not isinstance(members, Bag) else members


def _tonumber(value: Json) -> Json:
    return None if value is None else as_number(value)


def _tostring(value: Json) -> Json:
    return None if value is None else as_text(value)


FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    **STRINGS,
    "alltrue": _every,
    "anytrue": _any,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "max": _limit(max),
    "merge": _merge,
    "min": _limit(min),
    "one": _one,
    "reverse": _reverse,
    "setintersection": _setintersection,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "slice": _slice,
    "sort": _sort,
    "tobool": _tobool,
    "tolist": _tolist,
    "tomap": unified,
    "tonumber": _tonumber,
    "toset": set_of,
    "tostring": _tostring,
    "values": _values,
    "zipmap": _zipmap,
}
