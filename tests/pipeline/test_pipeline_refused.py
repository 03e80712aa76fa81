"""Several resources that Terraform refuses to plan, as under `prevent_destroy`, beside one that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, cluster, record, service

from reconciler.errors import TerraformError
from reconciler.model import Plan, Workspace

NAMES = ("api", "web", "worker")


def prevented(name: str) -> str:
    return f"terraform plan failed in prod: Resource aws_ecs_service.{name} has lifecycle.prevent_destroy set"


def postcondition(name: str) -> str:
    return f"terraform plan failed in prod: Resource postcondition failed: no (resource aws_ecs_service.{name}, a.tf:3)"


class Refusing:
    """A terraform where every service drifted, and that refuses every full plan with some of them."""

    def __init__(self, *refused: str, refusal: Callable[[str], str] = prevented) -> None:
        self.refused = refused
        self.refusal = refusal
        self.made: list[tuple[str, ...]] = []

    def plan(self, workspace: Workspace, kind: Any, *, targets: Any = (), **_options: Any) -> Plan:
        planned = [name for name in NAMES if not targets or f"aws_ecs_service.{name}" in targets]
        counts = {"name": "x", "desired_count": 3}, {"name": "x", "desired_count": 5}
        drift = [change(name, *counts) for name in planned]
        if kind == "refresh-only":
            return Plan(kind, True, {"resource_drift": drift}, tuple(targets))
        self.made.append(tuple(targets))
        errors = [self.refusal(name) for name in self.refused if name in planned]
        if errors:
            raise TerraformError(errors[0], also=errors[1:])
        back = [change(name, *reversed(counts)) for name in planned]
        return Plan(kind, True, {"resource_drift": drift, "resource_changes": back}, tuple(targets))


def told(terraform: Refusing) -> dict[str | None, tuple[str, str]]:
    depending = [replace(service("prod", name), dependencies=("aws_ecs_cluster.prod",)) for name in NAMES]
    feed = Feed(*(record(name, name) for name in NAMES))
    report = World(terraform.plan, prod=[cluster("prod"), *depending]).run(feed, Memory(), policy=POLICY)
    assert report.plans.full == len(terraform.made)
    return {finding.address: (finding.status, finding.reason) for finding in report.findings}


@pytest.mark.parametrize("refusal", [prevented, postcondition])
def test_all_of_them_are_left_out_and_each_says_its_own_error(refusal: Callable[[str], str]) -> None:
    terraform = Refusing("api", "worker", refusal=refusal)
    found = told(terraform)
    assert terraform.made == [(), ("aws_ecs_service.web",)]
    assert found["aws_ecs_service.web"][0] == "drift"
    for name in terraform.refused:
        status, reason = found[f"aws_ecs_service.{name}"]
        assert status == "not_checked"
        assert reason.startswith(f"{refusal(name)}; before that, a refresh-only plan found")


def test_where_nothing_else_is_left_it_is_not_planned_again() -> None:
    terraform = Refusing(*NAMES)
    assert {status for status, _ in told(terraform).values()} == {"not_checked"}
    assert terraform.made == [()]
