"""Where the code says something: in modules, their variables and outputs, several files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

ROOT = b"""
locals {
  owner = "root"
}
module "web" {
  source   = "./web"
  for_each = { shop = "shop:1", "a.b" = "blog:1" }
  image    = each.value
  tags     = { Owner = local.owner, Name = each.key }
}
module "one" {
  source = "./web"
  image  = module.web["shop"].image
}
"""
WEB = b"""
variable "image" {
  type = string
}
variable "tags" {
  type    = map(string)
  default = {}
}
locals {
  owner = "web"
}
output "image" {
  value = "${var.image}-web"
}
resource "aws_ecs_service" "this" {
  for_each = toset(["blue", "green"])
  name     = "${each.key}-${each.value}"
  tags     = merge(var.tags, { Colour = each.key, Local = local.owner, New = aws_ecs_cluster.new.arn })
}
resource "aws_ecs_service" "counted" {
  count = 2
  name  = "app-${count.index}"
}
resource "aws_ecs_task_definition" "this" {
  container_definitions = jsonencode([{ name = "web", image = var.image }])
}
"""


def says(address: str, name: str, asked: list[str] | None = None, files: Mapping[str, bytes] | None = None) -> Any:
    def planned(resource: str, attribute: str) -> Any:
        if asked is not None:
            asked.append(f"{resource}.{attribute}")
        return UNKNOWN

    more = {f"web/{file}": content for file, content in (files or {}).items()}
    documents = {file: more.pop(file) for file in [*more] if file.endswith(".json")}
    web = {"web/main.tf": WEB, **more}
    modules = {(): {"main.tf": ROOT}, ("web",): web, ("one",): web}
    return Code(Configuration(modules, {("web",): documents}), {}, planned).says(address, name)


def test_a_module_has_its_own_values_and_those_it_is_given() -> None:
    asked: list[str] = []
    assert says('module.web["a.b"].aws_ecs_service.this["blue"]', "tags", asked) == {
        "Owner": "root",
        "Name": "a.b",
        "Colour": "blue",
        "Local": "web",
        "New": UNKNOWN,
    }
    assert asked == ['module.web["a.b"].aws_ecs_cluster.new.arn']
    assert says('module.web["shop"].aws_ecs_service.this["green"]', "name") == "green-green"
    assert says('module.web["shop"].aws_ecs_service.counted[1]', "name") == "app-1"
    images = [
        says(f"module.{name}.aws_ecs_task_definition.this", "container_definitions")[0]["image"]
        for name in ('web["shop"]', "one")
    ]
    assert images == ["shop:1", "shop:1-web"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"main_override.tf": b"locals {"}, id="a file that nobody can read is merged over it"),
        pytest.param({"override.tf.json": b"{"}, id="a document that nobody can read is merged over it"),
        pytest.param({"more.tf": b'resource "aws_ecs_service" "counted" {}'}, id="it is there twice"),
    ],
)
def test_what_may_be_said_elsewhere_is_not_told(files: dict[str, bytes]) -> None:
    assert says('module.web["shop"].aws_ecs_service.counted[1]', "name", files=files) is UNKNOWN


def test_json_that_a_module_is_given_as_a_text_is_told_beside_what_only_the_apply_tells() -> None:
    root = b'module "m" {\n  source = "./m"\n  text = jsonencode([{ name = "app", url = aws_sqs_queue.new.url }])\n}\n'
    module = b'variable "text" {\n  type = string\n}\nresource "a_b" "c" {\n  d = var.text\n}\n'
    configuration = Configuration({(): {"main.tf": root}, ("m",): {"m/main.tf": module}})
    said = Code(configuration, {}, lambda _address, _name: UNKNOWN).says("module.m.a_b.c", "d")
    assert said == [{"name": "app", "url": UNKNOWN}]


def test_a_file_that_cannot_be_read_hides_nothing_but_itself() -> None:
    assert says('module.web["shop"].aws_ecs_service.counted[1]', "name", files={"broken.tf": b"locals {"}) == "app-1"


def test_what_nobody_wrote_is_not_null() -> None:
    assert says("module.web.aws_ecs_service.this", "desired_count") is UNKNOWN
    assert says("aws_ecs_service.nowhere", "tags") is UNKNOWN
    assert says("module.nowhere.aws_ecs_service.this", "tags") is UNKNOWN


PROVIDERS = b"""
variable "ignored" {
  default = ["scanner:"]
}
provider "aws" {
  ignore_tags {
    key_prefixes = concat(var.ignored, ["Tea"])
  }
}
provider "aws" {
  alias = "west"
  default_tags {
    tags = { Owner = "west" }
  }
}
"""


def test_what_a_provider_is_given_lies_in_its_blocks() -> None:
    code = Code(Configuration({(): {"main.tf": PROVIDERS}}), {}, lambda _address, _name: UNKNOWN)
    assert code.says("provider.aws", "ignore_tags.key_prefixes") == ["scanner:", "Tea"]
    assert code.says("provider.aws.west", "default_tags.tags") == {"Owner": "west"}
    assert code.says("provider.aws.west", "alias") == "west"
    for address, name in (
        ("provider.aws", "default_tags.tags"),
        ("provider.aws.east", "default_tags.tags"),
        ("provider.module.web:aws", "ignore_tags.keys"),
        ("provider.aws", "ignore_tags.keys"),
    ):
        assert code.says(address, name) is UNKNOWN


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ("", "default"),
        ('backend "remote" {}', "default"),
        ('cloud {\n  workspaces {\n    name = "prod"\n  }\n}', UNKNOWN),
        ("cloud {}", UNKNOWN),
    ],
)
def test_what_hcp_terraform_calls_the_workspace_is_not_guessed(settings: str, name: Any) -> None:
    code = f"terraform {{\n{settings}\n}}\n" + 'resource "a_b" "x" {\n  c = terraform.workspace\n}\n'
    configuration = Configuration({(): {"main.tf": code.encode()}})
    assert Code(configuration, {}, lambda _address, _name: UNKNOWN).says("a_b.x", "c") == name
