"""Whether an apply was at work meanwhile: what it has half done would look like drift, what it did like none."""

from __future__ import annotations

from reconciler.errors import MovingStateError
from reconciler.model import State, StateSummary, Workspace
from reconciler.pipeline.refresh import refuse_locked_state
from reconciler.pipeline.states import version_of
from reconciler.pipeline.tools import Tools


def unmoved_state(workspace: Workspace, known: State | StateSummary, tools: Tools) -> State:
    """Return the state; raises MovingStateError where it is locked or no longer the one that is `known`.

    StateError where that cannot be told.
    """
    # In this order: an apply writes the state before it gives the lock back.
    refuse_locked_state(workspace, tools)
    now = tools.states.read(workspace)
    if (now.lineage, now.serial, now.digest) != (known.lineage, known.serial, known.digest):
        raise MovingStateError(f"the state of {workspace.name} {_became(known, now)}; the next run looks again")
    return now


def _became(known: State | StateSummary, now: State) -> str:
    if now.serial < 0:
        return f"was there, with serial {known.serial}, and is gone: it was deleted while it was planned"
    if known.lineage not in ("", now.lineage):
        return (
            f"was replaced by another one while it was planned: lineage {known.lineage}, serial {known.serial} became "
            f"lineage {now.lineage}, serial {now.serial}"
        )
    if now.serial == known.serial:
        return f"has serial {known.serial} as before, and another content: it was written over while it was planned"
    moved = f"moved from serial {known.serial} to {now.serial} while it was planned"
    return f"{moved}: terraform apply is at work there"


def refuse_moved_state(workspace: Workspace, known: State | StateSummary, tools: Tools) -> None:
    """Raise what `unmoved_state` does, for one cheap request where that tells that nothing moved."""
    if isinstance(known, StateSummary) and known.version is not None:
        refuse_locked_state(workspace, tools)
        if version_of(workspace, tools) == known.version:
            return
    unmoved_state(workspace, known, tools)
