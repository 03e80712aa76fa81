"""What a variable's type makes of the value that it is given.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints (1.11)
"""

from __future__ import annotations

import re

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.literal import NotLiteralError, decode
from reconciler.remedy.hcl.values import Call, Expression, Object, Opaque
from reconciler.remedy.meaning.unify import unified
from reconciler.remedy.meaning.values import Bag, Encoded, Typed, as_text, plain, set_of

_INTEGER = re.compile(r"-?\d+")


def convert(value: Json, wanted: Expression | None) -> Json:
    """Return a value as one of a type, with the defaults of its optional attributes; `UNKNOWN` where nobody can tell.

    `wanted` is None where a variable names no type, and takes any.
    """
    if value is None or value is UNKNOWN or wanted is None:
        return value
    if isinstance(wanted, Opaque):
        return _scalar(value, wanted.kind)
    if not isinstance(wanted, Call) or len(wanted.arguments) != 1:
        return UNKNOWN
    (inner,) = wanted.arguments
    value = plain(value)
    if wanted.name == "object" and isinstance(inner, Object) and isinstance(value, dict):
        return _object(value, inner)
    if wanted.name == "map" and isinstance(value, dict):
        return _alike({key: convert(member, inner) for key, member in value.items()}, inner)
    if wanted.name == "list" and isinstance(value, list):
        members = [convert(member, inner) for member in value]
        return _alike(Bag(members) if isinstance(value, Bag) else Typed(members), inner)
    if wanted.name == "set" and isinstance(value, list):
        return set_of([convert(member, inner) for member in value])
    return UNKNOWN


def _alike(members: Json, kind: Expression) -> Json:
    """Return the members of a collection; of a type that is left open, all get the same."""
    return unified(members) if isinstance(kind, Opaque) and kind.kind == "any" else members


def _scalar(value: Json, kind: str) -> Json:
    if kind == "any" or (kind == "string" and isinstance(value, Encoded)):
        return value
    value = plain(value)
    if kind == "string":
        return as_text(value)
    if kind == "bool":
        return {"true": True, "false": False}.get(value, UNKNOWN) if not isinstance(value, bool) else value
    if kind == "number" and not isinstance(value, bool):
        return int(value) if _INTEGER.fullmatch(str(value)) else UNKNOWN
    return UNKNOWN


def _object(value: dict[str, Json], wanted: Object) -> Json:
    members: dict[str, Json] = {}
    for entry in wanted.entries:
        if entry.key is None:
            return UNKNOWN
        kind, default = entry.value, None
        if isinstance(kind, Call) and kind.name == "optional" and kind.arguments:
            try:
                default = decode(kind.arguments[1]) if len(kind.arguments) > 1 else None
            except NotLiteralError:
                default = UNKNOWN
            kind = kind.arguments[0]
        given = value.get(entry.key)
        members[entry.key] = convert(default if given is None else given, kind)
    return members
