"""Attributes as state format 3 had them: one level of names with dots, all values text.

Terraform 0.12 and newer keep them so, as `attributes_flat`, until they write the resource again, and the provider reads
them (Terraform 1.11, internal/states/statefile/version4.go). A collection says its size under `.#` or `.%`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model import Json, JsonObject


def unflatten(flat: Mapping[str, Any]) -> JsonObject:
    """Return the attributes as an object; the members of a list or set in the order of their keys, texts as they are.

    Raises TypeError and AttributeError for what is no such map.
    """
    return {name: _value(flat, name) for name in dict.fromkeys(key.partition(".")[0] for key in flat)}


def _value(flat: Mapping[str, Any], name: str) -> Json:
    if name in flat:
        return str(flat[name])
    inner = {key.removeprefix(f"{name}."): value for key, value in flat.items() if key.startswith(f"{name}.")}
    if inner.pop("%", None) is not None:  # the names in a map may have dots of their own
        return {key: str(value) for key, value in inner.items()}
    if inner.pop("#", None) is not None:
        keys = {key.partition(".")[0] for key in inner}
        return [_value(inner, key) for key in sorted(keys, key=lambda key: (len(key), key))]
    return unflatten(inner)
