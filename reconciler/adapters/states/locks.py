"""Who holds a workspace's state lock: read, never taken.

Form of a lock: LockInfo in Terraform's internal/states/statemgr/locker.go (1.11). Looked at where one small request
tells: local files, S3 with a lock file or a DynamoDB table, HCP Terraform. With other backends the state itself
tells.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.environment import workspace_environment
from reconciler.adapters.recorded_backend import recorded_backend
from reconciler.adapters.states import hcp, local, s3
from reconciler.adapters.states.web import NotDirectError
from reconciler.model import Workspace

_HARMLESS = "OperationTypePlan"
"""A plan takes the lock too, and changes nothing."""


class StateLocks:
    """Tells who is at work on a workspace's state."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def __call__(self, workspace: Workspace) -> str | None:
        """Return who holds the lock and since when; None when nobody does, or when it may not be told.

        Raises StateError where a lock in S3 or HCP Terraform could not be asked for: nobody knows whether an apply is
        at work.
        """
        try:
            kind, config = recorded_backend(workspace) or ("local", {})
            environment = workspace_environment(self._environment, workspace)
            if kind == "local":
                return _local(local.state_path(workspace, config))
            if kind in ("cloud", "remote"):
                return hcp.lock(workspace, config, environment)
            info = s3.lock(workspace, config, environment) if kind == "s3" else None
            return None if info is None else _holder(info)
        except (OSError, ValueError, AttributeError, RecursionError, NotDirectError):
            return None


def _local(state: Path) -> str | None:
    # A terraform that was killed leaves the note behind, but not the lock of the system; one that begins has the lock
    # before its note.
    try:
        info = state.with_name(f".{state.name}.lock.info").read_bytes()
    except FileNotFoundError:
        info = b""
    return _holder(info) if _is_locked(state, noted=bool(info)) else None


def _holder(info: bytes) -> str | None:
    """Return who holds a lock of which this is written; None for a plan."""
    try:
        lock = json.loads(info)
    except (ValueError, RecursionError):
        lock = None
    lock = lock if isinstance(lock, dict) else {}
    if lock.get("Operation") == _HARMLESS:
        return None
    holder = (
        f"{lock.get('Who') or 'somebody'} since {lock.get('Created') or 'an unknown time'} "
        f"(lock {lock.get('ID') or 'without a name'})"
    )
    return " ".join(holder.split())  # part of one sentence, whatever somebody wrote there


def _is_locked(file: Path, *, noted: bool) -> bool:
    """Ask the system whether a process holds an fcntl lock on the file; where this cannot be asked, the note tells."""
    if sys.platform != "linux":
        return noted
    import fcntl

    layout = "@hhqqi4x"  # struct flock: l_type, l_whence, l_start, l_len, l_pid
    with file.open("rb") as opened:
        asked = struct.pack(layout, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer: tuple[int, ...] = struct.unpack(layout, fcntl.fcntl(opened, fcntl.F_GETLK, asked))
    return answer[0] != fcntl.F_UNLCK
