"""The type of decoded JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Any decoded JSON value. A recursive alias would make every reader of a plan or record cast at each step."""

JsonObject: TypeAlias = Mapping[str, Any]
