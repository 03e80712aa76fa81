"""A ledger that is only read: by somebody who looks, while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.ledger import SqlLedger
from reconciler.errors import LedgerError

DRIFT: dict[str, Any] = {
    "fingerprint": "f",
    "status": "drift",
    "workspace": "prod",
    "address": "aws_ecs_service.web",
    "resource_type": "aws_ecs_service",
    "identity": {},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def found(file: Path) -> list[Any]:
    ledger = SqlLedger(f"sqlite:///{file}", writes=False)
    return [each["address"] for each in (*ledger.findings_of(["prod"]), *ledger.strays())]


def test_what_was_stored_is_read_and_not_a_byte_is_written_while_another_process_writes(file: Path) -> None:
    SqlLedger(f"sqlite:///{file}").store({"finished_at": "2026-03-01T12:00:00Z", "findings": [DRIFT]}, [], {})
    before = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert found(file) == ["aws_ecs_service.web"]
    assert file.read_bytes() == before


@pytest.mark.parametrize("made", [False, True], ids=["none", "the index only"])
def test_where_there_is_no_ledger_nothing_is_found_and_none_is_made(file: Path, made: bool) -> None:
    if made:
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE states (name TEXT)")
    before = file.read_bytes() if made else None
    assert found(file) == []
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_file_that_is_no_database_is_told(file: Path) -> None:
    file.write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(LedgerError, match="is damaged"):
        found(file)
