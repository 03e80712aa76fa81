"""Text such as `{type=Role, arn=arn:aws:…}`, as CloudTrail Lake and Athena print structs and maps.

It is no format: nothing is quoted, so that a value with `, name=` inside cannot be told from two values. What can be
read in more than one way is not read at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from reconciler.model import Json

Schema: TypeAlias = "Mapping[str, Schema | None]"
"""A struct's members by their names, None for a plain value."""

_NAME = re.compile(r"([A-Za-z_][\w.:-]*)=")
_DEEPEST = 20
_PAIRS = {"}": "{", "]": "["}

_ISSUER: Schema = dict.fromkeys(("type", "principalId", "arn", "accountId", "userName"))
USER_IDENTITY: Schema = {
    **_ISSUER,
    "accessKeyId": None,
    "invokedBy": None,
    "identityProvider": None,
    "credentialId": None,
    "inScopeOf": None,
    "onBehalfOf": {"userId": None, "identityStoreArn": None},
    "sessionContext": {
        "attributes": {"creationDate": None, "mfaAuthenticated": None},
        "sessionIssuer": _ISSUER,
        "webIdFederationData": {"federatedProvider": None, "attributes": {}},
        "sourceIdentity": None,
        "assumedRoot": None,
        "ec2RoleDelivery": None,
        "ec2IssuedInVpc": None,
    },
}
"""CloudTrail's userIdentity (the schema of a Lake event data store)."""


def read_struct(text: str, schema: Schema | None = None, depth: int = 0) -> dict[str, Json] | None:
    """Return the members of a struct, under the schema's names whatever their case; None when it is none.

    Without a schema it is a map of anybody's names. None too where the text can be read in several ways. Values are
    texts, or what JSON stands in their place; `null` and nothing are None.
    """
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")) or depth > _DEEPEST:
        return None
    names = {name.lower(): name for name in schema or ()}
    found: dict[str, Json] = {}
    for piece in _pieces(inner[1:-1]) if inner[1:-1].strip() else []:
        name = _NAME.match(piece)
        if name is None:
            return None
        key = names.get(name[1].lower(), name[1])
        if (names and key not in names.values()) or key in found:
            return None
        found[key] = _value(piece[name.end() :], (schema or {}).get(key), depth)
    return found


def _pieces(text: str) -> list[str]:
    """Part a text at the commas that stand in no brackets; a bracket that closes nothing parts nothing after it."""
    pieces: list[str] = []
    open_: list[str] = []
    start, quoted, skip = 0, False, False
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip, quoted = char == "\\", char != '"'
        elif open_ and char == '"':
            quoted = True
        elif char in "{[":
            open_.append(char)
        elif char in _PAIRS:
            if not open_ or open_.pop() != _PAIRS[char]:
                return [""]
        elif not open_ and char == "," and text[at + 1 : at + 2] == " ":
            pieces.append(text[start:at])
            start = at + 2
    return [""] if open_ else [*pieces, text[start:]]


def _value(text: str, schema: Schema | None, depth: int) -> Json:
    if text in ("", "null"):
        return None
    if text.startswith(("{", "[")):
        try:
            decoded: Json = json.loads(text)
        except (ValueError, RecursionError):
            return read_struct(text, schema, depth + 1)
        return decoded
    return text
