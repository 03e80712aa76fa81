"""The texts that Terraform makes of numbers, and of whole values as JSON."""

from __future__ import annotations

import json
import re

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN

_ESCAPED = re.compile("[<>&\u2028\u2029]")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,99})")


def number_text(number: float) -> Json:
    """Return a number as Terraform writes it; `UNKNOWN` where Python may have lost some of its digits."""
    if isinstance(number, float):
        text = repr(number)
        if "e" in text or len(text) > 16:
            return UNKNOWN
        return text.removesuffix(".0")
    return str(number)


def as_number(value: Json) -> Json:
    """Return the whole number that a value is, or that a text writes; `UNKNOWN` of anything else."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else UNKNOWN


def json_text(value: Json) -> Json:
    """Return the text that `jsonencode` makes of a value; `UNKNOWN` where not all of it can be told.

    Members are sorted, there are no blanks, and `<`, `>` and `&` are escaped, as Go does (Terraform 1.11).
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict):
        names, members = map(json_text, sorted(value)), [json_text(value[key]) for key in sorted(value)]
        known = UNKNOWN not in members
        return (
            "{" + ",".join(f"{name}:{member}" for name, member in zip(names, members, strict=True)) + "}"
            if known
            else UNKNOWN
        )
    if not isinstance(value, list):
        return UNKNOWN
    texts = [json_text(member) for member in value]
    return UNKNOWN if UNKNOWN in texts else f"[{','.join(map(str, texts))}]"
