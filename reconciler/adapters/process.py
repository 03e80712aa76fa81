"""One external process: own group, own environment, time limit, bounded output, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reconciler.adapters.orphans import PREFIX, held

GRACE_SECONDS = 15.0
"""How long a process may take to stop after SIGINT: terraform stops a stuck refresh in 0.1 s, an apply releases its
lock first."""
OUTPUT_BYTES = 2**30
"""How much a process may print; the JSON of a plan of a thousand resources takes some ten megabytes."""
_LONGEST_TMPDIR = 90 if sys.platform == "linux" else 86
"""A socket's path may take 107 characters on Linux and 103 on macOS, of which providers need seventeen."""
_LOOK_SECONDS = 0.5
"""How often a waiting thread looks whether it is to stop; a process that ends is noticed at once."""
_DEATH_SECONDS = 2.0
"""How long a process may take to die of SIGKILL."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished process. `timed_out`, `stopped` and `flooded` (too much output) say why it was ended, if it was."""

    code: int
    stdout: bytes
    stderr: str
    timed_out: bool = False
    stopped: bool = False
    flooded: bool = False


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
    # Into files, not pipes: children may hold those open for ever, and memory is not the place for what nobody bounds.
    with (
        _private_directory() as private,
        held(private) as note,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        process = subprocess.Popen(
            argv,
            cwd=directory,
            env={**environment, **({"TMPDIR": private} if len(private) <= _LONGEST_TMPDIR else {})},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        waiting = threading.Thread(target=process.wait, daemon=True)
        deadline = time.monotonic() + timeout
        timed_out = stopped = flooded = False
        try:
            waiting.start()
            note(process.pid)  # its session has its number
            meanwhile()
            while _is_running(waiting, min(_LOOK_SECONDS, max(0, deadline - time.monotonic()))):
                timed_out, stopped = time.monotonic() >= deadline, stop is not None and stop.is_set()
                flooded = _is_flooded(stdout, stderr)
                if timed_out or stopped or flooded:
                    _stop(process)
                    break
        except BaseException:
            _stop(process)
            raise
        finally:
            _signal_group(process, signal.SIGKILL)
        flooded = flooded or _is_flooded(stdout, stderr)
        said = (b"", b"") if flooded else (_content(stdout), _content(stderr))
        code = -signal.SIGKILL if process.returncode is None else process.returncode
        return Completed(code, said[0], said[1].decode(errors="replace"), timed_out, stopped, flooded)


def _is_running(waiting: threading.Thread, seconds: float) -> bool:
    waiting.join(seconds)
    return waiting.is_alive()


def _stop(process: subprocess.Popen[bytes]) -> None:
    # To the whole group, as ^C on a terminal: terraform's providers expect that and leave the stopping to it.
    _signal_group(process, signal.SIGINT)
    if not _ends(process, GRACE_SECONDS):
        _signal_group(process, signal.SIGKILL)
        _ends(process, _DEATH_SECONDS)


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    # The thread that waits cannot be asked: one whose `join` an exception broke off is called ended (CPython 3.11).
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    return process.returncode is not None


def _private_directory() -> tempfile.TemporaryDirectory[str]:
    """Return a directory for what the process leaves when it is killed, such as the sockets of providers."""
    return tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)


def _is_flooded(*outputs: IO[bytes]) -> bool:
    return sum(os.fstat(output.fileno()).st_size for output in outputs) > OUTPUT_BYTES


def _content(output: IO[bytes]) -> bytes:
    output.seek(0)
    return output.read()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group is the process's own session and outlives it while a child does.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
