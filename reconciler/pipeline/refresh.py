"""The refresh-only plan of a workspace: what a cycle spends nearly all of its time on.

Imports little on purpose: what only its result needs is imported while terraform is at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.errors import MovingStateError, NotBegunError, ReconcilerError, StateError
from reconciler.model import Plan, Workspace
from reconciler.pipeline.findings import sentence
from reconciler.pipeline.tools import Tools


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refresh-only plan, or why there is none; `begun` tells whether terraform was started for it."""

    plan: Plan | None
    reason: str = ""
    begun: bool = True


def refresh(workspace: Workspace, tools: Tools, targets: Sequence[str] = ()) -> Refreshed:
    """Plan the workspace, or the addresses only; nothing is raised for a plan that fails, none made during an apply."""
    try:
        refuse_locked_state(workspace, tools)
    except StateError as error:
        return Refreshed(None, sentence(error), begun=False)
    try:
        part = f" of {len(targets)} address{'' if len(targets) == 1 else 'es'}" if targets else ""
        tools.progress(f"{workspace.name}: terraform plan -refresh-only{part}")
        return Refreshed(tools.terraform.plan(workspace, "refresh-only", targets=targets))
    except (ReconcilerError, OSError) as error:
        return Refreshed(None, sentence(error), begun=not isinstance(error, NotBegunError))


def refuse_locked_state(workspace: Workspace, tools: Tools) -> None:
    """Raise MovingStateError while somebody applies: what is half done would look like drift."""
    holder = tools.lock(workspace)
    if holder is not None:
        raise MovingStateError(
            f"the state of {workspace.name} is locked by {holder}: terraform is at work there; the next run looks again"
        )
