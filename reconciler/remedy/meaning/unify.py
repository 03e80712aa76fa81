"""Types in common: what Terraform may make of values that have to be of one type."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.values import Made, Set, Typed


def unified(value: Json, *others: Json) -> Json:
    """Return a value that Terraform may convert to a type in common with others; `UNKNOWN` where it would.

    What holds texts only stays as it is beside anything, and nothing but numbers beside numbers. It is `UNKNOWN` as
    well where there may be no such type.
    """
    if not _fit([value, *others]) or (not isinstance(value, Set) and any(isinstance(each, Set) for each in others)):
        return UNKNOWN
    if not _kinds(value) <= {str} and not are_alike(value, *others):
        return UNKNOWN
    return Typed(value) if type(value) is list and any(isinstance(each, Typed) for each in others) else value


def are_alike(*values: Json) -> bool:
    """Tell whether all that values hold is of one type; what is not known may be a text."""
    return len({kind for each in values for kind in _kinds(each)}) < 2


def _kinds(value: Json) -> set[type]:
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return {kind for member in members for kind in _kinds(member)}
    return set() if value is None else {str} if value is UNKNOWN else {type(value)}


def _fit(values: Sequence[Json]) -> bool:
    """Tell whether values may have a type in common: texts, numbers and bools, lists of such, or objects."""
    told = [value for value in values if value is not None and value is not UNKNOWN and not isinstance(value, Made)]
    if any(isinstance(value, dict) for value in told):
        return all(isinstance(value, dict) for value in told) and _objects_fit(told)
    if any(isinstance(value, list) for value in told):
        return all(isinstance(value, list) for value in told) and _fit([member for value in told for member in value])
    numbers = [value for value in told if not isinstance(value, str)]
    return all(isinstance(value, bool) for value in numbers) or not any(isinstance(value, bool) for value in numbers)


def _objects_fit(objects: Sequence[dict[str, Json]]) -> bool:
    names = {name for each in objects for name in each}
    if all(each.keys() == names for each in objects):
        return all(_fit([each[name] for each in objects]) for name in names)
    return _fit([member for each in objects for member in each.values()])
