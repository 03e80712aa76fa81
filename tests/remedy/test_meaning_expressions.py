"""What expressions are worth; the values are those of `terraform console` (1.11.4)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

GIVEN = b"""
variable "text" { default = "text" }
variable "number" {
  type    = number
  default = "5"
}
variable "digits" {
  type    = string
  default = 5
}
variable "bool" {
  type    = bool
  default = "true"
}
variable "nothing" { default = null }
variable "filled" {
  type     = string
  nullable = false
  default  = "full"
}
variable "map" {
  type    = map(string)
  default = { a = 1, b = true, c = "x" }
}
variable "any" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "object" {
  type = object({
    a = optional(string, "else")
    b = optional(number)
    c = string
    d = optional(object({ x = optional(string, "in") }), {})
  })
  default = { c = 7, gone = "gone" }
}
variable "list" {
  type    = list(object({ name = string, value = optional(string, "q") }))
  default = [{ name = "one" }, { name = "two", value = 3 }]
}
variable "later" {}
locals {
  tags = { Team = "core", N = 3, Null = null }
  list = ["a", "b"]
  deep = { l = [{ k = "v" }], m = { "x.y" = 1, z = "zz" } }
  json = jsonencode({ a = 1, b = aws_ecs_cluster.new.arn })
  key  = "z"
}
"""


def planned(address: str, name: str) -> Any:
    return {("aws_ecs_cluster.old", "arn"): "arn:old", ('aws_ecs_cluster.each["a b"]', "arn"): "arn:a b"}.get(
        (address, name), UNKNOWN
    )


def worth(expression: str, **variables: Any) -> Any:
    resource = f'resource "aws_ecs_service" "x" {{\n  tags = {expression}\n}}\n'.encode()
    files = {"given.tf": GIVEN, "main.tf": resource}
    return Code(Configuration({(): files}), variables, planned, "blue").says("aws_ecs_service.x", "tags")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("var.text", "text"),
        ("var.number", 5),
        ("var.digits", "5"),
        ("var.bool", True),
        ("var.nothing", None),
        ("var.map", {"a": "1", "b": "true", "c": "x"}),
        ('var.map["b"]', "true"),
        ("var.object", {"a": "else", "b": None, "c": "7", "d": {"x": "in"}}),
        ("var.object.b", None),
        ("var.list[1].value", "3"),
        ("local.tags", {"Team": "core", "N": 3, "Null": None}),
        ("local.deep.l[0].k", "v"),
        ("local.deep.l.0.k", "v"),
        ('local.deep.m["x.y"]', 1),
        ("local.deep.m[local.key]", "zz"),
        ('merge(local.tags, { A = var.number }, { Team = "t" }, null)', {"Team": "t", "N": 3, "Null": None, "A": 5}),
        ('concat(local.list, ["c"], [1])', ["a", "b", "c", 1]),
        ('try(local.tags.nope, "d")', "d"),
        ('try(local.tags.Null, "d")', None),
        ('try(local.tags["nope"], local.list[9], null)', None),
        ('try(local.deep.m[var.text], "none")', "none"),
        ('lookup(local.tags, "nope", null)', None),
        ('lookup(local.tags, "Team", "d")', "core"),
        ('var.bool ? "y" : "n"', "y"),
        ('var.bool ? var.nothing : "x"', None),
        ("var.bool ? { a = 1 } : null", {"a": 1}),
        ('var.text != "text" ? "yes" : null', None),
        ('var.bool == true ? var.number == 5 ? "in" : "out" : "z"', "in"),
        ('var.number == "5"', False),
        ("local.tags == null", False),
        ("1 == 1.0", True),
        ('"${var.text}-${var.number}-${var.bool}"', "text-5-true"),
        ('"a$${x}${var.text}\\t\\"q\\""', 'a${x}text\t"q"'),
        ('"$$${var.text}"', "$${var.text}"),
        ('"${ var.text }:${local.deep.m["x.y"]}"', "text:1"),
        ('format("%s:%s", var.text, var.number)', "text:5"),
        ("tostring(var.number)", "5"),
        ('tolist(["b", "a"])', ["b", "a"]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ("terraform.workspace", "blue"),
        ('jsonencode([{ name = "x" }])', [{"name": "x"}]),
        ("local.json", {"a": 1, "b": UNKNOWN}),
        ("merge([local.tags, { Team = 1 }]...)", {"Team": 1, "N": 3, "Null": None}),
        ("1 + 2 * var.number - 8 / 4 % 3", 9),
        ("-var.number < 0 && !var.bool || 2 >= 2", True),
        ('var.nothing == null ? "none" : var.nothing.x', "none"),
        ("var.nothing == null ? [] : [var.nothing.x]", []),
        (
            'tostring(jsonencode({ b = "<&>\\n", a = [1.5, true, null] }))',
            '{"a":[1.5,true,null],"b":"\\u003c\\u0026\\u003e\\n"}',
        ),
        ("can(local.tags.Team)", True),
        ("can(local.tags.nope)", False),
        ('try(toset(["a"])[0], "d")', "d"),
        ('try(local.list["1"], "d")', "b"),
        ('split(",", "a,b")[1]', "b"),
        ("[for each in local.deep.l : each.k][0]", "v"),
        ("local.list[length(local.list) - 1]", "b"),
        ('{ (var.text) = 1, "a${var.number}" = 2, ("x") = 3, "y" = 4 }', {"text": 1, "a5": 2, "x": 3, "y": 4}),
        ('local.deep.m["${local.key}"]', "zz"),
        ("{ a = { b = 1 } }.a.b", 1),
        ("{ 1.50 = 1, 1e3 = 2, 5 = 3, 007 = 4 }", {"1.5": 1, "1000": 2, "5": 3, "7": 4}),
        ('"e\\u0301"', "\u00e9"),
        ("aws_ecs_cluster.old.arn", "arn:old"),
        ('aws_ecs_cluster.each["a b"].arn', "arn:a b"),
        ("{ A = aws_ecs_cluster.new.arn, B = 2 }", {"A": UNKNOWN, "B": 2}),
    ],
)
def test_what_is_told(expression: str, value: Any) -> None:
    found = worth(expression)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("var.any", id="members of one type, whichever it is"),
        pytest.param('var.bool ? 1 : "n"', id="a number beside a text becomes one"),
        pytest.param('var.bool ? { a = 1, b = "x" } : {}', id="an object beside another becomes a map"),
        pytest.param('tomap({ a = 1, b = "x" })', id="a map has members of one type"),
        pytest.param('lookup(var.map, "nope", 5)', id="a default becomes what the members are"),
        pytest.param("var.later", id="a variable that nobody gives"),
        pytest.param("var.nowhere", id="a variable that is not there"),
        pytest.param("local.list[9]", id="no such member"),
        pytest.param("{ (var.later) = 1, a = 2 }", id="a key that nobody tells"),
        pytest.param("{ (aws_ecs_cluster.new.arn) = 1 }", id="a key that only the apply tells"),
        pytest.param("merge(local.tags, aws_ecs_cluster.new.tags)", id="a map of unknown keys"),
        pytest.param('md5("a")', id="another function"),
        pytest.param("merge([local.tags, aws_ecs_cluster.new.tags]...)", id="unknown keys, in a list of arguments"),
        pytest.param("concat(compact([aws_ecs_cluster.new.arn])...)", id="of how many arguments"),
        pytest.param("7 / 2", id="a number that is not whole"),
        pytest.param("!var.text", id="the contrary of a text"),
        pytest.param("aws_ecs_cluster.new.arn && true", id="an operation on what is not known"),
        pytest.param('"%{ if var.later }a%{ endif }"', id="a directive on what is not known"),
        pytest.param('"a${var.nothing}"', id="null in a text"),
        pytest.param("<<-EOT\n  ${aws_ecs_cluster.new.arn}\n  EOT", id="a heredoc with what is not known"),
        pytest.param(
            "tostring(jsonencode({ a = aws_ecs_cluster.new.arn }))", id="JSON with what is not known, as a text"
        ),
        pytest.param("try({ a = md5(null) }, 1)", id="what may fail inside of what is tried"),
        pytest.param("can(md5(null))", id="whether what is not understood fails"),
        pytest.param("var.bool ? 5 : var.later", id="a number beside what may be a text"),
        pytest.param('var.bool ? ["b", "a"] : toset(["c"])', id="a list that becomes a set"),
        pytest.param('element(toset(["b", "a"]), 0)', id="the first of a set"),
        pytest.param("concat(keys(local.tags), tolist([1]))", id="lists of two types, of which all become texts"),
        pytest.param('try(var.bool ? [1] : "x", 2)', id="results that have no type in common"),
        pytest.param('"${-0}"', id="a negative nothing"),
        pytest.param("path.module", id="a path"),
        pytest.param('"${var.text}${md5("a")}"', id="another function in a template"),
        pytest.param('"${aws_ecs_cluster.new.arn}-x"', id="what is not known in a template"),
        pytest.param("aws_ecs_cluster.new.arn == null ? 1 : 2", id="a condition on what is not known"),
        pytest.param("local.list[*].name", id="a splat of what is not there"),
        pytest.param("aws_ecs_cluster.old", id="a whole resource"),
    ],
)
def test_what_is_not_told(expression: str) -> None:
    assert worth(expression) is UNKNOWN


def test_a_variable_has_what_it_is_given_as_its_type_has_it() -> None:
    assert worth("var.digits", digits=7) == "7"
    assert worth("var.object.a", object={"a": None, "c": "x"}) == "else"
    assert worth("var.filled", filled=None) == "full"
    assert worth("var.nothing", nothing="x") == "x"
    assert worth("var.later", later=None) is None
