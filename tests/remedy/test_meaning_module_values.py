"""Modules as values of their own: one that is called many times is a map or list of what its outputs are."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

ROOT = """
module "alone" {
  source = "./box"
  name   = "alone"
}
module "each" {
  source   = "./box"
  for_each = { b = "blue", a = "amber" }
  name     = each.value
}
module "counted" {
  source = "./box"
  count  = 2
  name   = "n${count.index}"
}
module "open" {
  source   = "./box"
  for_each = toset([aws_ecs_cluster.new.arn])
  name     = each.key
}
resource "aws_ecs_service" "a" {
  tags = %s
}
"""
BOX = """
variable "name" {}
output "name" {
  value = var.name
}
output "box" {
  value = { name = var.name, new = aws_ecs_cluster.new.arn }
}
"""


def says(expression: str) -> Any:
    modules = {(): {"main.tf": (ROOT % expression).encode()}}
    modules |= {(name,): {"box.tf": BOX.encode()} for name in ("alone", "each", "counted", "open")}
    return Code(Configuration(modules), {}, lambda _address, _name: UNKNOWN).says("aws_ecs_service.a", "tags")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[for key, box in module.each : box.name]", ["amber", "blue"]),
        ('{ for key, box in module.each : key => box.box if key == "b" }', {"b": {"name": "blue", "new": UNKNOWN}}),
        ("values(module.each)[*].name", ["amber", "blue"]),
        ("module.counted[*].name", ["n0", "n1"]),
        ("length(module.counted)", 2),
        ('[for box in [module.alone, module.each["a"]] : box.name]', ["alone", "amber"]),
        ("one(module.alone[*].name)", "alone"),
    ],
)
def test_what_each_call_gives_is_told(expression: str, value: Any) -> None:
    assert says(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "[for box in module.open : box.name]",
        "module.each",
        "length(module.nowhere)",
        "one(module.alone[*].nothing)",
        "module.each[aws_ecs_cluster.new.arn]",
    ],
)
def test_what_nobody_can_tell_is_not(expression: str) -> None:
    said = says(expression)
    assert said is UNKNOWN or said == {"a": UNKNOWN, "b": UNKNOWN}
