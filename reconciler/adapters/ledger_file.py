"""The SQLite file that the ledger and the state index share."""

from __future__ import annotations

import os
from pathlib import Path

SCHEMA_VERSION = 1
"""Of the ledger's tables."""

LOCK_SECONDS = 30
"""How long a process waits for another one that writes."""


def prepare_file(file: Path) -> None:
    """Make the file, readable by its owner only; reports may hold what a bucket policy would not show to everybody.

    Raises OSError.
    """
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    ignore = file.parent / ".gitignore"
    if file.parent.name == ".reconciler" and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")  # the ledger must not make the user's repository dirty
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def explain(cause: str) -> str:
    """Return a database's or the system's error as the end of a sentence: what is wrong, and what to do."""
    if "not a database" in cause or "malformed" in cause:
        return f"is damaged ({cause}); move the file away, and the next run starts a new one"
    if "locked" in cause:
        return f"is in use by another process for more than {LOCK_SECONDS} s; wait for it or stop it"
    return f"cannot be read or written ({cause}); check the path, its permissions and free space"
