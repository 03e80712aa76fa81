"""Reading decoded JSON that anybody may have written: a wrong type is an absent value, never an exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from reconciler.model import Json, JsonObject

SCALARS = (str, int, float, type(None))
"""What holds no other value. To ask for these first is several times cheaper than to ask an abstract class."""

Steps = tuple[tuple[str, bool], ...]
"""A path taken apart: names, and whether each is a list to go through."""


def mapping(value: Json) -> JsonObject:
    """Return the value when it is an object, else an empty one."""
    if type(value) is dict:
        return value
    return value if not isinstance(value, SCALARS) and isinstance(value, Mapping) else {}


def members(value: Json) -> Sequence[Json]:
    """Return the value when it is a list, else an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def text(value: Json) -> str | None:
    """Return the value when it is a text with something in it, else None."""
    return value if isinstance(value, str) and value else None


def account(value: Json) -> str | None:
    """Return an account id; spreadsheets and YAML turn it into a number and lose its leading zeros."""
    if type(value) is int and 0 <= value < 10**12:
        return f"{value:012d}"
    return text(value)


def truth(value: Json) -> bool:
    """Return a flag; CloudTrail writes some as booleans, some as text."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def present(value: Json) -> JsonObject:
    """Return `requestParameters` or `responseElements`, empty when null, no object, or left out for its size.

    CloudTrail replaces a field over its size limit by an object with `omitted: true` (record contents reference).
    """
    found = mapping(value)
    return {} if "omitted" in found and truth(found["omitted"]) else found


Found = tuple[Json, JsonObject]
"""A value at a path, and the object that holds it."""


def at(value: Json, path: str) -> Sequence[Found]:
    """Return what is at a path such as `service.serviceArn` or `tasks[].taskArn`; `[]` goes through a list."""
    return _at(value, _steps(path))


def first_name(path: str) -> str:
    """Return the first name in a path."""
    return _steps(path)[0][0]


@lru_cache(maxsize=1024)
def _steps(path: str) -> Steps:
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))


def _at(value: Json, steps: Steps) -> Sequence[Found]:
    holder: JsonObject = {}
    for depth, (name, is_list) in enumerate(steps, start=1):
        holder = mapping(value)
        if name not in holder:
            return ()
        value = holder[name]
        if is_list:
            rest = steps[depth:]
            items = members(value)
            return [found for item in items for found in (_at(item, rest) if rest else ((item, holder),))]
    return ((value, holder),)
