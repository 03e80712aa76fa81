from __future__ import annotations

import json

import pytest

from reconciler.model import Configuration
from reconciler.remedy.ignore_changes import dynamic_blocks, ignored_attributes, unread_files


def resource(entries: str | None, name: str = "web") -> bytes:
    lifecycle = "" if entries is None else f"\n  lifecycle {{\n    ignore_changes = {entries}\n  }}"
    return f'resource "aws_ecs_service" "{name}" {{\n  name = "x"{lifecycle}\n}}\n'.encode()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (None, ()),
        ("[]", ()),
        ("all", ("all",)),
        ('["*"]', ("all",)),
        ("[desired_count]", ("desired_count",)),
        ("[\n desired_count, # why\n task_definition,\n]", ("desired_count", "task_definition")),
        ('[network_configuration[0].subnets, tags["A b"]]', ("network_configuration[0].subnets", 'tags["A b"]')),
        ('[tags [ "A b" ] , a . b]', ('tags["A b"]', "a.b")),
        ('["desired_count", "tags.Team"]', ("desired_count", "tags.Team")),
    ],
)
def test_entries_are_given_as_written(entries: str | None, expected: tuple[str, ...]) -> None:
    configuration = Configuration({(): {"main.tf": resource(entries)}})
    assert ignored_attributes(configuration) == {"aws_ecs_service.web": expected}


def test_every_module_and_file_is_read() -> None:
    configuration = Configuration(
        {
            (): {"a.tf": resource("[x]", "one"), "b.tf": resource("all", "two"), "c.tf": b"locals {}\n"},
            ("web",): {"modules/web/main.tf": resource("[y]", "this")},
            ("web", "inner"): {"modules/inner/main.tf": resource(None, "this")},
        }
    )
    assert ignored_attributes(configuration) == {
        "aws_ecs_service.one": ("x",),
        "aws_ecs_service.two": ("all",),
        "module.web.aws_ecs_service.this": ("y",),
        "module.web.module.inner.aws_ecs_service.this": (),
    }


def test_an_override_file_replaces_the_list_when_it_has_one() -> None:
    files = {"a_override.tf": resource("[y]"), "main.tf": resource("[x]"), "override.tf": resource(None)}
    assert ignored_attributes(Configuration({(): files})) == {"aws_ecs_service.web": ("y",)}


def test_an_override_file_takes_no_entry_back_with_an_empty_list() -> None:
    files = {"main.tf": resource("[x]"), "override.tf": resource("[]")}
    assert ignored_attributes(Configuration({(): files})) == {"aws_ecs_service.web": ("x",)}


def test_an_override_file_takes_all_not_back_with_a_list() -> None:
    files = {"main.tf": resource("all"), "override.tf": resource("[x]")}
    assert ignored_attributes(Configuration({(): files})) == {"aws_ecs_service.web": ("all",)}


def test_other_settings_and_other_blocks_are_not_entries() -> None:
    source = (
        b'resource "t" "n" {\n  ignore_changes = [a]\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n'
        b'data "t" "n" {\n  lifecycle {\n    ignore_changes = [b]\n  }\n}\n'
    )
    assert ignored_attributes(Configuration({(): {"main.tf": source}})) == {"t.n": ()}


def test_a_file_that_the_grammar_cannot_read_hides_no_other() -> None:
    files = {"broken.tf": b'resource "a" "b" { x = }\n', "main.tf": resource("[desired_count]")}
    assert ignored_attributes(Configuration({(): files})) == {"aws_ecs_service.web": ("desired_count",)}


def test_a_file_that_cannot_be_read_is_named_by_its_module() -> None:
    broken = b'resource "a" "b" { x = }\n'
    configuration = Configuration(
        {(): {"a.tf": broken, "b.tf": b"locals { x = }\n"}, ("web",): {"web/main.tf": resource(None)}},
        {("web",): {"web/x.tf.json": b'{"resource": '}},
    )
    assert unread_files(configuration) == {(): ("a.tf",), ("web",): ("web/x.tf.json",)}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('{"lifecycle": {"ignore_changes": ["desired_count", "tags[\\"Team\\"]"]}}', ("desired_count", 'tags["Team"]')),
        ('[{"lifecycle": [{"ignore_changes": ["desired_count"]}]}]', ("desired_count",)),
        ('{"lifecycle": {"ignore_changes": "all"}}', ("all",)),
        ('{"lifecycle": {"ignore_changes": ["*"]}}', ("all",)),
        ('{"lifecycle": {"create_before_destroy": true}}', ()),
        ('{"lifecycle": null}', ()),
        ('{"ignore_changes": ["a"]}', ()),
    ],
)
def test_the_json_syntax_says_the_same(document: str, expected: tuple[str, ...]) -> None:
    text = f'{{"resource": {{"aws_ecs_service": {{"web": {document}}}}}}}'.encode()
    assert ignored_attributes(Configuration({(): {}}, {(): {"main.tf.json": text}})) == {
        "aws_ecs_service.web": expected
    }


def test_lists_of_objects_are_blocks_in_json() -> None:
    text = b'{"resource": [{"t": [{"a": {"lifecycle": {"ignore_changes": ["x"]}}}]}, {"t": {"b": {}}}], "//": 1}'
    assert ignored_attributes(Configuration({(): {}}, {(): {"main.tf.json": text}})) == {"t.a": ("x",), "t.b": ()}


@pytest.mark.parametrize(
    "text", [b"[]", b"7", b'{"resource": 7}', b'{"resource": {"t": {"n": 7}}}', b'{"resource": {"t": 1}}']
)
def test_odd_json_ignores_nothing(text: bytes) -> None:
    assert not any(ignored_attributes(Configuration({(): {}}, {(): {"main.tf.json": text}})).values())


def test_an_override_in_json_replaces_the_list_of_a_tf_file() -> None:
    override = b'{"resource": {"aws_ecs_service": {"web": {"lifecycle": {"ignore_changes": ["y"]}}}}}'
    configuration = Configuration({(): {"z.tf": resource("[x]")}}, {(): {"a_override.tf.json": override}})
    assert ignored_attributes(configuration) == {"aws_ecs_service.web": ("y",)}


def test_json_may_say_a_block_twice() -> None:
    one, two = (
        json.dumps({"aws_ecs_service": {name: {"lifecycle": {"ignore_changes": [entry]}}}})
        for name, entry in (("one", "x"), ("two", "y"))
    )
    text = f'{{"resource": {one}, "resource": {two}}}'
    found = ignored_attributes(Configuration({(): {}}, {(): {"main.tf.json": text.encode()}}))
    assert found == {"aws_ecs_service.one": ("x",), "aws_ecs_service.two": ("y",)}


DYNAMIC = b"""
resource "t" "web" {
  dynamic "setting" {
    for_each = local.settings
    content { name = setting.key }
  }
  alarms {
    dynamic "inner" {
      for_each = []
      content {}
    }
  }
}
"""
IN_JSON = {"resource": {"t": {"web": {"dynamic": {"setting": {}}, "alarms": [{"dynamic": [{"inner": {}}]}]}}}}


@pytest.mark.parametrize(("name", "content"), [("a.tf", DYNAMIC), ("a.tf.json", json.dumps(IN_JSON).encode())])
def test_dynamic_blocks_are_named_at_any_depth(name: str, content: bytes) -> None:
    files = {"plain.tf": b'resource "t" "plain" {\n  setting {}\n}\n'}
    found = dynamic_blocks(Configuration({(): {}, ("m",): {name: content, **files}}))
    assert found == {"module.m.t.web": {"setting", "inner"}, "module.m.t.plain": frozenset()}
