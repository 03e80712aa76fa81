"""Kind of edit: a list of single values."""

from __future__ import annotations

import pytest
from adopt_cases import adopted, body_after, change, clean, refused, resource

from reconciler.model import Json

JSON = "aws_ecs_task_definition.api"


@pytest.mark.parametrize(
    ("before", "live", "after"),
    [
        ('["FARGATE"]', ["FARGATE", "FARGATE_SPOT"], '["FARGATE", "FARGATE_SPOT"]'),
        ('["FARGATE",]', ["FARGATE", "FARGATE_SPOT"], '["FARGATE", "FARGATE_SPOT",]'),
        ('[ "a" ]', ["b", "a"], '[ "a", "b" ]'),
        ('["a", "b", "c"]', ["a", "c"], '["a", "c"]'),
        ('["a", "b", "c"]', ["a"], '["a"]'),
        ('["a", "b", "c"]', ["c"], '["c"]'),
        ('["a", "b", "c",]', ["a", "b"], '["a", "b",]'),
        ('["a", "b"]', [], "[]"),
        ("[]", ["a", "b"], '["a", "b"]'),
        ('["a", "b"]', ["c", "a"], '["a", "c"]'),
        ('["a", /* x */ "b"]', ["a", "b", "c"], '["a", /* x */ "b", "c"]'),
        ('["a"]', ["a", "${x}"], '["a", "$${x}"]'),
    ],
)
def test_lists_of_one_line(before: str, live: Json, after: str) -> None:
    assert body_after(f"subnets = {before} # c", change("subnets", None, live)) == f"subnets = {after} # c\n"


@pytest.mark.parametrize(
    ("before", "live", "after"),
    [
        ('[\n  "a", # first\n  "b", # second\n]', ["a", "b", "c"], '[\n  "a", # first\n  "b", # second\n  "c",\n]'),
        ('[\n  "a", # first\n  "b"  # second\n]', ["a", "b", "c"], '[\n  "a", # first\n  "b", # second\n  "c"\n]'),
        ('[\n  "a", # first\n  # more\n  "b",\n]', ["b"], '[\n  # more\n  "b",\n]'),
        ('[\n  "a",\n  "b"\n]', ["a"], '[\n  "a"\n]'),
        ('[\n  "a", "b",\n  "c"\n]', ["a", "b", "c", "d", "e"], '[\n  "a", "b",\n  "c",\n  "d",\n  "e"\n]'),
        ('[\n  "a", "b",\n  "c"\n]', ["a", "c"], '[\n  "a",\n  "c"\n]'),
        ('[\n  "a", "b",\n  "c"\n]', ["b", "c"], '[\n  "b",\n  "c"\n]'),
        ('["a",\n "b"]', ["a", "b", "c"], '["a",\n "b", "c"]'),
        ("[\n  # none yet\n]", ["a"], '[\n  # none yet\n  "a"\n]'),
        ('[ # why\n  "a",\n]', [], "[ # why\n]"),
        ('[\n  "a", # x\n  "b", # y\n]', ["c", "d", "e"], '[\n  "c", # x\n  "d", # y\n  "e",\n]'),
    ],
)
def test_lists_of_many_lines(before: str, live: Json, after: str) -> None:
    assert body_after(f"subnets = {before}\n", change("subnets", None, live)) == f"subnets = {after}\n"


@pytest.mark.parametrize("live", [["a", "b"], ["b", "a"]])
def test_a_set_in_another_order_is_not_edited(live: Json) -> None:
    assert "already says so" in refused(resource('subnets = ["a", "b"]'), change("subnets", ["a"], live))


@pytest.mark.parametrize(
    ("before", "live", "after"),
    [
        ('["a", "b"]', ["b", "a"], '["b", "a"]'),
        ('["a", "c"]', ["a", "b", "c"], '["a", "b", "c"]'),
        ('["a"]', ["a", "a"], '["a", "a"]'),
        ('[\n  "a", # x\n  "c", # z\n]', ["a", "b", "c"], '[\n  "a", # x\n  "b",\n  "c", # z\n]'),
        ('["a", "b", "c"]', ["b", "x", "y"], '["b", "x", "y"]'),
        ("[1, 2]", [1, 3, 4], "[1, 3, 4]"),
    ],
)
def test_inside_json_the_order_counts(before: str, live: Json, after: str) -> None:
    def body(value: str) -> str:
        return resource(f'container_definitions = jsonencode([{{ name = "x", command = {value} }}])', JSON)

    edited = adopted(body(before), change("container_definitions[x].command", None, live), address=JSON)
    assert edited == body(after)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("[aws_subnet.a.id]", "aws_subnet.a.id"),
        ('["a", "${var.x}"]', "a template"),
        ("var.subnets", "var.subnets"),
        ('concat(["a"], var.x)', "a call of concat()"),
        ("[for x in y : x]", "a for expression"),
        ('toset(["a"])', "a call of toset()"),
    ],
)
def test_a_list_with_an_expression_is_a_persons(value: str, kind: str) -> None:
    reason = refused(resource(f"subnets = {value}"), change("subnets", ["a"], ["a", "b"]))
    assert reason.startswith(f"subnets in main.tf:2 is an expression ({kind});")


def test_crlf_files_keep_their_line_ends() -> None:
    source = resource('subnets = [\n  "a", # x\n]').replace("\n", "\r\n")
    expected = resource('subnets = [\n  "a", # x\n  "b",\n]').replace("\n", "\r\n")
    assert adopted(source, change("subnets", ["a"], ["a", "b"])) == expected


def test_a_list_in_a_nested_block() -> None:
    body = clean(
        """
        network_configuration {
          subnets = [
            "subnet-1",
            "subnet-2", # spare
          ]
        }
        """
    )
    edited = body_after(body, change("network_configuration[0].subnets", None, ["subnet-2", "subnet-3"]))
    assert edited == body.replace("subnet-1", "subnet-3")
