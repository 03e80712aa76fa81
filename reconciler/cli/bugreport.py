"""What somebody pastes into an issue after a bug: complete, without secrets."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence

from reconciler import __version__

_HIDDEN = "***"
_SHORTEST_SECRET = 6
_DIRECTORY = "PWD"  # a password's name elsewhere; in a process's environment the shell's


def bug_report(arguments: Sequence[str], trace: str, environment: Mapping[str, str]) -> str:
    """Return the report: versions, the command line and the traceback, without what looks like a secret.

    The values of environment variables whose names say so are taken out wherever they stand.
    """
    from reconciler.model.secrecy import names_secret, without_secrets_among, without_secrets_in

    command = shlex.join(["reconciler", *without_secrets_among(arguments, _HIDDEN)])
    text = f"command: {command}\n\n{trace}"
    for name, value in environment.items():
        if name != _DIRECTORY and names_secret(name) and len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, _HIDDEN)
    text = without_secrets_in(text, _HIDDEN)
    return (
        "error: this is a bug in reconciler; please report it with the text below\n\n"
        f"reconciler {__version__}, Python {platform.python_version()}, {platform.platform()}\n{text}"
    )
