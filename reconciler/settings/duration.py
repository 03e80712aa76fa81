"""Lengths of time as people write them: `60s`, `15m`, `1h30m`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta

from reconciler.errors import UsageError

DURATION_PATTERN = r"^([0-9]+[smhdw])+$"
_PART = re.compile(r"([0-9]+)([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=3650)


def parse_duration(text: str) -> timedelta:
    """Return the length of time that `text` says, the sum of its parts; at most ten years.

    Raises UsageError with a sentence that says how to write one.
    """
    written = text.strip()
    if not re.match(DURATION_PATTERN, written, re.ASCII):
        raise UsageError("not a length of time; write a number and a unit (s, m, h, d, w), such as 60s, 15m or 1h30m")
    parts = _PART.findall(written)
    if any(len(number) > 9 for number, _ in parts):
        raise UsageError("longer than ten years")
    total = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if total > _LONGEST:
        raise UsageError("longer than ten years")
    return total
