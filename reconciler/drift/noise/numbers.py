"""Numbers written as text."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from reconciler.drift.catalogue import TASK_DEFINITION, is_reported
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

_UNITS: Final = {"cpu": "vcpu", "memory": "gb"}
_BOUNDS: Final = frozenset({"metric_interval_lower_bound", "metric_interval_upper_bound"})
_WITH_UNIT: Final = re.compile(r"(?P<amount>\d*\.?\d+)\s*(?P<unit>vcpu|gb)", re.IGNORECASE)


# Task sizes are text in the API and numbers in many people's JSON; a container's are numbers. Members of maps are
# left alone: labels and tags are text, and `"80"` there is what was asked for.
def number_or_text(node: Node) -> bool:
    """Tell whether one side is a whole number and the other that number as text."""
    if node.name is None or not is_reported(node.type):
        return False
    return is_same_number(node.before, node.after)


def is_same_number(one: Json, other: Json) -> bool:
    """Tell whether one is a whole number and the other that number as text."""
    return _spells(one, other) or _spells(other, one)


def _spells(text: Json, number: Json) -> bool:
    return isinstance(text, str) and isinstance(number, int) and not isinstance(number, bool) and text == str(number)


# RegisterTaskDefinition takes `1 vCPU` and `2 GB`, and answers 1024 and 2048.
def task_size_units(node: Node) -> bool:
    """Tell whether two sizes of a task are the same amount in different units."""
    if node.type != TASK_DEFINITION or node.top not in _UNITS:
        return False
    before, after = (_amount(value, _UNITS[node.top]) for value in (node.before, node.after))
    return before is not None and before == after


def _amount(value: Json, unit: str) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    if text.isascii() and text.isdigit():
        return Decimal(text)
    match = _WITH_UNIT.fullmatch(text)
    return Decimal(match["amount"]) * 1024 if match and match["unit"].lower() == unit else None


# The bounds of a step are numbers that the provider keeps as text, to tell 0 from none: "10" comes back as "10.0".
def interval_bound(node: Node) -> bool:
    """Tell whether two bounds of a scaling step are the same number."""
    if node.place[0] != "step_adjustment" or node.name not in _BOUNDS or not is_reported(node.type):
        return False
    before, after = _number(node.before), _number(node.after)
    return before is not None and before == after


def _number(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
