"""What looks like a secret, by its name or by itself, for every room that reads, stores or tells values.

No schema marks these: options of log drivers, labels, words of a container's command line. A guess that hides too much
costs a reader a look into AWS; one that hides too little costs a password.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_SECRET_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase)|token(?!iz)|secret|credential(?!s?_?(?:parameter|spec))|authorization|signature"
    r"|connection.?string|(?:api|private|access|session|shared|licen[cs]e|ingest(?:ion)?).?key|auth$"
    r"|(?:^|[^a-z])(?:dsn|pwd|sas|headers?)$",
    re.IGNORECASE,
)
_ABOUT_SECRET: Final = re.compile(r"[-_.](?:arn|file|id|name|owner|path|ttl|type|url)$", re.IGNORECASE)
"""`--secret-id`, `--password-file`, `token-owner`: what is told is about a secret, such as where it is."""
PUBLISHED_FORMS: Final = (
    r"gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl(?:pat|ptt|rt|dt|cbt)-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}"
    r"|hooks\.slack\.com/services/[A-Za-z0-9/]{16,}|(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"
)
"""A regular expression of tokens in their published forms: GitHub, GitLab, Slack, AWS access keys."""
PRIVATE_KEY: Final = r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
"""A regular expression of the line before a private key, as PEM writes it."""
_TOKEN: Final = re.compile(
    rf"(?P<token>{PUBLISHED_FORMS})"
    rf"|{PRIVATE_KEY}(?P<key>[^-]*)"
    r"|://[^/\s:@]*:(?P<userinfo>(?!\$)[^/\s@]+)@"
    r"|\b(?i:bearer|basic)\s+(?P<scheme>[\w+/.~-]{8,}=*)"
    r"|(?:^|\s)(?:-u|--user)[\s=]+[^\s:'\"]+:(?P<user>(?!\$)[^\s'\"]+)"
)
_VALUE: Final = r"(?:['\"](?P<quoted>(?!\$)[^'\"]+)|(?P<bare>(?![-$'\"])[^\s'\"&;|]+))"
_ASSIGNED: Final = re.compile(rf"(?<![\w.$-])(?P<name>-{{0,2}}[A-Za-z_][\w.-]*)\s*=\s*{_VALUE}")
_OPTION: Final = re.compile(rf"(?<![\w.$-])(?P<name>--?[A-Za-z][\w.-]*)\s+{_VALUE}")
_HEADER: Final = re.compile(r"(?:^|\s)-H\s*['\"]?(?P<name>[A-Za-z][\w-]*):\s*(?P<header>(?!\$)[^\s'\"][^'\"]*)")
_PATTERNS: Final = (_TOKEN, _ASSIGNED, _OPTION, _HEADER)
_LONE_OPTION: Final = re.compile(r"--?[A-Za-z][\w.-]*")


def names_secret(name: str) -> bool:
    """Tell whether an option, variable or label of this name holds a secret, such as a log driver's `splunk-token`."""
    return _SECRET_NAME.search(name) is not None and _ABOUT_SECRET.search(name) is None


def without_secrets_in(text: str, mask: str) -> str:
    """Return a text with `mask` for what looks like a secret: tokens, passwords in URLs, `--password=…`, `TOKEN=…`.

    A reference such as `--password=$DB_PASSWORD` is none.
    """
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: _with(mask, match) if _is_secret(match) else match[0], text)
    return text


def secrets_in(text: str) -> frozenset[str]:
    """Return the parts of a text that look like secrets."""
    matches = (match for pattern in _PATTERNS for match in pattern.finditer(text) if _is_secret(match))
    return frozenset(match[match.lastgroup or 0] for match in matches)


def without_secrets_among(words: Sequence[str], mask: str) -> list[str]:
    """Return a command line's words with `mask` for what looks like a secret: `--password` tells of the next word."""
    shown: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        option = f"{before} " if _LONE_OPTION.fullmatch(before) else ""
        if option and names_secret(before) and not word.startswith(("-", "$")):
            shown.append(mask)
        else:
            shown.append(without_secrets_in(option + word, mask)[len(option) :])
    return shown


def _is_secret(match: re.Match[str]) -> bool:
    name = match.groupdict().get("name")
    return name is None or names_secret(name)


def _with(mask: str, match: re.Match[str]) -> str:
    """Return what matched, with the mask for its last group: in each pattern, the secret."""
    start, end = (index - match.start() for index in match.span(match.lastgroup or 0))
    return match[0][:start] + mask + match[0][end:]
