"""Finds credentials written into the file; they belong in the environment."""

from __future__ import annotations

import re
from typing import Any

from reconciler.settings.problems import Key, Problem

# The published forms: GitHub, GitLab, Slack, AWS access keys, PEM private keys, a password inside a URL.
_TOKENS = re.compile(
    r"gh[opsur]_[A-Za-z0-9]{16,}"
    r"|github_pat_[A-Za-z0-9_]{16,}"
    r"|gl(?:pat|ptt|rt|dt|cbt)-[A-Za-z0-9_-]{16,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{8,}"
    r"|hooks\.slack\.com/services/[A-Za-z0-9/]{16,}"
    r"|(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b[a-z][a-z0-9+.-]*://[^/\s:@]*:(?!\$\{)[^/\s@]+@"
)
_SECRET_NAME = re.compile(r"(^|_)(token|secret|password|passwd|secret_access_key|private_key|api_key)$", re.IGNORECASE)
_ADVICE = "a credential in the file; take it out, revoke it, and write ${VARIABLE} for one of the environment"


def token_lines(text: str) -> list[int]:
    """Return the lines of a text, comments included, that hold something that looks like a credential."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if _TOKENS.search(line)]


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


def hide_tokens(text: str) -> str:
    """Return a text with everything that looks like a credential replaced."""
    return _TOKENS.sub("***", text)
