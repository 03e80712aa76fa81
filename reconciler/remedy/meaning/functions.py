"""Functions of Terraform whose outcome is told by what is known of their arguments.

https://developer.hashicorp.com/terraform/language/functions (1.11). Each gets its arguments' values, with `UNKNOWN` in
them, and is called by `expressions.evaluate`, which reads `try` itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning.values import Encoded, MissingError, as_text, unified

_VERB = re.compile(r"%(.)")


def _jsonencode(value: Json) -> Json:
    return Encoded(value)


def _merge(*maps: Json) -> Json:
    if not all(each is None or isinstance(each, dict) for each in maps):
        return UNKNOWN
    return {key: value for each in maps for key, value in (each or {}).items()}


def _concat(*lists: Json) -> Json:
    if not all(isinstance(each, list) for each in lists):
        return UNKNOWN
    return [member for each in lists for member in each]


def _lookup(values: Json, key: Json, *default: Json) -> Json:
    if not isinstance(values, dict) or not isinstance(key, str):
        return UNKNOWN
    if key in values:
        return values[key]
    if not default:
        raise MissingError(key)
    return None if default[0] is None else unified(default[0], *values.values())


def _toset(members: Json) -> Json:
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        return UNKNOWN
    return sorted(set(members))


def _format(pattern: Json, *values: Json) -> Json:
    texts = [as_text(value) for value in values]
    if not isinstance(pattern, str) or UNKNOWN in texts or _VERB.findall(pattern) != ["s"] * len(texts):
        return UNKNOWN
    given = iter(texts)
    return _VERB.sub(lambda _: str(next(given)), pattern)


FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    "concat": _concat,
    "format": _format,
    "jsonencode": _jsonencode,
    "lookup": _lookup,
    "merge": _merge,
    "tolist": unified,
    "tomap": unified,
    "toset": _toset,
    "tostring": as_text,
}
