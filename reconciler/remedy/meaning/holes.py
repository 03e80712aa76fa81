"""JSON that a template makes, with holes for what only the apply will tell: container definitions in a heredoc."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN, has_unknown
from reconciler.remedy.meaning.values import Encoded, as_text, told

_HOLE = "\ue000"
"""Stands for an unknown text in a text; of no meaning to anybody, and what has one by itself is taken for unknown."""


def with_holes(values: Iterable[Json]) -> Json:
    """Return the JSON that texts make, with `UNKNOWN` for each text in it that has an unknown part.

    `UNKNOWN` where they make no JSON, and where names of members are unknown.
    """
    texts = [_text(value) for value in values]
    try:
        value = _opened(json.loads("".join(texts)))
    except (ValueError, RecursionError, TypeError):
        return UNKNOWN
    return Encoded(value) if isinstance(value, dict | list) and has_unknown(value) else UNKNOWN


def _text(value: Json) -> Json:
    if isinstance(value, Encoded):
        return json.dumps(_closed(told(value.value)))
    return _HOLE if value is UNKNOWN else as_text(value)


def _closed(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _closed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_closed(member) for member in value]
    return _HOLE if value is UNKNOWN else value


def _opened(value: Json) -> Json:
    if isinstance(value, dict):
        return UNKNOWN if any(_HOLE in key for key in value) else {key: _opened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_opened(member) for member in value]
    return UNKNOWN if isinstance(value, str) and _HOLE in value else value
