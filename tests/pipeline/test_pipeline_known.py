"""What a cycle reads of the ledger: what is of the workspaces that its events name, while the index is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, ports, quiet, record, service

from reconciler.adapters.index_store import SqliteIndexStore
from reconciler.model import Trust, Workspace
from reconciler.pipeline.cycle import run_cycle
from reconciler.ports import OpenIndex

CI = {"userIdentity": {"type": "IAMUser", "userName": "ci", "arn": "arn:aws:iam::123456789012:user/ci"}}


class Store(SqliteIndexStore):
    """An index store that knows whether it is open."""

    is_open = False

    @contextmanager
    def reading(self) -> Iterator[OpenIndex]:
        with super().reading() as shelf:
            self.is_open = True
            yield shelf
            self.is_open = False


class Watched(Memory):
    """A ledger that notes what it is asked for, and whether the index is open then."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.asked: list[tuple[str, bool]] = []
        self._store = store

    def strays(self) -> list[Any]:
        self.asked.append(("strays", self._store.is_open))
        return super().strays()

    def findings_of(self, workspaces: Collection[str]) -> list[Any]:
        self.asked.extend((name, self._store.is_open) for name in sorted(workspaces))
        return super().findings_of(workspaces)


class Versioned(World):
    """States that are indexed once."""

    def version(self, _workspace: Workspace) -> str:
        return "1"


@pytest.mark.parametrize("trusted", [(), ("dev",), ("dev", "prod")], ids=["none", "one", "all"])
def test_only_the_workspaces_that_events_name_are_asked_for(tmp_path: Path, trusted: tuple[str, ...]) -> None:
    """Those of trusted people's calls as well: such a call may overtake what is known of somebody."""
    store = Store(tmp_path / "ledger.db")
    memory = Watched(store)
    world = Versioned(quiet, **{name: [service(name, name)] for name in ("dev", "prod", "other")})
    feed = Feed(*(record(name, name, **(CI if name in trusted else {})) for name in ("dev", "prod")))
    policy = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:user/ci",)))
    run_cycle(ports(world, feed, ledger=memory, index=store), policy)
    assert memory.asked == [(name, False) for name in ("strays", "dev", "prod")]


def test_a_cycle_without_events_asks_for_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "ledger.db")
    memory = Watched(store)
    run_cycle(ports(Versioned(quiet, prod=[service("prod", "web")]), Feed(), ledger=memory, index=store), POLICY)
    assert (memory.asked, store.is_open) == ([], False)
