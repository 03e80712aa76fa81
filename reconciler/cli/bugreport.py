"""What somebody pastes into an issue after a bug: complete, without secrets."""

from __future__ import annotations

import platform
import re
import shlex
from collections.abc import Mapping, Sequence

from reconciler import __version__

_SECRET_NAME = re.compile(r"token|secret|password|passwd|credential|api_?key|private_?key|session", re.IGNORECASE)
_SHORTEST_SECRET = 6


def bug_report(arguments: Sequence[str], trace: str, environment: Mapping[str, str]) -> str:
    """Return the report: versions, the command line and the traceback, without values that look like secrets.

    Those are the values of environment variables and options whose names say so, and tokens of known forms.
    """
    from reconciler.settings.tokens import hide_tokens

    command = shlex.join(["reconciler", *_without_values(arguments)])
    text = hide_tokens(f"command: {command}\n\n{trace}")
    for name, value in environment.items():
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, "***")
    return (
        "error: this is a bug in reconciler; please report it with the text below\n\n"
        f"reconciler {__version__}, Python {platform.python_version()}, {platform.platform()}\n{text}"
    )


def _without_values(arguments: Sequence[str]) -> list[str]:
    shown: list[str] = []
    hide = False
    for argument in arguments:
        name, separator, _ = argument.partition("=")
        secret = argument.startswith("-") and bool(_SECRET_NAME.search(name))
        shown.append("***" if hide else f"{name}=***" if secret and separator else argument)
        hide = secret and not separator
    return shown
