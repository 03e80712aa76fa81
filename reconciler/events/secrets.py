"""Taking secrets out of what a record says, so that no later room can print them.

ECS redacts environment values itself; not every record comes from ECS as it was. References to secrets (`secrets`,
`secretOptions`, `credentialsParameter`) are names, no secrets, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.events.values import SCALARS
from reconciler.model import Json, JsonObject
from reconciler.model.secrecy import names_secret, without_secrets_among, without_secrets_in

REDACTED = "***REDACTED***"
"""As ECS writes it in CloudTrail."""

_COMMAND_LINES = frozenset({"command", "entryPoint"})
_OPAQUE = frozenset({"driverOpts"})


def without_secrets(value: Json) -> Json:
    """Return a copy without environment values, volume driver options, and what looks like a secret elsewhere.

    A word of a command line that holds one is taken out whole: what it would have to be compared with, is too.
    """
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
    parts = {
        name: _searched(without_secrets(body[name]))
        for name in ("requestParameters", "responseElements")
        if name in body
    }
    return {**body, **parts, "eventID": event_id}


def _searched(value: Json) -> Json:
    """Return a copy without texts that look like a secret, wherever they stand but in tags, which anybody reads."""
    if isinstance(value, Mapping):
        return {name: member if name == "tags" else _searched(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_searched(member) for member in value]
    return REDACTED if isinstance(value, str) and without_secrets_in(value, REDACTED) != value else value


def _member(name: str, value: Json) -> Json:
    if name == "environment":
        return _environment(value)
    if name in _OPAQUE and isinstance(value, Mapping):
        return dict.fromkeys(value, REDACTED)
    if name in _COMMAND_LINES and isinstance(value, (list, tuple)):
        return _command_line(value)
    if isinstance(value, str) and value and (names_secret(name) or _holds_secret(value)):
        return REDACTED
    return without_secrets(value)


def _holds_secret(text: str) -> bool:
    return "://" in text and without_secrets_in(text, REDACTED) != text


def _command_line(words: Sequence[Json]) -> list[Json]:
    texts = [word if isinstance(word, str) else "" for word in words]
    shown = without_secrets_among(texts, REDACTED)
    return [
        (word if now == before else REDACTED) if isinstance(word, str) else without_secrets(word)
        for word, before, now in zip(words, texts, shown, strict=True)
    ]


def _environment(value: Json) -> Json:
    if isinstance(value, (list, tuple)):
        return [_variable(variable) for variable in value]
    return None if value is None else REDACTED


def _variable(variable: Json) -> Json:
    if not isinstance(variable, Mapping):
        return REDACTED
    return {"name": variable.get("name"), "value": REDACTED}
