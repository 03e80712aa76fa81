"""Operators, whose outcome is told by what is known of both sides.

https://developer.hashicorp.com/terraform/language/expressions/operators (1.11). What takes no whole number where it
takes a number is not told: Terraform counts with more digits than Python.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.texts import as_number
from reconciler.remedy.meaning.values import Made


def _equal(one: Json, other: Json) -> Json:
    if any(each is UNKNOWN or isinstance(each, Made) for each in (one, other)):
        return UNKNOWN
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return UNKNOWN if isinstance(one, dict | list) or isinstance(other, dict | list) else one == other


def _different(one: Json, other: Json) -> Json:
    equal = _equal(one, other)
    return equal if equal is UNKNOWN else not equal


def _not(value: Json) -> Json:
    return not value if isinstance(value, bool) else UNKNOWN


def _both(one: Json, other: Json) -> Json:
    return one and other if isinstance(one, bool) and isinstance(other, bool) else UNKNOWN


def _either(one: Json, other: Json) -> Json:
    return one or other if isinstance(one, bool) and isinstance(other, bool) else UNKNOWN


def _counted(count: Callable[[int, int], Json]) -> Callable[..., Json]:
    def told(*sides: Json) -> Json:
        one, other = (as_number(side) for side in (sides if len(sides) == 2 else (0, *sides)))
        if not isinstance(one, int) or not isinstance(other, int):
            return UNKNOWN
        result = count(one, other)
        if not isinstance(result, int) or isinstance(result, bool):
            return result
        # Terraform has a negative nothing as well, `-0`, and no more than 512 bits.
        is_plain = abs(result) < 2**512 if result else len(sides) == 2 and one >= 0 and other >= 0
        return result if is_plain else UNKNOWN

    return told


def _divided(one: int, other: int) -> Json:
    return one // other if other and one % other == 0 else UNKNOWN


def _remainder(one: int, other: int) -> Json:
    return one % other if one >= 0 < other else UNKNOWN


OPERATORS: Mapping[str, Callable[..., Json]] = {
    "!": _not,
    "!=": _different,
    "%": _counted(_remainder),
    "&&": _both,
    "*": _counted(operator.mul),
    "+": _counted(operator.add),
    "-": _counted(operator.sub),
    "/": _counted(_divided),
    "<": _counted(operator.lt),
    "<=": _counted(operator.le),
    "==": _equal,
    ">": _counted(operator.gt),
    ">=": _counted(operator.ge),
    "||": _either,
}
