"""The scalars in a nested value: where they are, and the value with another one there."""

from __future__ import annotations

import copy
from typing import Any


def leaves(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the places of all scalars."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in leaves(inner, (*at, key))]
    if isinstance(value, list):
        return [place for index, inner in enumerate(value) for place in leaves(inner, (*at, index))]
    return [at]


def changed_at(value: Any, place: tuple[Any, ...]) -> Any:
    """Return a copy with another scalar at a place."""
    result = copy.deepcopy(value)
    holder = result
    for step in place[:-1]:
        holder = holder[step]
    old = holder[place[-1]]
    holder[place[-1]] = (
        (not old) if isinstance(old, bool) else old + 20000 if isinstance(old, int) else old + "~changed"
    )
    return result
