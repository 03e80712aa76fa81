"""Equality of decoded JSON, where `true` is not 1."""

from __future__ import annotations

from reconciler.model.json import Json


def equal(one: Json, other: Json) -> bool:
    """Tell whether two decoded JSON values are equal; Python alone would take true for 1 and false for 0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)
