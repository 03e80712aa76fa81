"""A cycle reads of the ledger what concerns its workspaces, and nothing else of what a year has left there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_ledger import finding, report

from reconciler.adapters.ledger import SqlLedger


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")


def told(ledger: SqlLedger, *workspaces: str) -> list[tuple[str, str]]:
    return [(each["workspace"], each["status"]) for each in ledger.findings_of(workspaces)]


NAMES = ["prod", "prod-2", "Prod", "pro", "pro%", "pro_", 'p"], "', "prüd", "\ud800"]


@pytest.mark.parametrize("status", ["drift", "matching"])
@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_of_the_very_workspace_is_read(ledger: SqlLedger, name: str, status: str) -> None:
    ledger.store(report(*(finding(status, workspace=each) for each in NAMES)), [], {})
    assert told(ledger, name) == [(name, status)]
    assert sorted(told(ledger, *NAMES)) == sorted((each, status) for each in NAMES)


def test_of_no_workspace_nothing_is_read(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift")), [], {})
    assert (told(ledger), told(ledger, "other")) == ([], [])


@pytest.mark.parametrize("owner", [None, "prod"])
def test_strays_are_read_apart_from_what_has_an_address(ledger: SqlLedger, owner: str | None) -> None:
    identity = {"arn": "arn:aws:ecs:us-east-1:123456789012:service/prod/stray"}
    stray: dict[str, Any] = {**finding("unmatched", address=None, identity=identity), "workspace": owner}
    ledger.store(report(finding("drift"), finding("unmanaged", address="aws_iam_role.a"), stray), [], {})
    assert [each["identity"] for each in ledger.strays()] == [identity]
    assert sorted(told(ledger, "prod")) == [("prod", "drift"), ("prod", "unmanaged")]


def test_of_what_moved_to_one_address_the_newest_comes_first(ledger: SqlLedger) -> None:
    for day, address in enumerate(("b", "c", "a"), start=1):
        for status in ("drift", "ignored"):
            ledger.store(report(finding(status, address=f"{status}.{address}"), at=f"2026-03-0{day}T00:00:00Z"), [], {})
    addresses = [each["address"] for each in ledger.findings_of(["prod"])]
    assert addresses == ["ignored.a", "ignored.c", "ignored.b", "drift.a", "drift.c", "drift.b"]
