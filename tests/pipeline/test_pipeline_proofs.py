"""What a proof plans: everything, but beside a deletion what the edit can move, and it says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apart_world import GONE, SERIAL, aws, placed, world
from pipeline_world import Feed, Memory, World, record

from reconciler.model import Plan, RunReport, Workspace


class Clone:
    """A repository and its scratch clone, in which nothing is written."""

    root_module = Path("/nowhere/clone")

    @contextmanager
    def scratch(self, workspace: Workspace) -> Iterator[Clone]:
        yield self

    def write(self, edits: Any) -> tuple[str, ...]:
        return ("main.tf",)

    def diff(self) -> str:
        return ""

    def holds(self, branch: str, fingerprint: str) -> bool:
        return False

    def restore(self) -> None:
        pass


CODE = b'resource "aws_ecs_service" "web" {\n  desired_count = 3\n}\n'


def proofs(live: dict[str, int | None], *records: dict[str, Any]) -> tuple[list[Any], RunReport]:
    """Run a cycle that proposes; returns what the proofs planned, and the report."""
    made = []

    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, targets: Any = (), **_options: Any) -> Plan:
        if directory is not None:
            made.append(tuple(targets))
        return aws({**live, "web": 3} if directory else live)(workspace, kind, targets=targets)

    return made, world(plan).run(Feed(*records), Memory(), CODE, repository=Clone(), policy=SERIAL)


def test_a_proof_beside_a_deletion_plans_what_the_edit_can_move_and_says_so() -> None:
    made, report = proofs({"web": 5, "old": None}, GONE, record("2", "web"))
    (remedy,) = (finding.remedy for finding in report.findings if finding.status == "drift")
    assert (made, remedy.proof) == ([("aws_ecs_service.web",)], "proven")
    assert "planned apart from what is gone or cannot be planned: 1 address" in remedy.reason
    assert report.plans.proof == 1


def test_an_apply_during_the_proof_ends_in_no_proposal_and_is_looked_at_again() -> None:
    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, **_options: Any) -> Plan:
        serials.append(2 if directory else 1)
        return aws({"web": 3 if directory else 5})(workspace, kind)

    serials, memory, prod = [1], Memory(), World(plan, prod=[placed("web")])
    prod.serial = lambda: serials[-1]
    report = prod.run(Feed(record("1", "web")), memory, CODE, repository=Clone(), policy=SERIAL)
    (finding,) = report.findings
    assert (finding.remedy.kind, finding.remedy.proof, memory.handled) == ("adopt", "not_run", set())
    assert "terraform apply is at work" in finding.remedy.reason


def test_any_other_proof_plans_everything() -> None:
    made, report = proofs({"web": 5, "api": 4}, record("2", "web"))
    reasons = [finding.remedy.reason for finding in report.findings if finding.remedy.proof == "proven"]
    assert (made, len(reasons)) == ([()], 1)
    assert "planned apart" not in reasons[0]
