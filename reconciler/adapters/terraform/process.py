"""One external process: own group, own environment, time limit, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 15.0
"""How long a process may take to stop after SIGINT: terraform stops a stuck refresh in 0.1 s, an apply releases its
lock first."""
_POLL_SECONDS = 0.1
_LOOK_SECONDS = 0.5
"""How often a waiting thread looks whether it is to stop; a process that ends is noticed at once."""
_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished process. `timed_out` and `stopped` say why it was ended, if it was."""

    code: int
    stdout: bytes
    stderr: str
    timed_out: bool = False
    stopped: bool = False


def run(
    argv: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    timeout: float,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Completed:
    """Run a program for at most `timeout` seconds, and no longer than until another thread sets `stop`.

    Its process group (providers are children of terraform) is ended on time-out, on an exception here (^C), and also
    after a normal end, so that no provider stays. `meanwhile` is called once it runs. Raises OSError when the program
    cannot be started.
    """
    process = subprocess.Popen(
        argv,
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + timeout
    timed_out = stopped = False
    try:
        meanwhile()
        while True:
            try:
                stdout, stderr = process.communicate(timeout=min(_LOOK_SECONDS, max(0, deadline - time.monotonic())))
                break
            except subprocess.TimeoutExpired:
                timed_out, stopped = time.monotonic() >= deadline, stop is not None and stop.is_set()
            if process.poll() is not None:
                stdout, stderr = _last_words(process)
                timed_out = stopped = False
                break
            if timed_out or stopped:
                stdout, stderr = _stop(process)
                break
        return Completed(process.returncode, stdout, stderr.decode(errors="replace"), timed_out, stopped)
    except BaseException:
        _stop(process)
        raise
    finally:
        _signal_group(process, signal.SIGKILL)


def _stop(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    # To the whole group, as ^C on a terminal: terraform's providers expect that and leave the stopping to it.
    _signal_group(process, signal.SIGINT)
    deadline = time.monotonic() + GRACE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(subprocess.TimeoutExpired):
            # Keeps the pipes empty, so that what it says last does not block it.
            process.communicate(timeout=_POLL_SECONDS)
    return _last_words(process)


def _last_words(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    # Children hold the pipes open after their parent is gone; one with a session of its own, such as a shared ssh
    # connection, may do so for ever.
    _signal_group(process, signal.SIGKILL)
    try:
        return process.communicate(timeout=_LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired as left:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        process.wait()
        return left.output or b"", left.stderr or b""


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group is the process's own session and outlives it while a child does.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
