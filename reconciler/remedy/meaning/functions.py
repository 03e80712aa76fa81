"""Functions of Terraform whose outcome is told by what is known of their arguments.

https://developer.hashicorp.com/terraform/language/functions (1.11). Each gets its arguments' values, with `UNKNOWN` in
them, and is called by `expressions.evaluate`, which reads `try` itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.values import Bag, Encoded, MissingError, as_text, set_of, unified

_VERB = re.compile(r"%(.)")


def _jsonencode(value: Json) -> Json:
    return Encoded(value)


def _merge(*maps: Json) -> Json:
    if not all(each is None or isinstance(each, dict) for each in maps):
        return UNKNOWN
    return {key: value for each in maps for key, value in (each or {}).items()}


def _concat(*lists: Json) -> Json:
    if not all(each is UNKNOWN or isinstance(each, list) for each in lists):
        return UNKNOWN
    members = [member for each in lists for member in ([UNKNOWN] if each is UNKNOWN else each)]
    return Bag(members) if any(each is UNKNOWN or isinstance(each, Bag) for each in lists) else members


def _flatten(value: Json) -> Json:
    if not isinstance(value, list):
        return UNKNOWN
    inner = [_flatten(each) if isinstance(each, list) else each for each in value]
    members = [member for each in inner for member in (each if isinstance(each, list) else [each])]
    is_open = UNKNOWN in inner or any(isinstance(each, Bag) for each in (value, *inner))
    return Bag(members) if is_open else members


def _compact(members: Json) -> Json:
    if not isinstance(members, list) or not all(each in (UNKNOWN, None) or isinstance(each, str) for each in members):
        return UNKNOWN
    kept = [each for each in members if each not in (None, "")]
    return Bag(kept) if UNKNOWN in members else kept


def _distinct(members: Json) -> Json:
    if not isinstance(members, list) or not all(each is UNKNOWN or isinstance(each, str) for each in members):
        return UNKNOWN
    kept = [*dict.fromkeys(members)]
    return Bag(kept) if UNKNOWN in members else kept


def _setunion(*sets: Json) -> Json:
    return set_of(_concat(*sets))


def _coalesce(*values: Json) -> Json:
    for value in values:
        if value is UNKNOWN:
            return UNKNOWN
        if value not in (None, ""):
            return unified(value, *values)
    raise MissingError("coalesce")


def _keys(members: Json) -> Json:
    return sorted(members) if isinstance(members, dict) else UNKNOWN


def _values(members: Json) -> Json:
    return [members[key] for key in sorted(members)] if isinstance(members, dict) else UNKNOWN


def _lookup(values: Json, key: Json, *default: Json) -> Json:
    if not isinstance(values, dict) or not isinstance(key, str):
        return UNKNOWN
    if key in values:
        return values[key]
    if not default:
        raise MissingError(key)
    return None if default[0] is None else unified(default[0], *values.values())


def _format(pattern: Json, *values: Json) -> Json:
    texts = [as_text(value) for value in values]
    if not isinstance(pattern, str) or UNKNOWN in texts or _VERB.findall(pattern) != ["s"] * len(texts):
        return UNKNOWN
    given = iter(texts)
    return _VERB.sub(lambda _: str(next(given)), pattern)


FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    "coalesce": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "distinct": _distinct,
    "flatten": _flatten,
    "format": _format,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "lookup": _lookup,
    "merge": _merge,
    "setunion": _setunion,
    "tolist": unified,
    "tomap": unified,
    "toset": set_of,
    "tostring": as_text,
    "values": _values,
}
