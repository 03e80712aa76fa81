"""Values on the way from an expression to what a resource gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.texts import as_number, json_text, number_text


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
    """The text that `jsonencode` makes of a value, which tells more of it where some is not known."""

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


class Typed(list[Json]):
    """Members of a list, which have one type: beside another list Terraform converts them, as it does no tuple."""


class Set(list[Json]):
    """Members of a set that are all known, in Terraform's order."""


Steps = tuple[str | Key, ...]
"""A reference taken apart, `("aws_sqs_queue", "jobs", Key("a"), "arn")`."""


def plain(value: Json) -> Json:
    """Return a value that is part of another one: of what `jsonencode` makes, its text."""
    return json_text(value.value) if isinstance(value, Encoded) else value


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
    return Bag([*known, UNKNOWN]) if UNKNOWN in members else Set(known)


def is_list(value: Json) -> bool:
    """Tell whether a value is a list of which the places of all members are known."""
    return isinstance(value, list) and not isinstance(value, Bag | Set)


def step_into(value: Json, steps: Steps) -> Json:
    """Return what lies in a value; raises MissingError where the value has no such member."""
    for place, step in enumerate(steps):
        value = plain(value)
        if isinstance(value, Made):
            return _planned(value, steps[place:])
        key = step.key if isinstance(step, Key) else step
        if value is UNKNOWN or key is UNKNOWN or isinstance(value, Bag):
            return UNKNOWN
        index = as_number(key) if isinstance(step, Key) else None
        if is_list(value) and isinstance(index, int) and 0 <= index < len(value):
            value = value[index]
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
    if isinstance(value, int | float):
        return number_text(value)
    return value if isinstance(value, str) else UNKNOWN
