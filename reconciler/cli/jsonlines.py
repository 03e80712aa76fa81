"""JSON lines for a terminal or a pipe, in ASCII: what anybody wrote into a record moves no cursor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def json_line(values: Mapping[str, Any]) -> str:
    """Return an object as `json.dumps` writes it, most of them in less than half its time."""
    try:
        line = msgspec.json.format(_encode(values), indent=0)
    except (TypeError, ValueError, RecursionError):  # half a surrogate pair, which UTF-8 has not, or the like
        return json.dumps(values)
    return line.decode() if line.isascii() and b"\x7f" not in line else json.dumps(values)
