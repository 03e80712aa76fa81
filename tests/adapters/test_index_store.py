"""The state index on disk: what it keeps, what it must not keep, and who may use it at the same time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.index_store import SqliteIndexStore
from reconciler.adapters.ledger import SqlLedger
from reconciler.errors import LedgerError
from reconciler.match import StateIndex, summarise
from reconciler.model import IndexedState, ResourceId, State, StateResource

ARN = "arn:aws:ecs:us-east-1:123456789012"
SECRET = "hunter2"


def service(workspace: str, name: str, address: str = "aws_ecs_service.web") -> StateResource:
    attributes = {
        "id": f"{ARN}:service/prod/{name}",
        "name": name,
        "cluster": f"{ARN}:cluster/prod",
        "tags": {"password": SECRET},
    }
    return StateResource(
        workspace=workspace, address=address, type="aws_ecs_service", provider="aws", attributes=attributes
    )


def indexed(workspace: str, *resources: StateResource, version: str = "1", serial: int = 1) -> IndexedState:
    state = State(workspace=workspace, serial=serial, lineage="l", resources=resources, digest=f"of {serial}")
    return summarise(state, version, None)


def addresses(store: SqliteIndexStore, **names: Any) -> list[tuple[str, str]]:
    wanted = ResourceId(**{"type": "aws_ecs_service", "cluster": "prod", "name": "web", **names})
    with store.reading() as shelf:
        found = StateIndex((), shelf).find(wanted)
    return [(entry.resource.workspace, entry.resource.address) for entry in found]


@pytest.fixture
def store(tmp_path: Path) -> SqliteIndexStore:
    return SqliteIndexStore(tmp_path / ".reconciler" / "ledger.db")


def test_what_is_stored_is_found_with_its_identity(store: SqliteIndexStore) -> None:
    store.put([indexed("a", service("a", "web")), indexed("b", service("b", "api"))])
    with store.reading() as shelf:
        (entry,) = StateIndex((), shelf).find(ResourceId(type="aws_ecs_service", cluster="prod", name="web"))
        assert StateIndex((), shelf).by_arn(f"{ARN}:service/prod/web") == (entry,)
    assert entry.identity == ResourceId(
        type="aws_ecs_service",
        account="123456789012",
        region="us-east-1",
        arn=f"{ARN}:service/prod/web",
        cluster="prod",
        name="web",
    )
    assert (entry.resource.workspace, entry.resource.type) == ("a", "aws_ecs_service")


@pytest.mark.parametrize("elsewhere", [{"account": "999999999999"}, {"region": "eu-west-1"}, {"cluster": "staging"}])
def test_the_same_names_elsewhere_are_not(store: SqliteIndexStore, elsewhere: dict[str, str]) -> None:
    store.put([indexed("a", service("a", "web"))])
    assert addresses(store, **elsewhere) == []


def test_no_attributes_value_is_on_the_disk(store: SqliteIndexStore, tmp_path: Path) -> None:
    store.put([indexed("a", service("a", "web"))])
    file = tmp_path / ".reconciler" / "ledger.db"
    assert SECRET.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_a_state_that_is_stored_again_takes_the_place_of_its_old_self_only(store: SqliteIndexStore) -> None:
    store.put([indexed("a", service("a", "web"), service("a", "api", "aws_ecs_service.api")), indexed("b")])
    store.put([indexed("a", service("a", "web", "aws_ecs_service.renamed"), version="2", serial=5)])
    assert addresses(store) == [("a", "aws_ecs_service.renamed")]
    assert addresses(store, name="api") == []
    with store.reading() as shelf:
        known = shelf.summaries()
    assert {name: (each.version, each.serial, each.digest) for name, each in known.items()} == {
        "a": ("2", 5, "of 5"),
        "b": ("1", 1, "of 1"),
    }
    assert known["a"].types == {"aws_ecs_service": 1}


@pytest.mark.parametrize("name", ["we'b\"; DROP TABLE index_entries --", "wéb", "\ud800", "%", "a\x00b", "*"])
def test_names_may_be_anything(store: SqliteIndexStore, name: str) -> None:
    store.put([indexed("a", service("a", name)), indexed("b", service("b", "web"))])
    assert addresses(store, name=name) == [("a", "aws_ecs_service.web")]


def test_a_store_that_never_was_is_empty_and_reading_makes_no_file(store: SqliteIndexStore, tmp_path: Path) -> None:
    assert addresses(store) == []
    assert list(tmp_path.iterdir()) == []


def test_it_lies_in_the_ledgers_file_and_leaves_the_ledger_alone(store: SqliteIndexStore, tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path}/.reconciler/ledger.db")
    report = {"finished_at": "2026-01-01T00:00:00Z", "findings": []}
    store.put([indexed("a", service("a", "web"))])
    ledger.store(report, ["1"], {})
    store.clear()
    assert ledger.seen(["1"]) == {"1"}
    assert addresses(store) == []


def test_an_index_of_another_version_is_made_anew(store: SqliteIndexStore, tmp_path: Path) -> None:
    store.put([indexed("a", service("a", "web"))])
    with sqlite3.connect(tmp_path / ".reconciler" / "ledger.db") as connection:
        connection.execute("UPDATE index_version SET version = 999")
        connection.execute("DROP TABLE index_entries")
        connection.execute("CREATE TABLE index_entries (something TEXT)")
    assert addresses(store) == []
    store.put([indexed("a", service("a", "web"))])
    assert addresses(store) == [("a", "aws_ecs_service.web")]


def test_a_damaged_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database at all" * 100)
    store = SqliteIndexStore(tmp_path / "ledger.db")
    with pytest.raises(LedgerError, match=r"ledger\.db is damaged .* move the file away"), store.reading():
        pass
    with pytest.raises(LedgerError, match="is damaged"):
        store.put([])


@pytest.mark.parametrize("damage", ["index_version SET version = 'abc'", "index_states SET types = '{bad'"])
def test_damaged_rows_are_as_if_they_were_not_there(store: SqliteIndexStore, tmp_path: Path, damage: str) -> None:
    store.put([indexed("a", service("a", "web"))])
    with closing(sqlite3.connect(tmp_path / ".reconciler" / "ledger.db")) as connection, connection:
        connection.execute(f"UPDATE {damage}")
    with store.reading() as shelf:
        assert shelf.summaries() == {}
    store.put([indexed("a", service("a", "web"))])
    assert addresses(store) == [("a", "aws_ecs_service.web")]


def test_a_damaged_entry_is_said_to_be_one(store: SqliteIndexStore, tmp_path: Path) -> None:
    store.put([indexed("a", service("a", "web"))])
    with closing(sqlite3.connect(tmp_path / ".reconciler" / "ledger.db")) as connection, connection:
        connection.execute("UPDATE index_entries SET entry = '[1]'")
    with pytest.raises(LedgerError, match="damaged"):
        addresses(store)


def test_a_deposed_object_is_still_one(store: SqliteIndexStore) -> None:
    old = replace(service("a", "web"), deposed="abcd1234")
    store.put([indexed("a", old)])
    with store.reading() as shelf:
        (entry,) = StateIndex((), shelf).find(ResourceId(type="aws_ecs_service", cluster="prod", name="web"))
    assert entry.resource.deposed == "abcd1234"


def test_what_another_process_stores_meanwhile_is_not_seen_by_who_reads(
    store: SqliteIndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put([indexed("a", service("a", "web"))])
    monkeypatch.setattr("reconciler.adapters.index_store.LOCK_SECONDS", 0)
    other = SqliteIndexStore(tmp_path / ".reconciler" / "ledger.db")
    wanted = ResourceId(type="aws_ecs_service", cluster="prod", name="web")
    with store.reading() as shelf:
        assert len(StateIndex((), shelf).find(wanted)) == 1
        with pytest.raises(LedgerError, match="in use by another process"):
            other.put([indexed("a")])
        assert len(StateIndex((), shelf).find(wanted)) == 1
    other.put([indexed("a")])
    assert addresses(store) == []
