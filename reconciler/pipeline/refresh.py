"""The refresh-only plan of a workspace: what a cycle spends nearly all of its time on.

Imports little on purpose: what only its result needs is imported while terraform is at work.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import ReconcilerError
from reconciler.model import Plan, Workspace
from reconciler.pipeline.findings import sentence
from reconciler.pipeline.tools import Tools


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refresh-only plan, or why there is none."""

    plan: Plan | None
    reason: str = ""


def refresh(workspace: Workspace, tools: Tools) -> Refreshed:
    """Plan the workspace; nothing is raised for a plan that fails."""
    tools.progress(f"{workspace.name}: terraform plan -refresh-only")
    try:
        return Refreshed(tools.terraform.plan(workspace, "refresh-only"))
    except (ReconcilerError, OSError) as error:
        return Refreshed(None, sentence(error))
