"""What a proposal hands to Git and to the forge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from apart_world import SERIAL, aws
from pipeline_world import Feed, Memory, World, change, ports, record, service

from reconciler.model import Plan, PullRequest, Remediation, RemediationRule, Workspace
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

    def find(self, branch: str) -> PullRequest | None:
        return PullRequest("url", branch, "unchanged") if self.body else None

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


def sized(count: int, live: bool, back: bool = False) -> Any:
    """Return a terraform that finds the count of web and whether one may log in there, and would put both back."""

    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, **_options: Any) -> Plan:
        before = {"name": "web", "desired_count": 3, "enable_execute_command": back}
        after = {**before, "desired_count": count, "enable_execute_command": live}
        code = {**before, "desired_count": count} if directory else before
        moves = [change("web", after, code)] if code != after else []
        return Plan(kind, True, {"resource_drift": [change("web", before, after)], "resource_changes": moves})

    return plan


BY_ATTRIBUTE = replace(
    SERIAL,
    remediation=Remediation(
        default="adopt", rules=(RemediationRule(remedy="revert", attribute="enable_execute_command"),)
    ),
)


def test_a_body_is_of_the_attribute_that_the_edit_adopts() -> None:
    remote = Remote()
    finding = cycle(remote, sized(5, live=True), BY_ATTRIBUTE)
    assert [each.path for each in finding.remedy.not_adopted] == [("enable_execute_command",)]
    assert remote.title == "Adopt drift: desired_count = 5 in aws_ecs_service.web"
    assert "| `enable_execute_command` | remediation says revert" in remote.body


def test_what_moves_beside_the_edit_proves_nothing_again_and_the_edit_itself_does() -> None:
    remote = Remote()
    first = cycle(remote, sized(5, live=True), BY_ATTRIBUTE)
    again = cycle(remote, sized(5, live=False, back=True), BY_ATTRIBUTE)
    assert first.fingerprint != again.fingerprint
    assert [each.remedy.pull_request.state for each in (first, again)] == ["opened", "unchanged"]
    assert cycle(remote, sized(6, live=False, back=True), BY_ATTRIBUTE).remedy.pull_request.state == "opened"
    assert cycle(remote, sized(6, live=False), BY_ATTRIBUTE).remedy.not_adopted == ()
    assert len(set(remote.fingerprints)) == 3


def test_a_body_says_that_closing_it_only_undoes_the_change() -> None:
    remote = Remote()
    cycle(remote, lambda workspace, kind, *, directory=None, **_o: aws({"web": 3 if directory else 5})(workspace, kind))
    assert "of this workspace undoes it." in remote.body
    assert "destroy" not in remote.body
