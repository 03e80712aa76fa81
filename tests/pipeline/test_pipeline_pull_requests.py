"""What a proposal hands to Git and to the forge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from apart_world import SERIAL, aws
from pipeline_world import Feed, Memory, World, ports, record, service

from reconciler.model import Plan, PullRequest, Workspace
from reconciler.pipeline import run_cycle

CODE = b'resource "aws_ecs_service" "web" {\n  desired_count = 3\n}\n'


class Remote:
    """A repository, its scratch clone and its forge, which keep what they are given."""

    root_module = Path("/nowhere/clone")

    def __init__(self) -> None:
        self.message = self.title = self.body = ""
        self.fingerprints: list[str] = []

    @contextmanager
    def scratch(self, workspace: Workspace) -> Iterator[Remote]:
        yield self

    def write(self, edits: Any) -> tuple[str, ...]:
        return ("main.tf",)

    def diff(self) -> str:
        return ""

    def restore(self) -> None:
        pass

    def holds(self, branch: str, fingerprint: str) -> bool:
        self.fingerprints.append(fingerprint)
        return f"Reconciler-Fingerprint: {fingerprint}" in self.message

    def push(self, branch: str, message: str) -> str:
        self.message = message
        return "created"

    def find(self, branch: str) -> PullRequest:
        return PullRequest("url", branch, "unchanged")

    def submit(self, branch: str, title: str, body: str) -> PullRequest:
        self.title, self.body = title, body
        return PullRequest("url", branch, "opened")


def cycle(remote: Remote, plan: Any, policy: Any = SERIAL) -> Any:
    """Run a cycle in which web is named; returns the one finding that is not healed."""
    tools = ports(World(plan, prod=[service("prod", "web")]), Feed(record("1", "web")), code=CODE, ledger=Memory())
    report = run_cycle(replace(tools, repository=remote, forge=remote), policy)
    (finding,) = report.findings
    return finding


def replacing(workspace: Workspace, kind: Any, *, directory: Any = None, **options: Any) -> Plan:
    """Plan as somebody's terraform does, which would replace the service that drifted."""
    plan = aws({"web": 3 if directory else 5})(workspace, kind, **options)
    for planned in plan.json.get("resource_changes", ()):
        planned["change"]["actions"] = ["delete", "create"]
    return plan


def test_a_body_says_that_closing_it_replaces_the_resource() -> None:
    remote = Remote()
    assert cycle(remote, replacing).remedy.proof == "proven"
    assert "**destroys `aws_ecs_service.web` and makes another one**" in remote.body
    assert "destroy and replace the resource" in remote.body


def test_a_body_says_that_closing_it_only_undoes_the_change() -> None:
    remote = Remote()
    cycle(remote, lambda workspace, kind, *, directory=None, **_o: aws({"web": 3 if directory else 5})(workspace, kind))
    assert "of this workspace undoes it." in remote.body
    assert "destroy" not in remote.body
