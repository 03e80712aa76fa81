"""A glance at the ledger's file before it is opened for good.

Importing SQLAlchemy costs some percent of a small plan, and terraform waits for it; most cycles find nothing kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from reconciler.adapters.ledger_file import SCHEMA_VERSION
from reconciler.model import JsonObject
from reconciler.ports import Ledger

_NOTHING_KEPT = """
SELECT (SELECT min(schema_version) = max(schema_version) AND max(schema_version) = ?1 FROM meta)
AND NOT EXISTS (SELECT 1 FROM findings) AND NOT EXISTS (SELECT 1 FROM settled_findings)
"""


class GlancedLedger:
    """Fulfils `ports.Ledger` by another one of the same SQLite file, which is made when there is work for it."""

    def __init__(self, file: Path, make: Callable[[], Ledger]) -> None:
        self._file = file
        self._make = make
        self._ledger: Ledger | None = None

    def strays(self) -> Sequence[JsonObject]:
        """Return the findings of what is in no state, as the ledger does; raises LedgerError."""
        return () if self._keeps_nothing() else self._opened.strays()

    def findings_of(self, workspaces: Collection[str]) -> Sequence[JsonObject]:
        """Return what concerns addresses of these workspaces, as the ledger does; raises LedgerError."""
        return () if self._keeps_nothing() else self._opened.findings_of(workspaces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)

    @property
    def _opened(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._make()
        return self._ledger

    def _keeps_nothing(self) -> bool:
        """Tell whether no file is there, or one of this version without findings; the ledger tells what is amiss."""
        if self._ledger is not None:
            return False
        if not self._file.exists():
            return True
        try:
            with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                found: tuple[int | None] = connection.execute(_NOTHING_KEPT, (SCHEMA_VERSION,)).fetchone()
        except sqlite3.Error:
            return False
        return found == (1,)
