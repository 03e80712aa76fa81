"""Functions of Terraform on lists and sets, of which some members may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.texts import as_number
from reconciler.remedy.meaning.unify import are_alike, unified
from reconciler.remedy.meaning.values import Bag, Set, Typed, is_list, set_of


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


def _element(members: Json, place: Json) -> Json:
    index = as_number(place)
    if not is_list(members) or not members or not isinstance(index, int) or index < 0:
        return UNKNOWN
    return members[index % len(members)]


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


def _one(members: Json) -> Json:
    if not isinstance(members, list) or isinstance(members, Bag) or len(members) > 1:
        return UNKNOWN
    return members[0] if members else None


def _coalescelist(*lists: Json) -> Json:
    if not all(map(is_list, lists)):
        return UNKNOWN
    return next((each for each in lists if each), UNKNOWN)


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


def _tolist(members: Json) -> Json:
    members = members if isinstance(members, Set) else unified(members)
    return Typed(members) if isinstance(members, list) and not isinstance(members, Bag) else members


LISTS: Mapping[str, Callable[..., Json]] = {
    "alltrue": _every,
    "anytrue": _any,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "one": _one,
    "reverse": _reverse,
    "setintersection": _setintersection,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "slice": _slice,
    "sort": _sort,
    "tolist": _tolist,
    "toset": set_of,
}
