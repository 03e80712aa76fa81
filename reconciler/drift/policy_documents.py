"""Documents that the data source `aws_iam_policy_document` will make during an apply, of what a plan has of them.

How they are made: internal/service/iam/policy_document_data_source.go and policy_model.go of the AWS provider, 5.100.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from reconciler.drift.plans import planned_value
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown

_LAYOUTS: Final[Mapping[str, Callable[[Json], str]]] = {
    "json": lambda document: json.dumps(document, ensure_ascii=False, indent=2),
    "minified_json": lambda document: json.dumps(document, ensure_ascii=False, separators=(",", ":")),
}
_ESCAPED: Final = re.compile("[<>&\u2028\u2029]")


class _OpenError(Exception):
    """A part of the document may be anything."""


def planned_document(full_plan: JsonObject, address: str, name: str) -> Json:
    """Return the text that the data source at an address will have as `json` or `minified_json`.

    Where a member of it will only be known then, the document is returned decoded, with an `UNKNOWN` for that;
    `UNKNOWN` where nobody can tell.
    """
    entries = full_plan.get("resource_changes") or ()
    entry = next((each for each in entries if each["address"] == address), None) if name in _LAYOUTS else None
    if entry is None or entry["type"] != "aws_iam_policy_document":
        return UNKNOWN
    try:
        document = _document(planned_value(entry["change"]))
    except (_OpenError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return UNKNOWN  # What is merged into it may be any text.
    if has_unknown(document):
        return document
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", _LAYOUTS[name](document))


def _document(data: Mapping[str, Json]) -> JsonObject:
    own = {
        "Version": data.get("version") or "2012-10-17",
        "Id": data.get("policy_id"),
        "Statement": [_statement(each) for each in _certain(data.get("statement")) or ()],
    }
    documents = [*_read(data.get("source_policy_documents")), own, *_read(data.get("override_policy_documents"))]
    statements: dict[Json, JsonObject] = {}
    for number, statement in enumerate(each for document in documents for each in document.get("Statement") or ()):
        statements[statement.get("Sid") or number] = statement
    merged = {
        "Version": max(_certain(document.get("Version")) or "" for document in documents),
        "Id": next((each["Id"] for each in reversed(documents) if each.get("Id")), None),
        "Statement": [*statements.values()],
    }
    return _without_empty(merged)


def _read(texts: Json) -> list[JsonObject]:
    return [dict(json.loads(_certain(text))) for text in _certain(texts) or () if text is not None]


def _statement(data: Mapping[str, Json]) -> JsonObject:
    return _without_empty(
        {
            "Sid": _certain(data.get("sid")),
            "Effect": data.get("effect") or "Allow",
            "Action": _texts(data.get("actions")),
            "NotAction": _texts(data.get("not_actions")),
            "Resource": _texts(data.get("resources")),
            "NotResource": _texts(data.get("not_resources")),
            "Principal": _principals(data.get("principals")),
            "NotPrincipal": _principals(data.get("not_principals")),
            "Condition": _conditions(data.get("condition")),
        }
    )


def _principals(blocks: Json) -> Json:
    found: dict[str, list[Json]] = {}
    for block in _certain(blocks) or ():
        found.setdefault(_certain(block["type"]), []).extend(_sorted(block["identifiers"]))
    return "*" if found == {"*": ["*"]} else {kind: _single(found[kind]) for kind in sorted(found)}


def _conditions(blocks: Json) -> Json:
    found: dict[str, dict[str, list[Json]]] = {}
    for block in _certain(blocks) or ():
        values = found.setdefault(_certain(block["test"]), {}).setdefault(_certain(block["variable"]), [])
        values += _members(block["values"])
    return {test: {name: _single(found[test][name]) for name in sorted(found[test])} for test in sorted(found)}


def _texts(value: Json) -> Json:
    return _single(_sorted(value))


def _sorted(value: Json) -> list[Json]:
    members = _members(value)
    return [
        *sorted((each for each in members if each is not UNKNOWN), reverse=True),
        *(UNKNOWN,) * members.count(UNKNOWN),
    ]


def _members(value: Json) -> list[Json]:
    listed: Iterable[Json] = [UNKNOWN] if value is UNKNOWN else value or ()
    return [each if each is UNKNOWN else each.replace("&{", "${") for each in listed]


def _single(members: list[Json]) -> Json:
    return members[0] if len(members) == 1 else members


def _certain(value: Json) -> Json:
    if value is UNKNOWN:
        raise _OpenError
    return value


def _without_empty(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
