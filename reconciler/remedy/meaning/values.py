"""Values on the way from an expression to what a resource gets."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN


class MissingError(LookupError):
    """Terraform fails here as well: something has no such member. `try` goes on to its next argument."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The text that `jsonencode` makes of a value, of which only the value is told."""

    value: Json


@dataclass(frozen=True, slots=True)
class Key:
    """A step into a list or map by `[…]`."""

    key: Json


Steps = tuple[str | Key, ...]
"""A reference taken apart, `("aws_sqs_queue", "jobs", Key("a"), "arn")`."""


def plain(value: Json) -> Json:
    """Return a value that is part of another one: the text that `jsonencode` makes is not told."""
    return UNKNOWN if isinstance(value, Encoded) else value


def step_into(value: Json, steps: Steps) -> Json:
    """Return what lies in a value; raises MissingError where the value has no such member."""
    for step in steps:
        value = plain(value)
        if value is UNKNOWN:
            return UNKNOWN
        key = step.key if isinstance(step, Key) else step
        if key is UNKNOWN:
            return UNKNOWN
        if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        elif isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        else:
            raise MissingError(str(key))
    return value


def as_text(value: Json) -> Json:
    """Return the string that Terraform makes of a scalar; `UNKNOWN` of what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | str) else UNKNOWN


def unified(value: Json, *others: Json) -> Json:
    """Return a value that Terraform may convert to a type in common with others; `UNKNOWN` where it would.

    What holds texts only, or nothing but numbers, is what it is in any such type.
    """
    kinds = {kind for each in (value, *others) for kind in _kinds(each)}
    return value if len(kinds) < 2 else UNKNOWN


def _kinds(value: Json) -> set[type]:
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return {kind for member in members for kind in _kinds(member)}
    return set() if value is None or value is UNKNOWN else {type(value)}
