"""Git's exchanges with a remote: none lasts for ever, and each ends with whoever waits for it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from git import Git
from git.exc import GitCommandError

from reconciler.adapters import process

NETWORK_SECONDS = 120.0
"""How long one exchange with a remote may take: Git itself waits for ssh without an end."""


def exchange(git: Git, stopped: threading.Event | None, command: str, *words: str) -> str:
    """Run a git command that talks to the remote of a clone; returns what it printed.

    It ends, with its ssh, when its time is up, when another thread sets `stopped`, and on an exception here (^C): with
    GitPython's own time limit it goes on, and a timer of it is waited for. Raises GitCommandError.
    """
    argv = [str(git.GIT_PYTHON_GIT_EXECUTABLE), command, *words]
    try:
        done = process.run(
            argv,
            directory=Path(str(git.working_dir)),
            environment={**os.environ, **git.environment()},
            timeout=NETWORK_SECONDS,
            stop=stopped,
        )
    except OSError as error:
        raise GitCommandError(argv, str(error)) from error
    if done.stopped:
        raise GitCommandError(argv, done.code, f"git {command} was interrupted")
    if done.timed_out:
        raise GitCommandError(argv, done.code, f"git {command} was stopped after {NETWORK_SECONDS:.0f} s")
    if done.code != 0 or done.flooded:
        raise GitCommandError(argv, done.code, done.stderr)
    return done.stdout.decode(errors="replace")
