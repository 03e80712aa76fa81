"""An expression's value, as far as it can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.text import InterpolationError, decode_quoted
from reconciler.remedy.hcl.values import Call, Expression, Object, Opaque, Scalar, Sequence
from reconciler.remedy.meaning.functions import FUNCTIONS
from reconciler.remedy.meaning.values import (
    Bag,
    Encoded,
    Key,
    Made,
    MissingError,
    Steps,
    alike,
    as_text,
    plain,
    step_into,
    unified,
)

_NAME: Final = r"[^\W\d][\w-]*"
_NAMES: Final = rf"{_NAME}(?:\.{_NAME})*"
_STEP: Final = re.compile(
    rf'\.(?P<name>{_NAME})|\.(?P<old>\d+)|\[(?:(?P<index>\d+)|"(?P<key>(?:[^"\\]|\\.)*)"|(?P<inner>{_NAMES}))\]'
)
_INTERPOLATION: Final = re.compile(r"(?<!\$)\$\{\s*(?P<reference>[^{}\s~]+)\s*\}")


class Scope(Protocol):
    """What the references of an expression mean where it stands."""

    def refer(self, steps: Steps) -> Json:
        """Return what a reference gives, `UNKNOWN` where nobody can tell; raises MissingError."""

    def spend(self) -> None:
        """Count a step; raises TooMuchError where the answer would take too many."""


def evaluate(expression: Expression, scope: Scope) -> Json:
    """Return an expression's value with `UNKNOWN` for whatever cannot be told; raises MissingError, TooMuchError.

    What `jsonencode` gives is an `Encoded`.
    """
    scope.spend()
    if isinstance(expression, Scalar):
        return expression.value
    if isinstance(expression, Sequence):
        return [_part(item.value, scope) for item in expression.items]
    if isinstance(expression, Object):
        if any(entry.key is None for entry in expression.entries):
            return UNKNOWN
        return {str(entry.key): _part(entry.value, scope) for entry in expression.entries}
    if isinstance(expression, Call):
        return _call(expression, scope)
    return _other(expression, scope)


def _part(expression: Expression, scope: Scope) -> Json:
    return plain(evaluate(expression, scope))


def _call(call: Call, scope: Scope) -> Json:
    if call.name == "try":
        for argument in call.arguments:
            try:
                return evaluate(argument, scope)
            except MissingError:
                continue
        raise MissingError("try")
    function = FUNCTIONS.get(call.name)
    if function is None:
        return UNKNOWN
    try:
        return function(*(_part(argument, scope) for argument in call.arguments))
    except TypeError:
        return UNKNOWN  # not as many arguments as the function takes


def _other(expression: Opaque, scope: Scope) -> Json:
    if expression.operator == "[*]":
        return _splat(expression, scope)
    if expression.operator.startswith("for"):
        return _for(expression, scope)
    if expression.operator:
        return _compared(expression, scope)
    if expression.parts:
        return _chosen(expression, scope)
    if expression.kind == "a template":
        return _template(expression.text, scope)
    return _reference(expression.text, scope)


def _compared(expression: Opaque, scope: Scope) -> Json:
    one, other = (_part(part, scope) for part in expression.parts)
    equal = _equal(one, other)
    return equal if expression.operator == "==" or equal is UNKNOWN else not equal


def _equal(one: Json, other: Json) -> Json:
    if any(each is UNKNOWN or isinstance(each, Made) for each in (one, other)):
        return UNKNOWN
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return UNKNOWN if isinstance(one, dict | list) or isinstance(other, dict | list) else one == other


def _chosen(expression: Opaque, scope: Scope) -> Json:
    condition, yes, no = expression.parts
    chosen = _part(condition, scope)
    if not isinstance(chosen, bool):
        return UNKNOWN
    result, other = (evaluate(each, scope) for each in ((yes, no) if chosen else (no, yes)))
    # Both results get a type in common; a null takes any.
    if other is None or isinstance(result, Encoded):
        return result
    return unified(result, plain(other))


def _splat(expression: Opaque, scope: Scope) -> Json:
    through = _part(expression.parts[0], scope)
    if through is UNKNOWN:
        return UNKNOWN
    members = through if isinstance(through, list) else [] if through is None else [through]
    return alike(through, [plain(step_into(each, expression.names)) for each in members])


@dataclass(frozen=True)
class _Bound:
    """What the variables of a `for` expression mean in it, beside all else."""

    variables: Mapping[str, Json]
    outer: Scope

    def refer(self, steps: Steps) -> Json:
        """Return what a reference gives."""
        root, *rest = steps
        if root in self.variables:
            return step_into(self.variables[str(root)], tuple(rest))
        return self.outer.refer(steps)

    def spend(self) -> None:
        """Count a step."""
        self.outer.spend()


def _for(expression: Opaque, scope: Scope) -> Json:
    collection, *inner = expression.parts
    is_object = expression.operator == "for {}"
    made, conditions = inner[: 1 + is_object], inner[1 + is_object :]
    through = _part(collection, scope)
    if not isinstance(through, dict | list):
        return UNKNOWN
    # Of a list nobody can tell the index: it may be a set, whose members are their own keys.
    pairs = sorted(through.items()) if isinstance(through, dict) else [(UNKNOWN, each) for each in through]
    results: list[list[Json]] = []
    for pair in pairs:
        if isinstance(through, Bag) and pair[1] is UNKNOWN:
            results.append([UNKNOWN] * len(made))  # or nothing at all
            continue
        bound = _Bound(dict(zip(expression.names, pair[-len(expression.names) :], strict=True)), scope)
        kept = [_part(each, bound) for each in conditions]
        if not all(isinstance(each, bool) for each in kept):
            return UNKNOWN
        if all(kept):
            results.append([_part(each, bound) for each in made])
    if not is_object:
        return alike(through, [value for (value,) in results])
    keys = [as_text(key) for key, _ in results]
    return UNKNOWN if UNKNOWN in keys else {str(key): value for key, (_, value) in zip(keys, results, strict=True)}


def _template(text: str, scope: Scope) -> Json:
    """Return the text of a quoted template that interpolates nothing but references."""
    if not text.startswith('"'):
        return UNKNOWN
    written, position = "", 0
    inner = text[1:-1]
    if alone := _INTERPOLATION.fullmatch(inner):
        return _reference(alone["reference"], scope)
    try:
        for match in _INTERPOLATION.finditer(inner):
            value = as_text(plain(_reference(match["reference"], scope)))
            if value is UNKNOWN:
                return UNKNOWN
            written += decode_quoted(inner[position : match.start()]) + str(value)
            position = match.end()
        return written + decode_quoted(inner[position:])
    except InterpolationError:
        return UNKNOWN


def _reference(text: str, scope: Scope) -> Json:
    steps = _steps(text, scope)
    return scope.refer(steps) if steps else UNKNOWN


def _steps(text: str, scope: Scope) -> Steps:
    """Take a reference apart; nothing where the text is no reference that can be read."""
    head = re.match(_NAME, text)
    if head is None:
        return ()
    steps: list[str | Key] = [head[0]]
    position = head.end()
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            return ()
        if step["name"] is not None:
            steps.append(step["name"])
        else:
            steps.append(Key(_key(step, scope)))
        position = step.end()
    return tuple(steps)


def _key(step: re.Match[str], scope: Scope) -> Json:
    if step["inner"] is not None:
        return plain(_reference(step["inner"], scope))
    if step["key"] is not None:
        try:
            return decode_quoted(step["key"])
        except InterpolationError:
            return UNKNOWN
    return int(step["old"] or step["index"])
