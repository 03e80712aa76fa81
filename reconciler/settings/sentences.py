"""Pydantic's errors as sentences: what is wrong at which key, and the fix."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from reconciler.settings.problems import Key, Lines, Problem

_TYPES = {
    "string_type": "must be a string; put it in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list; write - before each item, or [a, b]",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of keys",
    "model_attributes_type": "must be a mapping of keys",
    "path_type": "must be a path; put it in quotes",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_too_long": "is too long",
    "missing": "missing; add it",
}
_PATTERNS = {
    "account": "must be an account id of 12 digits, in quotes",
    "name": "must begin with a letter or digit and hold only letters, digits, spaces and _./:@+-",
    "terraform_workspace": "must begin with a letter or digit and hold only letters, digits, spaces and _./:@+-",
    "ledger": "must be a database's URL, such as sqlite:///.reconciler/ledger.db",
    "queue_url": "must be a queue's URL, such as https://sqs.us-east-1.amazonaws.com/123456789012/name",
    "regions": "must be a region, such as us-east-1",
    "region": "must be a region, such as us-east-1",
    "environment": "must be the name of an environment variable",
}


def problems_of(error: ValidationError, lines: Lines, schema: Mapping[str, Any]) -> list[Problem]:
    """Return one problem for each error, its key without pydantic's own steps."""
    details = error.errors(include_url=False, include_input=False)
    broken_inside = {tuple(each["loc"])[:depth] for each in details for depth in range(len(each["loc"]))}
    # A list whose items are wrong also counts as too short.
    told = [each for each in details if each["type"] != "too_short" or tuple(each["loc"]) not in broken_inside]
    return [_problem(each, lines, schema) for each in told]


def _problem(details: Any, lines: Lines, schema: Mapping[str, Any]) -> Problem:
    location: Key = tuple(details["loc"])
    kind: str = details["type"]
    key = _key(location, lines, absent=kind == "missing")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(key[-1]).lower(), names := _names(schema, location[:-1]), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(names)}"
        return Problem(key, f"unknown key; {hint}")
    return Problem(key, _sentence(kind, key, details))


def _sentence(kind: str, key: Key, details: Any) -> str:
    context = details.get("ctx", {})
    if kind == "missing" and key == ("version",):
        return "missing; add `version: 1`"
    if kind == "literal_error":
        return f"must be {str(context['expected']).replace(chr(39), '')}"
    if kind == "union_tag_invalid":
        return f"unknown type; it must be one of {str(context['expected_tags']).replace(chr(39), '')}"
    if kind == "union_tag_not_found":
        return "needs a type, such as `type: file`"
    if kind == "string_pattern_mismatch":
        names = [step for step in key if isinstance(step, str) and step in _PATTERNS]
        return _PATTERNS[names[-1]] if names else "has the wrong form"
    if kind in {"greater_than", "greater_than_equal", "less_than_equal"}:
        return str(details["msg"]).replace("Input should be", "must be")
    return _TYPES.get(kind, str(details["msg"]))


def _key(location: Key, lines: Lines, *, absent: bool) -> Key:
    """Drop the steps that pydantic adds for the kind of a source and for keys of a mapping.

    The last step of what is `absent` is a key, although it is not in the file.
    """
    key: Key = ()
    for index, step in enumerate(location):
        if (*key, step) in lines or (absent and index == len(location) - 1):
            key = (*key, step)
    return key


def _names(schema: Mapping[str, Any], location: Key) -> list[str]:
    """Return the keys that the schema knows at a place."""
    here: Mapping[str, Any] = schema
    for step in location:
        here = _resolve(schema, here)
        if isinstance(step, int):
            here = here.get("items", {})
        elif step in here.get("properties", {}):
            here = here["properties"][step]
        else:
            here = {"$ref": here.get("discriminator", {}).get("mapping", {}).get(step, "#")}
    return list(_resolve(schema, here).get("properties", {}))


def _resolve(schema: Mapping[str, Any], here: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = here.get("$ref", "")
    found: Mapping[str, Any] = schema["$defs"][reference.rsplit("/", 1)[-1]] if "/" in reference else here
    return found
