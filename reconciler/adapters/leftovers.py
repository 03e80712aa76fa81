"""What a killed process left behind: temporary directories that hold plan files and clones, and terraform at work."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from reconciler.adapters.orphans import PREFIX, end_orphans

_PREFIXES = ("reconciler-plan-", "reconciler-init-", "reconciler-scratch-", PREFIX)
_OLD = 24 * 3600.0
"""Seconds after which no process works in one any more: a plan is ended after minutes."""


def remove_leftovers(directory: Path | None = None) -> int:
    """Remove this user's own that have not been touched for a day; returns how many. What cannot be removed stays.

    Terraform that is still at work in one of a reconciler that was killed is ended, whatever its age.
    """
    now = time.time()
    entries = _entries(directory or Path(tempfile.gettempdir()))
    end_orphans(entry.path for entry in entries if entry.name.startswith(PREFIX) and _is_ours(entry, now))
    found = [entry.path for entry in entries if _is_ours(entry, now - _OLD)]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return len(found)


def _entries(directory: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return [entry for entry in entries if entry.name.startswith(_PREFIXES)]
    except OSError:
        return []


def _is_ours(entry: os.DirEntry[str], oldest: float) -> bool:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and found.st_mtime < oldest
