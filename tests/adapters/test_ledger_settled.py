"""What is matching or ignored, in the ledger: beside what stands, until it is told otherwise or too old."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from test_ledger import finding, report

from reconciler.adapters.ledger import SqlLedger


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{file}")


def settled(ledger: SqlLedger) -> list[Any]:
    return [each for each in ledger.findings_of(["prod"]) if each["status"] in ("matching", "ignored")]


@pytest.mark.parametrize("status", ["matching", "ignored"])
def test_what_is_settled_is_kept_beside_what_stands(ledger: SqlLedger, status: str) -> None:
    ledger.store(report(finding("drift"), at="2026-03-01T12:00:00Z"), [], {})
    ledger.store(report(finding(status, events=["e"]), at="2026-03-02T12:00:00Z"), [], {})
    assert (list(ledger.open_findings()), settled(ledger)) == ([], [finding(status, events=["e"])])
    ledger.store(report(finding("drift"), at="2026-03-03T12:00:00Z"), [], {})
    assert [standing["first_seen"] for standing in ledger.open_findings()] == ["2026-03-03T12:00:00Z"]
    assert settled(ledger) == []


@pytest.mark.parametrize("status", ["healed", "deleted"])
def test_what_is_settled_ends_when_it_is_told_otherwise(ledger: SqlLedger, status: str) -> None:
    ledger.store(report(finding("matching"), finding("ignored", address="aws_ecs_service.other")), [], {})
    ledger.store(report(finding(status)), [], {})
    assert [each["address"] for each in settled(ledger)] == ["aws_ecs_service.other"]


def test_a_failure_to_look_stands_and_what_was_settled_is_kept_until_somebody_looks(ledger: SqlLedger) -> None:
    ledger.store(report(finding("matching")), [], {})
    ledger.store(report(finding("not_checked")), [], {})
    assert [standing["status"] for standing in ledger.open_findings()] == ["not_checked"]
    assert settled(ledger) == [finding("matching")]


def test_what_is_settled_is_amended_and_leaves_what_stands_alone(ledger: SqlLedger) -> None:
    ledger.store(report(finding("matching")), [], {})
    ledger.store(report(finding("not_checked")), [], {})
    ledger.amend([finding("matching", reason="new"), finding("ignored", address="aws_ecs_service.other")])
    assert settled(ledger) == [finding("matching", reason="new")]
    assert [standing["status"] for standing in ledger.open_findings()] == ["not_checked"]


def test_what_is_settled_is_forgotten_with_the_events_that_tell_of_it(ledger: SqlLedger) -> None:
    ledger.store(report(finding("matching"), at="2026-01-01T00:00:00Z"), [], {})
    ledger.store(report(finding("ignored", address="aws_ecs_service.b"), at="2026-03-01T00:00:00Z"), [], {})
    ledger.store(report(at="2026-05-01T00:00:00Z"), [], {})
    assert [each["address"] for each in settled(ledger)] == ["aws_ecs_service.b"]


def test_a_ledger_that_has_not_kept_what_is_settled_so_far_goes_on(ledger: SqlLedger, file: Path) -> None:
    ledger.store(report(finding("drift")), ["e-1"], {"trail": "1"})
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE settled_findings")
    later = SqlLedger(f"sqlite:///{file}")
    assert (len(later.open_findings()), settled(later)) == (1, [])
    later.store(report(finding("matching")), ["e-2"], {})
    assert (len(settled(later)), later.seen(["e-1", "e-2"])) == (1, {"e-1", "e-2"})
