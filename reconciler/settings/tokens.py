"""Finds credentials written into the file; they belong in the environment."""

from __future__ import annotations

import re
from typing import Any

from reconciler.model.secrecy import PRIVATE_KEY, PUBLISHED_FORMS
from reconciler.settings.problems import Key, Problem

# A `$` that begins no `${VARIABLE}` is a letter of the password: nothing but that is replaced in the file.
_CREDENTIAL = re.compile(rf"{PUBLISHED_FORMS}|{PRIVATE_KEY}|://[^/\s:@]*:(?!\$\{{)[^/\s@]+@")
# Fewer names than `model.secrecy` hides: hiding may guess, but who is refused cannot go on.
_SECRET_NAME = re.compile(r"(^|_)(token|secret|password|passwd|secret_access_key|private_key|api_key)$", re.IGNORECASE)
_ADVICE = "a credential in the file; take it out, revoke it, and write ${VARIABLE} for one of the environment"


def token_lines(text: str) -> list[int]:
    """Return the lines of a text, comments included, that hold something that looks like a credential."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if _CREDENTIAL.search(line)]


def token_advice() -> str:
    """Return what to do about a credential in the file."""
    return _ADVICE


def named_secrets(value: Any, from_environment: set[Key], key: Key = ()) -> list[Problem]:
    """Return a problem for each literal under a name such as `AWS_SECRET_ACCESS_KEY` or `TF_VAR_db_password`."""
    if isinstance(value, dict):
        return [p for name, child in value.items() for p in named_secrets(child, from_environment, (*key, name))]
    if isinstance(value, list):
        return [p for index, child in enumerate(value) for p in named_secrets(child, from_environment, (*key, index))]
    named = bool(key) and isinstance(key[-1], str) and bool(_SECRET_NAME.search(key[-1]))
    literal = isinstance(value, str) and len(value) >= 6 and key not in from_environment
    return [Problem(key, _ADVICE)] if named and literal else []
