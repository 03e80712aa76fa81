"""What becomes of collections; the values are those of `terraform console` (1.11.4)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

CODE = """
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "groups" {
  type = set(string)
}
locals {
  list   = ["a", "b"]
  deep   = { l = [{ k = "v" }, { k = "w" }], m = { "x.y" = 1, z = "zz" } }
  tags   = { Team = "core", N = 3, Null = null }
  some   = ["b", "", "a", "b"]
  groups = ["g-a", aws_security_group.fresh.id]
}
resource "aws_security_group" "one" {}
resource "aws_security_group" "fresh" {}
resource "aws_security_group" "each" {
  for_each = toset(["b", "a"])
}
resource "aws_security_group" "count" {
  count = 2
}
resource "aws_security_group" "open" {
  for_each = toset(local.groups)
}
resource "aws_ecs_service" "x" {
  tags = %s
}
"""


def planned(address: str, name: str) -> Any:
    known = "fresh" not in address and name == "id"
    return address.removeprefix("aws_security_group.") if known else UNKNOWN


def worth(expression: str) -> Any:
    files = {"main.tf": (CODE % expression).encode()}
    variables = {"groups": ["g-b", "g-a"]}
    return Code(Configuration({(): files}), variables, planned).says("aws_ecs_service.x", "tags")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[for each in local.list : each]", ["a", "b"]),
        ("local.list[*]", ["a", "b"]),
        ("(local.list)[*]", ["a", "b"]),
        ("local.deep.l[*].k", ["v", "w"]),
        ("local.deep.l.*.k", ["v", "w"]),
        ("null[*]", []),
        ('"x"[*]', ["x"]),
        ('[for each in local.deep.l : each.k if each.k != "v"]', ["w"]),
        ("[for key, each in local.deep.m : each]", [1, "zz"]),
        ("[for key, each in local.deep.m : key]", ["x.y", "z"]),
        ("[for index, each in local.list : each]", ["a", "b"]),
        ("{ for each in local.deep.l : each.k => { v = each.k } }", {"v": {"v": "v"}, "w": {"v": "w"}}),
        ('{ for key, each in local.deep.m : key => "${each}!" if key == "z" }', {"z": "zz!"}),
        ("{ for x in [1, true] : x => x }", {"1": 1, "true": True}),
        ('[for x in local.list : [for y in local.list : "${x}${y}"]]', [["aa", "ab"], ["ba", "bb"]]),
        ('[for k in ["m"] : local.deep[k].z]', ["zz"]),
        ("keys(local.tags)", ["N", "Null", "Team"]),
        ("values(local.deep.m)", [1, "zz"]),
        ("compact(concat(local.some, [null]))", ["b", "a", "b"]),
        ("distinct(local.some)", ["b", "", "a"]),
        ('flatten([["a"], [["b"], []], "c"])', ["a", "b", "c"]),
        ('setunion(local.list, ["c", "a"])', ["a", "b", "c"]),
        ('coalesce(null, "", "x", "y")', "x"),
        ("concat(local.deep.l[*].k, local.list)", ["v", "w", "a", "b"]),
        ("[for each in var.set : each]", ["a", "b"]),
    ],
)
def test_what_is_told(expression: str, value: Any) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[for g in [aws_security_group.one, aws_security_group.fresh] : g.id]", ["one", UNKNOWN]),
        ("values(aws_security_group.each)[*].id", ['each["a"]', 'each["b"]']),
        ("[for key, group in aws_security_group.each : group.id]", ['each["a"]', 'each["b"]']),
        ("{ for key, group in aws_security_group.each : key => group.id }", {"a": 'each["a"]', "b": 'each["b"]'}),
        ('[for key in ["a"] : aws_security_group.each[key].id]', ['each["a"]']),
        ("aws_security_group.count[*].id", ["count[0]", "count[1]"]),
        ("aws_security_group.one[*].id", ["one"]),
        ('[aws_security_group.each["a"]][*].id', ['each["a"]']),
        ("concat(local.groups, aws_security_group.open[*].id)", ["g-a", UNKNOWN, UNKNOWN]),
        ('toset(["b", aws_security_group.fresh.id, "a"])', ["a", "b", UNKNOWN]),
        ("setunion(local.groups, var.groups)", ["g-a", "g-b", UNKNOWN]),
        ('compact([aws_security_group.fresh.id, null, "a"])', [UNKNOWN, "a"]),
        ("distinct(concat(local.groups, local.groups))", ["g-a", UNKNOWN]),
        ("flatten([local.groups, var.nowhere])", ["g-a", UNKNOWN, UNKNOWN]),
    ],
)
def test_members_are_told_beside_those_that_only_the_apply_tells(expression: str, value: Any) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("{ for each in local.groups : each => 1 }", id="a key"),
        pytest.param("{ for each in local.list : each => each... }", id="members by groups"),
        pytest.param('[for each in local.groups : each if each != "x"]', id="whether it is one"),
        pytest.param("[for each in var.nowhere : each]", id="of how many"),
        pytest.param("[for index, each in local.list : index][0]", id="a member of it"),
        pytest.param("aws_security_group.open", id="all instances of what is not known"),
        pytest.param("aws_security_group.nowhere[*].id", id="a resource that is not there"),
        pytest.param("aws_security_group.each[*].id", id="a splat of a map"),
        pytest.param("aws_security_group.one == null ? 1 : 2", id="a condition on a whole resource"),
        pytest.param("coalesce(aws_security_group.fresh.id, 1)", id="the first, perhaps"),
        pytest.param('coalesce(null, "")', id="nothing at all"),
        pytest.param("compact([1, 2])", id="other things than texts"),
        pytest.param("keys(local.list)", id="keys of a list"),
    ],
)
def test_what_is_not_told(expression: str) -> None:
    assert worth(expression) is UNKNOWN


def test_of_an_index_of_a_list_nothing_is_told_for_it_may_be_a_set() -> None:
    assert worth("[for index, each in local.list : index]") == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    "members",
    [
        "compact([aws_security_group.fresh.id, null, local.list[0]])",
        "tolist(toset(local.groups))",
        "concat(var.no, local.list)",
    ],
)
def test_nobody_tells_the_place_of_a_member_among_others_that_may_not_be_there(members: str) -> None:
    assert worth(f"[for each in [{members}] : each[1]]") == [UNKNOWN]


def test_what_may_not_be_there_makes_nothing_for_certain() -> None:
    assert worth('[for each in concat(var.no, ["a"]) : "sure"]') == [UNKNOWN, "sure"]
    assert worth("[for each in concat(var.no, []) : aws_security_group.one.id]") == [UNKNOWN]
