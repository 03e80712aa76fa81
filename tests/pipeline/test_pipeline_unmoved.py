"""Whether a state moved is asked cheaply where that can be told, and never taken for granted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pipeline_world import World, ports, quiet

from reconciler.errors import StateError
from reconciler.model import State, StateSummary, Workspace
from reconciler.pipeline import Tools
from reconciler.pipeline.states import version_of
from reconciler.pipeline.unmoved import refuse_moved_state, unmoved_state

PROD = Workspace(name="prod", path=Path("/nowhere"))


class States:
    """A backend whose version is an ETag, or nothing."""

    def __init__(self, version: str | None, serial: int, lineage: str = "l", digest: str = "") -> None:
        self.etag = version
        self.serial = serial
        self.lineage = lineage
        self.digest = digest
        self.reads = 0

    def version(self, workspace: Workspace) -> str | None:
        return self.etag

    def read(self, workspace: Workspace) -> State:
        self.reads += 1
        return State(
            workspace=workspace.name, serial=self.serial, lineage=self.lineage, resources=(), digest=self.digest
        )


def tools(states: States) -> Tools:
    return ports(World(quiet), states=states)


def known(version: str | None, digest: str = "") -> StateSummary:
    stored = version_of(PROD, tools(States(version, 1)))
    return StateSummary(workspace="prod", version=stored, serial=1, lineage="l", digest=digest)


@pytest.mark.parametrize(("version", "reads"), [("a", 0), ("b", 1), (None, 1)])
def test_a_state_is_read_again_only_where_its_version_does_not_tell(version: str | None, reads: int) -> None:
    states = States(version, 1)
    refuse_moved_state(PROD, known("a"), tools(states))
    assert states.reads == reads


@pytest.mark.parametrize("version", ["b", None])
def test_a_state_that_was_written_is_refused(version: str | None) -> None:
    with pytest.raises(StateError, match="moved from serial 1 to 2"):
        refuse_moved_state(PROD, known("a"), tools(States(version, 2)))


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (States("b", 1, "another"), "the state of prod was replaced by another one"),
        (States("b", 9, "another"), "the state of prod was replaced by another one"),
        (States("b", -1, ""), "the state of prod was there, with serial 1, and is gone"),
    ],
)
def test_a_state_that_was_replaced_or_taken_away_is_called_so(states: States, told: str) -> None:
    with pytest.raises(StateError, match=f"^{told}.*while it was planned") as raised:
        refuse_moved_state(PROD, known("a"), tools(states))
    assert "terraform apply is at work" not in str(raised.value)


def test_another_content_under_the_same_serial_is_refused() -> None:
    for look in (refuse_moved_state, unmoved_state):
        with pytest.raises(StateError, match="has serial 1 as before, and another content"):
            look(PROD, known("a", "x"), tools(States("b", 1, digest="y")))


def test_a_state_that_was_written_again_as_it_was_has_not_moved() -> None:
    refuse_moved_state(PROD, known("a", "x"), tools(States("b", 1, digest="x")))


def test_a_lock_is_refused_whatever_the_version() -> None:
    with pytest.raises(StateError, match="locked by jane"):
        refuse_moved_state(PROD, known("a"), replace(tools(States("a", 1)), lock=lambda _workspace: "jane"))
