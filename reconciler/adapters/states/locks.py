"""Who holds a workspace's state lock: read, never taken.

Form of a lock: LockInfo in Terraform's internal/states/statemgr/locker.go (1.11). Looked at where one small request
tells: local files, S3 with a lock file or a DynamoDB table. With other backends the state's serial alone tells.
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
from reconciler.adapters.states import local, s3
from reconciler.model import Workspace

_HARMLESS = "OperationTypePlan"
"""A plan takes the lock too, and changes nothing."""


class StateLocks:
    """Tells who is at work on a workspace's state."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def __call__(self, workspace: Workspace) -> str | None:
        """Return who holds the lock and since when; None when nobody does, or when it cannot be told."""
        try:
            kind, config = recorded_backend(workspace) or ("local", {})
            if kind == "local":
                info = _local(local.state_path(workspace, config))
            elif kind == "s3":
                info = s3.lock(workspace, config, workspace_environment(self._environment, workspace))
            else:
                return None
            lock = json.loads(info) if info else None
        except (OSError, ValueError, AttributeError):
            return None
        if not isinstance(lock, dict) or lock.get("Operation") == _HARMLESS:
            return None
        return (
            f"{lock.get('Who') or 'somebody'} since {lock.get('Created') or 'an unknown time'} (lock {lock.get('ID')})"
        )


def _local(state: Path) -> bytes | None:
    info = state.with_name(f".{state.name}.lock.info")
    # A terraform that was killed leaves the note behind, but not the lock of the system.
    return info.read_bytes() if info.is_file() and _is_locked(state) else None


def _is_locked(file: Path) -> bool:
    """Ask the system whether a process holds an fcntl lock on the file; true where this cannot be asked."""
    if sys.platform != "linux":
        return True
    import fcntl

    layout = "@hhqqi4x"  # struct flock: l_type, l_whence, l_start, l_len, l_pid
    with file.open("rb") as opened:
        asked = struct.pack(layout, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer: tuple[int, ...] = struct.unpack(layout, fcntl.fcntl(opened, fcntl.F_GETLK, asked))
    return answer[0] != fcntl.F_UNLCK
