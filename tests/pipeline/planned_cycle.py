"""A cycle whose plans are noted, with whatever ports a test puts in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline_world import POLICY, Feed, Memory, World, drifted, ports, quiet, service

from reconciler.model import Plan, RunReport, StateResource, Workspace
from reconciler.pipeline import Policy, run_cycle


class Calls:
    """A terraform that notes each plan; `answer` plays it."""

    def __init__(self, answer: Callable[..., Plan] = quiet) -> None:
        self.answer = answer
        self.made: list[tuple[str, str, tuple[str, ...]]] = []

    def plan(self, workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        self.made.append((workspace.name, kind, tuple(targets)))
        return replace(self.answer(workspace, kind, **options), targets=tuple(targets))


def cycle(
    world: World, terraform: Calls, feed: Feed, policy: Policy = POLICY, code: bytes = b"", **tools: Any
) -> RunReport:
    """Run a cycle with the ports given, and those of the world for the others."""
    wired = ports(world, feed, code=code, **{"terraform": terraform, "ledger": Memory(), **tools})
    return run_cycle(wired, policy)


DRIFTED = drifted("web", "desired_count", 3, 5)


def many(workspace: str, number: int) -> list[StateResource]:
    logs = [
        StateResource(
            workspace=workspace,
            address=f"aws_cloudwatch_log_group.g[{index}]",
            type="aws_cloudwatch_log_group",
            provider="aws",
            attributes={},
        )
        for index in range(number - 1)
    ]
    return [service(workspace, "web"), *logs]
