"""Temporary directories that a killed process left behind: they hold plan files and clones."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

_PREFIXES = ("reconciler-plan-", "reconciler-init-", "reconciler-scratch-", "reconciler-tf-")
_OLD = 24 * 3600.0
"""Seconds after which no process works in one any more: a plan is ended after minutes."""


def remove_leftovers(directory: Path | None = None) -> int:
    """Remove this user's own that have not been touched for a day; returns how many. What cannot be removed stays."""
    directory = directory or Path(tempfile.gettempdir())
    oldest = time.time() - _OLD
    found = [entry.path for entry in _entries(directory) if _is_ours(entry, oldest)]
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
