"""Values on the way from an expression to what a resource gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN


class MissingError(LookupError):
    """Terraform fails here as well: something has no such member. `try` goes on to its next argument."""


class TooMuchError(Exception):
    """A question that takes more steps than an answer is worth: loops in loops, modules that double each other."""


@dataclass(slots=True)
class Budget:
    """How many steps may still be taken for one question."""

    left: int

    def spend(self) -> None:
        """Take one step; raises TooMuchError when there is none left."""
        self.left -= 1
        if self.left < 0:
            raise TooMuchError


@dataclass(frozen=True, slots=True)
class Encoded:
    """The text that `jsonencode` makes of a value, of which only the value is told."""

    value: Json


@dataclass(frozen=True, slots=True)
class Key:
    """A step into a list or map by `[…]`."""

    key: Json


@dataclass(frozen=True, slots=True)
class Made:
    """A resource or data source as a whole; `planned` gives its attributes, as they are after the apply."""

    address: str
    planned: Callable[[str, str], Json]


class Bag(list[Json]):
    """Members of a list of which nobody can tell the places, nor how many an `UNKNOWN` among them stands for.

    All others are in it for certain.
    """


Steps = tuple[str | Key, ...]
"""A reference taken apart, `("aws_sqs_queue", "jobs", Key("a"), "arn")`."""


def plain(value: Json) -> Json:
    """Return a value that is part of another one: the text that `jsonencode` makes is not told."""
    return UNKNOWN if isinstance(value, Encoded) else value


def told(value: Json) -> Json:
    """Return a value with `UNKNOWN` for each resource in it that stands there as a whole."""
    if isinstance(value, dict):
        return {key: told(member) for key, member in value.items()}
    if isinstance(value, list):
        return [told(member) for member in value]
    return UNKNOWN if isinstance(value, Made) else value


def alike(value: Json, members: list[Json]) -> list[Json]:
    """Return what became of a list's members, told as far as the list's own."""
    return Bag(members) if isinstance(value, Bag) else members


def set_of(members: Json) -> Json:
    """Return a set of texts in Terraform's order; `UNKNOWN` of anything else."""
    if not isinstance(members, list) or not all(each is UNKNOWN or isinstance(each, str) for each in members):
        return UNKNOWN
    known = sorted({each for each in members if each is not UNKNOWN})
    return Bag([*known, UNKNOWN]) if UNKNOWN in members else known


def step_into(value: Json, steps: Steps) -> Json:
    """Return what lies in a value; raises MissingError where the value has no such member."""
    for place, step in enumerate(steps):
        value = plain(value)
        if isinstance(value, Made):
            return _planned(value, steps[place:])
        key = step.key if isinstance(step, Key) else step
        if value is UNKNOWN or key is UNKNOWN or isinstance(value, Bag):
            return UNKNOWN
        if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        elif isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        else:
            raise MissingError(str(key))
    return value


def _planned(made: Made, steps: Steps) -> Json:
    """Return what lies in a resource's attribute; what the plan has not there may be there after the apply."""
    name, *rest = steps
    try:
        return step_into(made.planned(made.address, name), tuple(rest)) if isinstance(name, str) else UNKNOWN
    except MissingError:
        return UNKNOWN


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
