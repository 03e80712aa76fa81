"""Taking secrets out of what a record says, so that no later room can print them.

ECS redacts environment values itself; not every record comes from ECS as it was. References to secrets (`secrets`,
`secretOptions`, `credentialsParameter`) are names, no secrets, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.events.values import SCALARS
from reconciler.model import Json, JsonObject

REDACTED = "***REDACTED***"
"""As ECS writes it in CloudTrail."""

_SECRET_NAME = re.compile(r"pass(word|wd|phrase)|token|secret|api.?key|private.?key", re.IGNORECASE)
_OPAQUE = frozenset({"driverOpts"})


def without_secrets(value: Json) -> Json:
    """Return a copy without environment values, volume driver options, and values of members named like secrets."""
    if isinstance(value, SCALARS):
        return value
    if isinstance(value, (list, tuple)):
        return [without_secrets(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _member(str(name), member) for name, member in value.items()}


def to_be_kept(body: JsonObject, event_id: str) -> JsonObject:
    """Return a record that is parsed to the same event, with the same id, and holds no secret values.

    Only what was asked and answered is searched: claims of an identity are named after tokens, and tell who it was.
    """
    parts = {name: without_secrets(body[name]) for name in ("requestParameters", "responseElements") if name in body}
    return {**body, **parts, "eventID": event_id}


def _member(name: str, value: Json) -> Json:
    if name == "environment":
        return _environment(value)
    if name in _OPAQUE and isinstance(value, Mapping):
        return dict.fromkeys(value, REDACTED)
    if isinstance(value, str) and value and _SECRET_NAME.search(name):
        return REDACTED
    return without_secrets(value)


def _environment(value: Json) -> Json:
    if isinstance(value, (list, tuple)):
        return [_variable(variable) for variable in value]
    return None if value is None else REDACTED


def _variable(variable: Json) -> Json:
    if not isinstance(variable, Mapping):
        return REDACTED
    return {"name": variable.get("name"), "value": REDACTED}
