"""What a ledger keeps is told before SQLAlchemy is imported, and whatever is amiss is told by the ledger itself."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from reconciler.adapters.ledger import SqlLedger
from reconciler.adapters.ledger_glance import GlancedLedger
from reconciler.errors import LedgerError
from reconciler.ports import Ledger

DRIFT = {
    "fingerprint": "f",
    "status": "drift",
    "workspace": "prod",
    "address": "aws_ecs_service.web",
    "resource_type": "aws_ecs_service",
    "identity": {"arn": None},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a b%#" / "ledger.db"


def sql(file: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{quote(str(file))}")


def store(file: Path, *findings: dict[str, Any]) -> None:
    sql(file).store({"finished_at": "2026-03-01T12:00:00Z", "findings": list(findings)}, ["e-1"], {})


def never() -> Ledger:
    raise AssertionError("the ledger was made")


def statuses(ledger: GlancedLedger) -> list[str]:
    return [finding["status"] for finding in (*ledger.findings_of(["prod"]), *ledger.strays())]


def test_a_ledger_that_keeps_no_finding_is_not_made(file: Path) -> None:
    store(file, {**DRIFT, "status": "healed"})
    assert statuses(GlancedLedger(file, never)) == []


def test_a_ledger_that_is_not_there_keeps_nothing_and_stays_away(file: Path) -> None:
    assert statuses(GlancedLedger(file, never)) == []
    assert not file.exists()


@pytest.mark.parametrize("status", ["drift", "unmatched", "matching", "ignored"])
def test_what_is_kept_is_told(file: Path, status: str) -> None:
    store(file, {**DRIFT, "status": status})
    assert statuses(GlancedLedger(file, lambda: sql(file))) == [status]


def test_what_is_stored_through_it_is_told_after_it(file: Path) -> None:
    ledger = GlancedLedger(file, lambda: sql(file))
    assert statuses(ledger) == []
    ledger.store({"finished_at": "2026-03-01T12:00:00Z", "findings": [DRIFT]}, [], {})
    assert statuses(ledger) == ["drift"]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("UPDATE meta SET schema_version = 99", "written by another version"),
        ("INSERT INTO meta VALUES (99)", ""),
        ("DELETE FROM meta", ""),
        ("DROP TABLE settled_findings", ""),
    ],
)
def test_a_ledger_that_is_not_as_it_should_be_is_opened_for_good(file: Path, spoil: str, sentence: str) -> None:
    store(file)
    with sqlite3.connect(file) as connection:
        connection.execute(spoil)
    connection.close()
    made = []

    def make() -> SqlLedger:
        made.append(sql(file))
        return made[0]

    ledger = GlancedLedger(file, make)
    if sentence:
        with pytest.raises(LedgerError, match=sentence):
            ledger.strays()
    else:
        assert statuses(ledger) == []
    assert len(made) == 1


def test_a_damaged_file_is_told_by_the_ledger(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError, match="is damaged"):
        GlancedLedger(file, lambda: sql(file)).findings_of(["prod"])


def test_a_cycle_that_finds_nothing_kept_has_not_imported_sqlalchemy_before_terraform(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(
        "version: 1\nworkspaces: [{path: .}]\nterraform: {binary: sh}\nledger: sqlite:///some%20where/ledger.db\n"
    )
    (tmp_path / "main.tf").write_text("")
    store(tmp_path / "some where" / "ledger.db")
    program = (
        "import sys; from pathlib import Path; from reconciler.cli.wiring import load_settings, make_tools\n"
        "ledger = make_tools(load_settings(Path('reconciler.yaml'))).ledger\n"
        "print(ledger.strays(), 'sqlalchemy' in sys.modules, ledger.seen(['e-1']), 'sqlalchemy' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout == "() False frozenset({'e-1'}) True\n"
