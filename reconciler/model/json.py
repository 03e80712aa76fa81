"""The type of decoded JSON, and what is taken out of it in many places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Any decoded JSON value. A recursive alias would make every reader of a plan or record cast at each step."""

JsonObject: TypeAlias = Mapping[str, Any]


def texts_in(value: Json) -> list[str]:
    """Return the texts of a list; none of what is no list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
