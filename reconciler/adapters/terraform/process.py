"""One external process: own group, own environment, time limit, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 15.0
"""How long a process may take to stop after SIGINT: terraform stops a stuck refresh in 0.1 s, an apply releases its
lock first."""
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished process. `timed_out` means that it was stopped."""

    code: int
    stdout: bytes
    stderr: str
    timed_out: bool = False


def run(argv: Sequence[str], *, directory: Path, environment: Mapping[str, str], timeout: float) -> Completed:
    """Run a program for at most `timeout` seconds.

    Its process group (providers are children of terraform) is ended on time-out, on an exception here (^C), and also
    after a normal end, so that no provider stays. Raises OSError when the program cannot be started.
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
    try:
        stdout, stderr = process.communicate(timeout=timeout)
        return Completed(process.returncode, stdout, stderr.decode(errors="replace"))
    except subprocess.TimeoutExpired:
        stdout, stderr = _stop(process)
        return Completed(process.returncode, stdout, stderr.decode(errors="replace"), timed_out=True)
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
    # Children hold the pipes open after their parent is gone.
    _signal_group(process, signal.SIGKILL)
    return process.communicate()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group is the process's own session and outlives it while a child does.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
