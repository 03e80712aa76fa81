"""What override files and documents in the JSON syntax say; the values are those of a plan (Terraform 1.11.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.model import Configuration, Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

MAIN = b"""
variable "v" {
  type    = string
  default = "base"
}
locals {
  a = "base-a"
  b = "base-b"
}
resource "aws_ecs_service" "x" {
  tags = { A = local.a, B = local.b, V = var.v, M = module.m.o }
  network_configuration {
    security_groups = ["base"]
  }
  name = "base"
}
resource "aws_ecs_service" "y" {
  tags = { Y = "base" }
}
provider "aws" {
  default_tags {
    tags = { P = "base" }
  }
}
provider "aws" {
  alias = "west"
  default_tags {
    tags = { P = "west" }
  }
}
module "m" {
  source = "./m"
  p      = "base-p"
  q      = "base-q"
}
"""
MODULE = b'variable "p" {}\nvariable "q" {}\noutput "o" {\n  value = "${var.p}/${var.q}"\n}\n'
BASE = {"A": "base-a", "B": "base-b", "V": "base", "M": "base-p/base-q"}


def says(address: str, name: str, **files: bytes | Json) -> Any:
    natives = {f"{file}.tf": content for file, content in files.items() if isinstance(content, bytes)}
    others = {f"{file}.tf.json": each for file, each in files.items() if not isinstance(each, bytes)}
    documents = {file: json.dumps(content).encode() for file, content in others.items()}
    modules = {(): {"main.tf": MAIN, **natives}, ("m",): {"m/main.tf": MODULE}}
    return Code(Configuration(modules, {(): documents}), {}, lambda _address, _name: UNKNOWN).says(address, name)


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        (b'locals {\n  a = "over-${local.b}"\n}\n', {"A": "over-base-b"}),
        (b'variable "v" { default = 7 }\n', {"V": "7"}),
        (b'module "m" { p = "over-p" }\n', {"M": "over-p/base-q"}),
        ({"locals": {"a": "over-${local.b}"}, "variable": {"v": {"default": 7}}}, {"A": "over-base-b", "V": "7"}),
        (b'resource "aws_ecs_service" "y" { tags = {} }\nlocals {}\n', {}),
    ],
)
def test_an_override_takes_the_place_of_what_it_names_only(override: bytes | Json, changed: dict[str, str]) -> None:
    assert says("aws_ecs_service.x", "tags", override=override) == {**BASE, **changed}


def test_of_several_overrides_the_last_counts() -> None:
    files = {"a_override": {"locals": {"a": "one"}}, "override": b'locals {\n  a = "two"\n}\n'}
    assert says("aws_ecs_service.x", "tags", **files) == {**BASE, "A": "two"}


@pytest.mark.parametrize(
    "override",
    [
        b'resource "aws_ecs_service" "x" {\n  network_configuration {\n    security_groups = ["over"]\n  }\n}\n',
        b'resource "aws_ecs_service" "x" {\n  dynamic "network_configuration" {\n    for_each = [1]\n'
        b'    content {\n      security_groups = ["over"]\n    }\n  }\n}\n',
        {"resource": {"aws_ecs_service": {"x": {"network_configuration": {"security_groups": ["over"]}}}}},
        {"resource": [{"aws_ecs_service": {"x": [{"network_configuration": [{"security_groups": ["over"]}]}]}}]},
    ],
)
def test_blocks_take_the_place_of_those_of_their_type(override: bytes | Json) -> None:
    assert says("aws_ecs_service.x", "network_configuration.security_groups", override=override) == ["over"]
    assert says("aws_ecs_service.x", "name", override=override) == "base"
    assert says("aws_ecs_service.x", "network_configuration.security_groups") == ["base"]


def test_of_providers_the_one_of_that_alias_is_overridden() -> None:
    override = b'provider "aws" {\n  alias = "west"\n  default_tags {\n    tags = { P = "over" }\n  }\n}\n'
    said = [says(f"provider.aws{alias}", "default_tags.tags", override=override) for alias in ("", ".west")]
    assert said == [{"P": "base"}, {"P": "over"}]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('plain \\n "q" \n', 'plain \\n "q" \n'),
        ("$${x} %%{y} ${local.a}", "${x} %{y} base-a"),
        ('${upper("q")}', "Q"),
        ("${var.raw}", "$${x}${y}"),
        ("${[1, true]}", [1, True]),
        ("%{ for x in var.w }${x};%{ endfor }\nend", "1;2;\nend"),
        ({"${local.a}": 1, "k": "${local.b}"}, {"base-a": 1, "k": "base-b"}),
        ({"${local.nowhere}": 1}, UNKNOWN),
        ({"k": ["${local.b}", 1.5, None, {"n": "${1}"}]}, {"k": ["base-b", 1.5, None, {"n": 1}]}),
        ("${local.", UNKNOWN),
        ("a ${~ 1 ~} \nb", UNKNOWN),
        ("__${local.a}_\n_", "__base-a_\n_"),
    ],
)
def test_texts_of_a_document_are_templates_without_escapes(written: Json, value: Json) -> None:
    document = {
        "//": "a comment",
        "variable": {"w": {"type": "list(string)", "default": ["1", 2]}, "raw": {"default": "$${x}${y}"}},
        "resource": {"aws_ecs_service": {"z": {"tags": written}}},
    }
    assert says("aws_ecs_service.z", "tags", more=document) == value


def test_a_resource_of_both_syntaxes_is_there_twice() -> None:
    document = {"resource": {"aws_ecs_service": {"x": {"tags": {}}}}}
    assert says("aws_ecs_service.x", "tags", more=document) is UNKNOWN
    assert says("aws_ecs_service.x", "tags", more=[1, {"resource": 7, "locals": [{"z": 1}]}]) == BASE
