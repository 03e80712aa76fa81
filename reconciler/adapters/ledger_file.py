"""The SQLite file that the ledger and the state index share."""

from __future__ import annotations

import os
from pathlib import Path


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
