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

from reconciler.model import Plan, Remediation, RemedyChoice, State, StateSummary, Workspace
from reconciler.pipeline import run_cycle
from reconciler.pipeline.check import check_workspace
from reconciler.pipeline.propose import propose
from reconciler.pipeline.refresh import refresh
from reconciler.pipeline.states import version_of

ADOPT = replace(SERIAL, remediation=Remediation(default="adopt"))
SHARED = Path("/nowhere/shop")


class Counted(World):
    """States with an ETag, that count how often each was read."""

    etag = "a"

    def __init__(self) -> None:
        super().__init__(self.answer, blue=[service("blue", "web")], green=[])
        self.reads: Counter[str] = Counter()

    def version(self, workspace: Workspace) -> str:
        return self.etag

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


@pytest.mark.parametrize(
    ("etag", "serial", "reads", "proof"), [("a", 1, 0, "proven"), ("b", 1, 1, "proven"), ("b", 2, 1, "not_run")]
)
def test_after_a_proof_the_state_is_read_only_where_its_version_moved(
    etag: str, serial: int, reads: int, proof: str
) -> None:
    world = Counted()
    tools = ports(world, code=CODE, repository=Clone())
    blue = tools.workspaces["blue"]
    known = StateSummary(workspace="blue", version=version_of(blue, tools), serial=1, lineage="l")
    checked = check_workspace(blue, known, refresh(blue, tools), (), tools, ADOPT)
    before, world.etag, world.serial = world.reads["blue"], etag, lambda: serial
    (finding,) = propose(checked, tools, ADOPT).findings
    assert (finding.remedy.proof, world.reads["blue"] - before) == (proof, reads)
