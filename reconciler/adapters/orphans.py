"""Terraform that goes on by itself, because whoever started it was killed: nobody waits for it, or ends it.

Who runs a program holds a lock on the private directory that is its TMPDIR, and notes its session there; the system
takes the lock away from who is killed. A process is ended only where all of this agrees: the directory is noted and
nobody's any more, and the process is of that session and has that TMPDIR. A pid alone tells nothing, being given anew.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "reconciler-tf-"
"""How the names of private directories begin."""
_NOTE = ".reconciler-session"
_LOG = logging.getLogger(__name__)


@contextmanager
def held(directory: str) -> Iterator[Callable[[int], None]]:
    """Hold a private directory while this process lives; yields what notes the session that is at work there.

    Nothing is noted where directories cannot be held: what is noted and not held counts as left behind.
    """
    with _opened(directory) as lock:
        is_held = _locks(lock, fcntl.LOCK_SH)

        def note(session: int) -> None:
            if is_held:
                with suppress(OSError):
                    Path(directory, _NOTE).write_text(str(session))

        yield note


def end_orphans(directories: Iterable[str]) -> None:
    """End what is still at work in private directories that nobody holds any more.

    On Linux only: elsewhere nothing tells one process surely from the next one of its number.
    """
    if not (hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")):
        return
    left = {each: session for each in directories if (session := _left_session(each)) is not None}
    marked = {b"TMPDIR=" + os.fsencode(directory): session for directory, session in left.items()}
    ended = [each for each in Path("/proc").glob("[0-9]*") if _end(int(each.name), marked)] if marked else []
    if ended:
        _LOG.warning("ended %d processes, left at work by a reconciler that was killed", len(ended))


def _left_session(directory: str) -> int | None:
    try:
        session = int(Path(directory, _NOTE).read_text())
    except (OSError, ValueError):
        return None
    with _opened(directory) as lock:
        return session if _locks(lock, fcntl.LOCK_EX | fcntl.LOCK_NB) else None


def _end(pid: int, marked: Mapping[bytes, int]) -> bool:
    """End a process of a session whose mark it has; tells whether it did."""
    with suppress(OSError):
        process = os.pidfd_open(pid)  # this one, whoever gets its number while it is looked at
        try:
            session = os.getsid(pid)
            if any(marked.get(each) == session for each in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")):
                signal.pidfd_send_signal(process, signal.SIGKILL)
                return True
        finally:
            os.close(process)
    return False


@contextmanager
def _opened(directory: str) -> Iterator[int | None]:
    opened = None
    with suppress(OSError):
        opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield opened
    finally:
        if opened is not None:
            os.close(opened)


def _locks(opened: int | None, how: int) -> bool:
    if opened is None:
        return False
    try:
        fcntl.flock(opened, how)
    except OSError:
        return False
    return True
