"""The index is brought up to date for as little as possible, and never says less than the states do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import ports

from reconciler.adapters.index_store import SqliteIndexStore
from reconciler.errors import LedgerError, StateError
from reconciler.model import IndexedState, ResourceId, State, StateResource, Workspace
from reconciler.pipeline.states import open_index
from reconciler.pipeline.tools import Tools

ARN = "arn:aws:ecs:us-east-1:123456789012:service/prod"


class World:
    """A reader of states: workspaces to the services in their states, or to why they cannot be read."""

    def __init__(self, **states: Any) -> None:
        self.states = states
        self.versions: dict[str, str | Exception | None] = dict.fromkeys(states, "1")
        self.read_names: list[str] = []
        self.attributes: Callable[[str], Any] = lambda name: {"id": f"{ARN}/{name}", "name": name}

    def version(self, workspace: Workspace) -> str | None:
        found = self.versions[workspace.name]
        if isinstance(found, Exception):
            raise found
        return found

    def read(self, workspace: Workspace) -> State:
        self.read_names.append(workspace.name)
        found = self.states[workspace.name]
        if isinstance(found, Exception):
            raise found
        resources = tuple(
            StateResource(
                workspace=workspace.name,
                address=f"aws_ecs_service.{name}",
                type="aws_ecs_service",
                provider="aws",
                attributes=self.attributes(name),
            )
            for name in found
        )
        return State(workspace=workspace.name, serial=1, lineage="l", resources=resources)


def tools(world: World, store: Any) -> Tools:
    return ports(world, index=store)


def owners(world: World, store: Any, name: str = "web", **changed: Any) -> tuple[list[str], dict[str, str], list[str]]:
    """Return the workspaces that manage a service, those unread, and the states that were read for it."""
    world.read_names.clear()
    with open_index(replace(tools(world, store), **changed)) as opened:
        found = opened.index.find(ResourceId(type="aws_ecs_service", cluster="prod", name=name))
        assert opened.summaries.keys() | opened.unread.keys() == world.states.keys()
    return [entry.resource.workspace for entry in found], dict(opened.unread), sorted(world.read_names)


@pytest.fixture
def store(tmp_path: Path) -> SqliteIndexStore:
    return SqliteIndexStore(tmp_path / "ledger.db")


def test_only_the_state_that_changed_is_read_again(store: SqliteIndexStore) -> None:
    world = World(a=["web"], b=["api"], c=[])
    assert owners(world, store) == (["a"], {}, ["a", "b", "c"])
    assert owners(world, store) == (["a"], {}, [])
    world.states["b"], world.versions["b"] = ["web"], "2"
    assert owners(world, store) == (["a", "b"], {}, ["b"])


def test_a_state_that_lost_a_resource_does_not_keep_it(store: SqliteIndexStore) -> None:
    world = World(a=["web"])
    owners(world, store)
    world.states["a"], world.versions["a"] = [], "2"
    assert owners(world, store) == ([], {}, ["a"])


@pytest.mark.parametrize("place", ["version", "state"])
def test_a_state_that_cannot_be_read_any_more_is_unread_and_not_as_it_was(store: SqliteIndexStore, place: str) -> None:
    world = World(a=["web"], b=[])
    owners(world, store)
    denied = StateError("access denied")
    world.versions["a"] = denied if place == "version" else "2"
    world.states["a"] = denied
    assert owners(world, store)[:2] == ([], {"a": "access denied"})


def test_a_backend_that_cannot_tell_a_version_is_read_every_time(store: SqliteIndexStore) -> None:
    world = World(a=["web"], b=["api"])
    world.versions["a"] = None
    owners(world, store)
    assert owners(world, store) == (["a"], {}, ["a"])


@pytest.mark.parametrize("change", [{"path": Path("/elsewhere")}, {"account": "1"}, {"terraform_workspace": "blue"}])
def test_a_workspace_of_the_same_name_that_became_another_is_read(store: SqliteIndexStore, change: Any) -> None:
    world = World(a=["web"])
    owners(world, store)
    other = {"a": replace(Workspace(name="a", path=Path("/nowhere/a")), **change)}
    assert owners(world, store, workspaces=other)[2] == ["a"]


def test_what_is_stored_of_a_workspace_that_is_not_configured_any_more_does_not_count(store: SqliteIndexStore) -> None:
    owners(World(a=["web"], b=["web"]), store)
    assert owners(World(b=["web"]), store) == (["b"], {}, [])


def test_without_leave_to_write_everything_is_found_and_nothing_stored(store: SqliteIndexStore, tmp_path: Path) -> None:
    world = World(a=["web"], b=["api"])
    unwritten = SqliteIndexStore(tmp_path / "ledger.db", writes=False)
    assert owners(world, unwritten) == (["a"], {}, ["a", "b"])
    assert not (tmp_path / "ledger.db").exists()
    owners(world, store)
    world.states["b"], world.versions["b"] = ["web"], "2"
    assert owners(world, unwritten) == (["b", "a"], {}, ["b"])


class Unwritable(SqliteIndexStore):
    def put(self, states: Any) -> None:
        raise LedgerError("the state index in x cannot be read or written (readonly database)")


def test_a_store_that_cannot_be_written_costs_one_warning_and_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(**{f"w{number}": ["web"] for number in range(150)})
    found, unread, read = owners(world, Unwritable(tmp_path / "ledger.db"))
    assert (len(found), unread, len(read)) == (150, {}, 150)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_damaged_store_costs_one_warning_and_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database at all" * 100)
    world = World(a=["web"])
    assert owners(world, SqliteIndexStore(tmp_path / "ledger.db")) == (["a"], {}, ["a"])
    assert "is damaged" in caplog.text
    assert len(caplog.records) == 1


class Raced(SqliteIndexStore):
    """A store that another process writes to right after this one did."""

    def put(self, states: Any) -> None:
        super().put(states)
        super().put([IndexedState(replace(states[0].summary, version="another's"), ())])


def test_what_another_process_put_in_the_place_is_not_taken_for_what_was_read(tmp_path: Path) -> None:
    world = World(a=["web"], b=["api"])
    assert owners(world, Raced(tmp_path / "ledger.db"))[:2] == (["a"], {})


def test_what_no_state_holds_is_no_traceback(store: SqliteIndexStore) -> None:
    world = World(a=["web"], b=[])
    world.attributes = lambda _name: []
    assert owners(world, store)[1] == {"a": "the state of a is not a Terraform state: AttributeError"}


def test_a_version_that_cannot_be_made_out_is_no_traceback(store: SqliteIndexStore) -> None:
    world = World(a=["web"], b=["web"])
    world.versions["a"] = AttributeError("'str' object has no attribute 'get'")
    assert owners(world, store)[:2] == (["b"], {"a": "the state of a cannot be read: AttributeError"})
