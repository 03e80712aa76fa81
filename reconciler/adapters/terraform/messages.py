"""What terraform said: its machine-readable UI where it speaks it, else the framed text on stderr.

Format of `plan -json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui (version 1.x).
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reconciler.model.secrecy import without_secrets_in

_ERROR = re.compile(r"^\W*Error: (?P<summary>.+)$", re.MULTILINE)
_FRAME = re.compile(r"^[\s│╷╵]+|\x1b\[[0-9;]*m", re.MULTILINE)
_LIMIT = 400
_NOT_NARROWED = re.compile("Moved resource instances excluded by targeting|Invalid target|Resource targeting")
"""How Terraform begins (1.11): other errors may speak of targets too, those of autoscaling and prevent_destroy do."""
_PREAMBLE = ("Terraform encountered problems during init", "OpenTofu encountered problems during init")
"""How `init` begins when the code is broken: what is wrong comes as the next error."""


_NO_REGISTRY = (
    "could not connect to",
    "ailed to request discovery document",
    "was not found in any of the search locations",
)
_NO_SCHEMA = "Missing resource schema from provider"
_BLOCK = re.compile(r'resource "([\w-]+)" "([\w-]+)"')
_USER_IN_URL = re.compile(r"://[^/@\s\"']+@")
_ASKS_FOR_INIT = (
    "terraform init",
    "tofu init",
    "Required plugins are not installed",
    "Inconsistent dependency lock file",
)
"""With TF_IN_AUTOMATION the errors about plugins name no command (Terraform 1.11.4, also of a fresh checkout)."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A plan's own account: whether any resource drifted, and its errors as sentences, the first one first.

    `complete` tells that it ended with its summary, after which no drift is told: only then does silence mean none.
    `needs_init` tells that an error asks for `terraform init`, which some do at their very end. `unknown` are the types
    of AWS resources in the state that Terraform could not compare. `addresses` are those of what drifted.
    """

    drifted: bool
    complete: bool
    errors: tuple[str, ...]
    needs_init: bool
    unknown: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()


def listen(stdout: bytes) -> Spoken:
    """Read the lines of `plan -json`; what wrappers print between them is passed over, but for broken lines.

    A refresh-only plan tells every resource that drifted, also where -detailed-exitcode alone says 2 although nothing
    did (seen with Terraform 1.11 and AWS provider 5.100 in a settled workspace).
    """
    # Not `splitlines`: texts inside JSON may hold separators that it knows.
    lines = [line for line in stdout.split(b"\n") if line.lstrip().startswith(b"{")]
    messages = list(_messages(lines))
    errors = [each["diagnostic"] for each in messages if _is_error(each)]
    types = {each.get("type") for each in messages}
    return Spoken(
        drifted="resource_drift" in types,
        complete="change_summary" in types and len(messages) == len(lines),
        errors=tuple(map(_sentence, errors)),
        needs_init=any(needs_init(f"{each.get('summary')} {each.get('detail')}") for each in errors),
        unknown=tuple(sorted(set(_unknown(messages)))),
        addresses=frozenset(_drifted(messages)),
    )


def needs_init(text: str) -> bool:
    """Tell whether Terraform itself asks for `terraform init` (plugins, modules or backend changed)."""
    return any(words in text for words in _ASKS_FOR_INIT)


def has_no_workspaces(text: str) -> bool:
    """Tell whether a backend, such as `http`, has no CLI workspaces to list (Terraform 1.11.4, OpenTofu alike)."""
    return "workspaces not supported" in text


def refuses_targets(spoken: Spoken) -> bool:
    """Tell whether a plan failed because it was narrowed: a moved resource outside, an address that is none."""
    return any(_NOT_NARROWED.match(error) for error in spoken.errors)


def lacks_provider(text: str) -> bool:
    """Tell whether init found a provider neither on disk nor, for want of a connection, at its registry."""
    text = " ".join(_FRAME.sub("", text).split())
    return any(words in text for words in _NO_REGISTRY)


def wants_migration(text: str) -> bool:
    """Tell whether init would have to move the state: the code names another backend than the one initialised."""
    return "state migration" in text


def summarise(text: str, *, limit: int = _LIMIT) -> str:
    """Return the first error in framed text and the start of its explanation, in one line of `limit` characters."""
    text = _FRAME.sub("", text)
    errors = list(_ERROR.finditer(text))
    match = next((error for error in errors if not error["summary"].startswith(_PREAMBLE)), next(iter(errors), None))
    if match is None:
        return _hide(" ".join(text.split()))[-_LIMIT:] or "it said nothing"
    rest = text[match.end() :].split("\nError: ")[0]
    explanation = " ".join(line for line in rest.splitlines() if line and not _is_excerpt(line))
    return _joined(match["summary"], explanation)[:limit]


def ending(code: int) -> str:
    """Return what an exit code alone tells of a process that said nothing."""
    number = -code if code < 0 else code - 128 if code > 128 else 0
    if number == signal.SIGKILL:
        return "it was killed (signal 9), as happens when memory runs out"
    return f"it was ended by signal {number}" if number else f"it ended with exit code {code} and said nothing"


def _messages(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError, RecursionError):
            message = json.loads(line)
            if isinstance(message, dict) and isinstance(message.get("type", ""), str):
                yield message


def _unknown(messages: Iterable[dict[str, Any]]) -> Iterator[str]:
    # A warning only (Terraform 1.11), of code that names no resource of the provider any more: nothing drifted then.
    for message in messages:
        diagnostic = message.get("diagnostic")
        if isinstance(diagnostic, dict) and diagnostic.get("summary") == _NO_SCHEMA:
            yield from re.findall(r"\baws_\w+", str(diagnostic.get("detail")))


def _drifted(messages: Iterable[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        address = _object(_object(message.get("change")).get("resource")).get("addr")
        if message.get("type") == "resource_drift" and isinstance(address, str):
            yield address


def _is_error(message: dict[str, Any]) -> bool:
    diagnostic = message.get("diagnostic")
    return isinstance(diagnostic, dict) and diagnostic.get("severity") == "error"


def _sentence(diagnostic: dict[str, Any]) -> str:
    # Without the snippet: an excerpt of the configuration may show values.
    place = _object(diagnostic.get("range"))
    line = _object(place.get("start")).get("line")
    file = f"{place['filename']}:{line}" if place.get("filename") else None
    where = ", ".join(filter(None, (_about(diagnostic), file)))
    said = _joined(str(diagnostic.get("summary", "")), str(diagnostic.get("detail", "")))
    return f"{said} ({where})" if where else said


def _about(diagnostic: dict[str, Any]) -> str | None:
    """Return the address that a diagnostic tells, else the block of code, as of a postcondition."""
    context = str(_object(diagnostic.get("snippet")).get("context"))
    block = _BLOCK.fullmatch(context)
    address = diagnostic.get("address")
    return address if isinstance(address, str) else f"resource {block[1]}.{block[2]}" if block else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _joined(summary: str, explanation: str) -> str:
    summary, explanation = (" ".join(text.split()) for text in (summary, explanation))
    summary = summary.rstrip(".:")
    return _hide(f"{summary}: {explanation}" if explanation else summary)[:_LIMIT]


def _hide(text: str) -> str:
    """Return a sentence without credentials, such as those in the address of a module."""
    return _USER_IN_URL.sub("://***@", without_secrets_in(text, "***"))


def _is_excerpt(line: str) -> bool:
    # "on main.tf line 3, in …" stays, the lines it quotes go: they may show values.
    return bool(re.match(r"\s*\d+: ", line)) or line.lstrip().startswith(("├", "│", "└"))
