"""When a literal in code and a value in the cloud are the same to Terraform."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model import Json

_TASK_DEFINITION = re.compile(r"arn:[^:]+:ecs:[^:]*:[^:]*:task-definition/(?P<short>(?P<family>[\w-]+):\d+)")
_SHORT = re.compile(r"(?P<family>[\w-]+):\d+")


def same(code: Json, live: Json, *, exact: bool = False, unordered: bool = False) -> bool:
    """Tell whether two values are equal; True is not 1.

    `exact` keeps types apart as JSON documents need it; otherwise "5" is 5 as in Terraform's arguments. `unordered`
    compares lists of scalars as sets.
    """
    if isinstance(code, Mapping) and isinstance(live, Mapping):
        return code.keys() == live.keys() and all(same(code[key], live[key], exact=exact) for key in code)
    if isinstance(code, list | tuple) and isinstance(live, list | tuple):
        if len(code) != len(live):
            return False
        if unordered and not any(isinstance(member, Mapping | list | tuple) for member in (*code, *live)):
            code, live = sorted(code, key=_text), sorted(live, key=_text)
        return all(same(one, other, exact=exact) for one, other in zip(code, live, strict=True))
    if type(code) is type(live) or (_is_number(code) and _is_number(live)):
        return bool(code == live)
    return not exact and _is_primitive(code) and _is_primitive(live) and _text(code) == _text(live)


def as_written(code: Json, live: Json, *, exact: bool = False) -> Json:
    """Return the live value in the form that the code uses.

    A number stays a number when the plan shows it as text (`cpu` of a task definition), and `family:revision` stays
    short when the live value is the ARN of a revision of the same family.
    """
    if exact or isinstance(code, bool | None) or not isinstance(code, str | int | float):
        return live
    if isinstance(code, str):
        return _short_form(code, live)
    if isinstance(live, str) and re.fullmatch(r"-?(0|[1-9]\d*)", live):
        return int(live)
    return live


def _short_form(code: str, live: Json) -> Json:
    short = _SHORT.fullmatch(code)
    arn = _TASK_DEFINITION.fullmatch(live) if isinstance(live, str) else None
    if short and arn and short["family"] == arn["family"]:
        return arn["short"]
    return str(live) if _is_number(live) else live


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_primitive(value: Json) -> bool:
    return isinstance(value, str | int | float | bool)


def _text(value: Json) -> str:
    """Return the text that Terraform converts a primitive to."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
