"""How often states are read for a proposal: what an edit is anything to, and whole only where it may have moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apart_world import SERIAL, aws
from pipeline_world import Feed, Memory, World, ports, record, service
from test_pipeline_proofs import CODE, Clone

from reconciler.model import Plan, Remediation, RemedyChoice, State, Workspace
from reconciler.pipeline import run_cycle

SHARED = Path("/nowhere/shop")


class Counted(World):
    """States that count how often each was read."""

    def __init__(self) -> None:
        super().__init__(self.answer, blue=[service("blue", "web")], green=[])
        self.reads: Counter[str] = Counter()

    def read(self, workspace: Workspace) -> State:
        self.reads[workspace.name] += 1
        return super().read(workspace)

    def answer(self, workspace: Workspace, kind: Any, *, directory: Any = None, **_options: Any) -> Plan:
        return aws({"web": 3 if directory else 5})(workspace, kind)


def reads(remedy: RemedyChoice) -> Counter[str]:
    world = Counted()
    workspaces = {name: Workspace(name=name, path=SHARED, terraform_workspace=name) for name in world.states}
    tools = ports(
        world, Feed(record("1", "web")), code=CODE, workspaces=workspaces, ledger=Memory(), repository=Clone()
    )
    report = run_cycle(tools, replace(SERIAL, remediation=Remediation(default=remedy)))
    assert [finding.status for finding in report.findings] == ["drift"]
    return world.reads


@pytest.mark.parametrize(("remedy", "more"), [("report", 0), ("revert", 0), ("adopt", 1)])
def test_a_neighbours_state_is_read_for_an_edit_only(remedy: RemedyChoice, more: int) -> None:
    assert reads(remedy)["green"] == 1 + more
