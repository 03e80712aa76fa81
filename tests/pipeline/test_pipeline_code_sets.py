"""A service's security groups with a new one among them: the full plan knows none, and the code says all others."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, change, record, service

from reconciler.model import Finding, Plan, Workspace

CODE = """
variable "groups" { default = ["sg-a", "sg-c"] }
locals {
  both = ["sg-a", aws_security_group.c.id]
}
resource "aws_security_group" "c" {}
resource "aws_security_group" "fresh" {}
resource "aws_ecs_service" "web" {
  network_configuration {
    security_groups = %s
  }
}
"""


def groups(*names: str) -> dict[str, Any]:
    return {"name": "web", "network_configuration": [{"security_groups": [*names]}]}


def planned(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    shown: dict[str, Any] = {"resource_drift": [change("web", groups("sg-a"), groups("sg-a", "sg-c"))]}
    if kind == "full":
        own = change("web", groups("sg-a", "sg-c"), {"name": "web", "network_configuration": [{}]})
        own["change"]["after_unknown"] = {"network_configuration": [{"security_groups": True}]}
        there = {"actions": ["no-op"], "before": {"id": "sg-c"}, "after": {"id": "sg-c"}}
        group = {"address": "aws_security_group.c", "mode": "managed", "type": "aws_security_group", "change": there}
        shown |= {"resource_changes": [own, group]}
    return Plan(kind, True, shown)


def told(code: str) -> Finding:
    world = World(planned, prod=[service("prod", "web")])
    (finding,) = world.run(Feed(record("a", "web")), Memory(), code.encode()).findings
    return finding


@pytest.mark.parametrize(
    "expression",
    [
        "concat(local.both, [aws_security_group.fresh.id])",
        "concat(var.groups, aws_security_group.fresh[*].id)",
        "[for each in [aws_security_group.c, aws_security_group.fresh] : each.id]",
        'toset(compact(["sg-a", "sg-c", aws_security_group.fresh.id]))',
    ],
)
def test_what_the_code_has_too_alarms_nobody(expression: str) -> None:
    finding = told(CODE % expression)
    assert (finding.status, finding.severity) == ("matching", "info")


def test_what_a_dynamic_block_says_alarms_nobody_either() -> None:
    code = CODE.replace("network_configuration {", 'dynamic "network_configuration" {\n for_each = [1]\n content {')
    code = code.replace("%s\n  }", "%s\n  }\n }")
    assert told(code % "concat(local.both, [aws_security_group.fresh.id])").status == "matching"
    assert told(code % "network_configuration.value.groups").status == "drift"


@pytest.mark.parametrize(
    "expression",
    [
        '["sg-a", aws_security_group.fresh.id]',
        "[for each in var.groups : each if each != aws_security_group.fresh.id]",
        "network_configuration.groups",
    ],
)
def test_what_the_code_may_not_have_is_drift(expression: str) -> None:
    finding = told(CODE % expression)
    assert finding.status == "drift"
    assert "what the code makes of network_configuration is known only after the apply" in finding.reason
