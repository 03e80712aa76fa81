"""An expression's value, as far as it can be told."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN, has_unknown
from reconciler.remedy.hcl.values import Call, Expression, Object, Opaque, Scalar, Sequence
from reconciler.remedy.meaning.functions import FUNCTIONS
from reconciler.remedy.meaning.holes import with_holes
from reconciler.remedy.meaning.operators import OPERATORS
from reconciler.remedy.meaning.unify import unified
from reconciler.remedy.meaning.values import (
    Bag,
    Encoded,
    Key,
    MissingError,
    Steps,
    Typed,
    alike,
    as_text,
    plain,
    step_into,
    told,
)

_LONGEST = 2**18  # characters of a text, members of a list: what doubles itself in each step would have no end
_MORE: Json = []
"""Stands in a template for what may make more of it than a text."""


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
    value = _value(expression, scope)
    if isinstance(value, str | list) and len(value) > _LONGEST:
        return UNKNOWN
    # Terraform keeps all text in this form.
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _value(expression: Expression, scope: Scope) -> Json:
    if isinstance(expression, Scalar):
        return expression.value
    if isinstance(expression, Sequence):
        return [_part(item.value, scope) for item in expression.items]
    if isinstance(expression, Object):
        names = [entry.key if entry.computed is None else _name(entry.computed, scope) for entry in expression.entries]
        values = [_part(entry.value, scope) for entry in expression.entries]
        return UNKNOWN if UNKNOWN in names else {str(name): value for name, value in zip(names, values, strict=True)}
    if isinstance(expression, Call):
        return _call(expression.name, expression.arguments, scope)
    return _other(expression, scope)


def _part(expression: Expression, scope: Scope) -> Json:
    return plain(evaluate(expression, scope))


def _name(computed: Expression, scope: Scope) -> Json:
    return as_text(_part(computed, scope))


def _call(name: str, arguments: tuple[Expression, ...], scope: Scope) -> Json:
    if name == "try":
        return _tried(arguments, scope)
    if name == "can":
        return _possible(arguments[0], scope)
    return _called(name, [_part(argument, scope) for argument in arguments])


def _called(name: str, values: list[Json]) -> Json:
    function = FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        return UNKNOWN
    try:
        return function(*values)
    except TypeError:
        return UNKNOWN  # not as many arguments as the function takes


def _tried(arguments: tuple[Expression, ...], scope: Scope) -> Json:
    for argument in arguments:
        try:
            value = evaluate(argument, scope)
        except MissingError:
            continue
        # What is not understood may be what fails.
        return UNKNOWN if _is_open(value) else value
    raise MissingError("try")


def _possible(argument: Expression, scope: Scope) -> Json:
    try:
        return UNKNOWN if _is_open(evaluate(argument, scope)) else True
    except MissingError:
        return False


def _is_open(value: Json) -> bool:
    return has_unknown(told(value.value if isinstance(value, Encoded) else value))


def _other(expression: Opaque, scope: Scope) -> Json:
    if form := _FORMS.get(expression.operator):
        return form(expression, scope)
    if operator := OPERATORS.get(expression.operator):
        return operator(*(_part(part, scope) for part in expression.parts))
    return UNKNOWN


def _expanded(expression: Opaque, scope: Scope) -> Json:
    """Return what a function makes of arguments of which the last is a list of more."""
    *values, last = (_part(part, scope) for part in expression.parts)
    if not isinstance(last, list) or isinstance(last, Bag):
        return UNKNOWN
    return _called(expression.names[0], [*values, *last])


def _chosen(expression: Opaque, scope: Scope) -> Json:
    condition, yes, no = expression.parts
    chosen = _part(condition, scope)
    if not isinstance(chosen, bool):
        return UNKNOWN
    result = evaluate(yes if chosen else no, scope)
    try:
        other = evaluate(no if chosen else yes, scope)
    except MissingError:
        other = UNKNOWN  # of no type, where Terraform fails: it says so only of the one that is chosen
    # Both results get a type in common; a null takes any.
    if other is None or isinstance(result, Encoded):
        return result
    return unified(result, plain(other))


def _splat(expression: Opaque, scope: Scope) -> Json:
    through = _part(expression.parts[0], scope)
    if through is UNKNOWN:
        return UNKNOWN
    members = through if isinstance(through, list) else [] if through is None else [through]
    made = alike(through, [plain(step_into(each, expression.names)) for each in members])
    return Typed(made) if isinstance(through, Typed) else made


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
    results: list[list[Json]] = []
    for bound in _rounds(expression, through, scope):
        kept = [_part(each, bound) for each in conditions] if bound else []
        if not all(isinstance(each, bool) for each in kept):
            return UNKNOWN
        if all(kept):
            results.append([_part(each, bound) if bound else UNKNOWN for each in made])
    if not is_object:
        return alike(through, [value for (value,) in results])
    keys = [as_text(key) for key, _ in results]
    if UNKNOWN in keys or len({*keys}) < len(keys):
        return UNKNOWN
    return {str(key): value for key, (_, value) in zip(keys, results, strict=True)}


def _rounds(expression: Opaque, through: Json, scope: Scope) -> Iterator[_Bound | None]:
    """Yield what the variables mean for each member; None for one of which nobody can tell whether it is there."""
    # Of what may be a set nobody can tell the index: members of sets are their own keys.
    indices = range(len(through)) if isinstance(through, Typed) else repeat(UNKNOWN)
    pairs = sorted(through.items()) if isinstance(through, dict) else [*zip(indices, through, strict=False)]
    for pair in pairs:
        values = zip(expression.names, pair[-len(expression.names) :], strict=True)
        yield None if isinstance(through, Bag) and pair[1] is UNKNOWN else _Bound(dict(values), scope)


def _template(expression: Opaque, scope: Scope) -> Json:
    if len(expression.parts) == 1 and not _is_directive(expression.parts[0]):
        return evaluate(expression.parts[0], scope)  # "${x}" is x, whatever that is
    values = [*_pieces(expression.parts, scope)]
    text = _joined([plain(value) for value in values]) if values else UNKNOWN
    return with_holes(values) if text is UNKNOWN else text


def _pieces(parts: Iterable[Expression], scope: Scope) -> Iterator[Json]:
    """Yield the values that a template puts side by side, `_MORE` for what may be more than one text."""
    for part in parts:
        if not isinstance(part, Opaque) or not _is_directive(part):
            yield evaluate(part, scope)
            continue
        told = _part(part.parts[0], scope)
        if part.operator == "%if" and isinstance(told, bool):
            yield from _pieces(_parts(part.parts[1 if told else 2]), scope)
        elif part.operator == "%for" and isinstance(told, dict | list) and not isinstance(told, Bag):
            for bound in _rounds(part, told, scope):
                yield from _pieces(_parts(part.parts[1]), bound or scope)
        else:
            yield _MORE


def _is_directive(part: Expression) -> bool:
    return isinstance(part, Opaque) and part.operator in ("%if", "%for")


def _parts(template: Expression) -> tuple[Expression, ...]:
    return template.parts if isinstance(template, Opaque) else ()


def _joined(values: list[Json]) -> Json:
    texts = [as_text(value) for value in values]
    return UNKNOWN if UNKNOWN in texts else "".join(map(str, texts))


def _stepped(expression: Opaque, scope: Scope) -> Json:
    """Return what `.name` and `[key]` lead to, from what a name stands for or from any value."""
    first, *inner = expression.parts
    keys = (_key(_part(key, scope)) for key in inner)
    steps = tuple(name or next(keys) for name in expression.names)
    if isinstance(first, Opaque) and first.operator == "name":
        return scope.refer((*first.names, *steps))
    return step_into(_part(first, scope), steps)


def _key(key: Json) -> Key:
    return Key(key if isinstance(key, str | int) and not isinstance(key, bool) else UNKNOWN)


_FORMS: Mapping[str, Callable[[Opaque, Scope], Json]] = {
    "...": _expanded,
    "?:": _chosen,
    "[*]": _splat,
    "[]": _stepped,
    "for []": _for,
    "for {}": _for,
    "name": lambda expression, scope: scope.refer(expression.names),
    "template": _template,
}
