"""Kind of edit: inside the container definitions of a task definition."""

from __future__ import annotations

import json

import pytest
from adopt_cases import body_after, change, clean, refused, resource

ADDRESS = "aws_ecs_task_definition.api"
BODY = clean(
    """
    family = "api"
    container_definitions = jsonencode([
      {
        name      = "nginx" # front
        image     = "nginx:1.20"
        cpu       = 256
        essential = true
        environment = [
          { name = "LOG_LEVEL", value = "info" }, # chatty
          { name = "MODE", value = "a" }
        ]
        secrets = [
          {
            name      = "TOKEN"
            valueFrom = "arn:1"
          },
        ]
        portMappings = [{ containerPort = 80, protocol = "tcp" }]
        logConfiguration = {
          logDriver = "awslogs"
          options = {
            "awslogs-group" = "/a"
          }
        }
      },
      {
        "name" : "side",
        "image" : "side:1",
        "command" : ["run"]
      }
    ])
    """
)


@pytest.mark.parametrize(
    ("path", "live", "before", "after"),
    [
        ("[nginx].image", "nginx:1.21", "nginx:1.20", "nginx:1.21"),
        ("[side].image", "side:${x}", "side:1", "side:$${x}"),
        ("[nginx].cpu", 512, "= 256", "= 512"),
        ("[nginx].essential", False, "= true", "= false"),
        ("[nginx].environment[LOG_LEVEL].value", "debug", '"info"', '"debug"'),
        ("[nginx].portMappings[80].protocol", "udp", '"tcp"', '"udp"'),
        ("[nginx].secrets[TOKEN].valueFrom", "arn:2", "arn:1", "arn:2"),
        ("[nginx].logConfiguration.logDriver", "x", '"awslogs"', '"x"'),
        ("[nginx].logConfiguration.options[awslogs-group]", "/b", '"/a"', '"/b"'),
        ("[side].command", ["run", "-v"], '["run"]', '["run", "-v"]'),
        ("[nginx].memory", 128, "essential = true\n", "essential = true\n"),
    ],
)
def test_a_value_inside(path: str, live: object, before: str, after: str) -> None:
    whole = change("container_definitions" + path, None, live)
    edited = body_after(BODY, whole, address=ADDRESS)
    expected = BODY.replace(before, after)
    if path.endswith("memory"):
        expected = BODY.replace('    }\n  },\n  {\n    "name"', '    }\n    memory = 128\n  },\n  {\n    "name"')
    assert edited == expected


def test_an_environment_variable_added_and_one_removed() -> None:
    edited = body_after(
        BODY,
        change("container_definitions[nginx].environment[NEW]", None, {"value": "", "name": "NEW"}),
        change("container_definitions[nginx].environment[LOG_LEVEL]", {"name": "LOG_LEVEL", "value": "info"}, None),
        address=ADDRESS,
    )
    assert edited == BODY.replace('      { name = "LOG_LEVEL", value = "info" }, # chatty\n', "").replace(
        '      { name = "MODE", value = "a" }\n',
        '      { name = "MODE", value = "a" },\n      { name = "NEW", value = "" }\n',
    )


@pytest.mark.parametrize(
    "path",
    [
        "[nginx].environment[NEW].value",
        "[nginx].portMappings[0].protocol",
        "[other].image",
        "[side].logConfiguration.logDriver",
        "[side].environment[NEW].value",
    ],
)
def test_a_part_of_what_the_code_does_not_have_is_a_persons(path: str) -> None:
    reason = refused(resource(BODY, ADDRESS), change("container_definitions" + path, "a", "b"), address=ADDRESS)
    assert "is part of something that the code does not have" in reason


def test_a_secret_added_in_the_style_of_the_others() -> None:
    live = {"name": "KEY", "valueFrom": "arn:2"}
    edited = body_after(BODY, change("container_definitions[nginx].secrets[KEY]", None, live), address=ADDRESS)
    old = '      {\n        name      = "TOKEN"\n        valueFrom = "arn:1"\n      },\n'
    assert edited == BODY.replace(old, old + old.replace("TOKEN", "KEY").replace("arn:1", "arn:2"))


def test_the_first_variable_of_a_container() -> None:
    live = {"name": "A", "value": "1"}
    edited = body_after(BODY, change("container_definitions[side].environment[A]", None, live), address=ADDRESS)
    assert edited == BODY.replace(
        '"command" : ["run"]\n',
        '"command" : ["run"],\n    "environment" : [\n      { "name" : "A", "value" : "1" }\n    ]\n',
    )


def test_the_first_label_of_a_container() -> None:
    edited = body_after(BODY, change("container_definitions[side].dockerLabels[a b]", None, "1"), address=ADDRESS)
    assert '"dockerLabels" : {\n      "a b" : "1",\n    }\n' in edited


def test_a_whole_container_is_added_without_what_is_empty() -> None:
    live = {"name": "new", "image": "new:1", "environment": [], "cpu": 0, "user": None, "mountPoints": []}
    edited = body_after(BODY, change("container_definitions[new]", None, live), address=ADDRESS)
    new = ',\n  {\n    "name" : "new",\n    "image" : "new:1",\n    "cpu" : 0,\n  }'
    assert edited == BODY.replace('["run"]\n  }', '["run"]\n  }' + new)


def test_a_container_that_is_gone() -> None:
    edited = body_after(BODY, change("container_definitions[side]", {"name": "side"}, None), address=ADDRESS)
    start = BODY.index(',\n  {\n    "name" : "side"')
    assert edited == BODY[:start] + "\n])\n"


def test_definitions_that_begin_and_end_on_one_line() -> None:
    body = 'container_definitions = jsonencode([{\n  name  = "a"\n  image = "b"\n}])\n'
    edited = body_after(body, change("container_definitions[c]", None, {"name": "c", "image": "d"}), address=ADDRESS)
    assert edited == body.replace("}])", '}, {\n  name  = "c"\n  image = "d"\n}])')


def test_the_whole_document_is_compared_part_by_part() -> None:
    state = [{"name": "nginx", "image": "nginx:1.20", "cpu": 256}, {"name": "side", "image": "side:1"}]
    live = [{"name": "side", "image": "side:1"}, {"name": "nginx", "image": "nginx:1.21", "cpu": 256, "links": []}]
    whole = change("container_definitions", json.dumps(state), json.dumps(live))
    assert body_after(BODY, whole, address=ADDRESS) == BODY.replace("1.20", "1.21")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('<<EOT\n[{"name": "nginx", "image": "a"}]\nEOT', "container_definitions in main.tf:2 is a text, whose parts"),
        (
            'templatefile("x.json", {})',
            "container_definitions in main.tf:2 is an expression (a call of templatefile())",
        ),
        ("local.containers", "is an expression (local.containers)"),
        ("jsonencode(local.containers)", "is an expression (local.containers)"),
        ("jsonencode([local.one])", "a name there is an expression"),
        ('jsonencode(concat([{ name = "nginx" }], x))', "is an expression (a call of concat())"),
        ('jsonencode([for x in y : { name = "nginx" }])', "is an expression (a for expression)"),
        (
            'jsonencode([{ name = "nginx", image = "a:${var.t}" }])',
            "[nginx].image in main.tf:2 is an expression (a temp",
        ),
        ('jsonencode([{ name = "nginx", image = "b" }])', "already says so"),
        ('jsonencode([{ name = "nginx" }, { name = "nginx" }])', "stands for 2 members"),
        ('jsonencode([merge(x, { name = "nginx" })])', "a name there is an expression"),
    ],
)
def test_definitions_that_are_no_literal_are_a_persons(value: str, says: str) -> None:
    image = change("container_definitions[nginx].image", None, "b")
    assert says in refused(resource(f"container_definitions = {value}", ADDRESS), image, address=ADDRESS)


def test_the_only_container_is_known_although_its_name_is_computed() -> None:
    body = 'container_definitions = jsonencode([{ name = var.name, image = "a" }])\n'
    edited = body_after(body, change("container_definitions[nginx].image", "a", "b"), address=ADDRESS)
    assert edited == body.replace('"a"', '"b"')


def test_a_variable_whose_name_is_computed_is_not_taken_for_the_one_that_went() -> None:
    body = 'container_definitions = jsonencode([{ name = "a", environment = [{ name = var.n, value = "1" }] }])'
    gone = change("container_definitions[a].environment[B]", {"name": "B", "value": "1"}, None)
    assert "a name there is an expression" in refused(resource(body, ADDRESS), gone, address=ADDRESS)


def test_the_first_variable_in_an_empty_list() -> None:
    body = 'container_definitions = jsonencode([{\n  name        = "a"\n  environment = []\n}])\n'
    live = {"name": "B", "value": "1"}
    edited = body_after(body, change("container_definitions[a].environment[B]", None, live), address=ADDRESS)
    assert edited == body.replace("[]", '[\n    { name = "B", value = "1" }\n  ]')


def test_a_number_in_json_is_no_text() -> None:
    body = 'container_definitions = jsonencode([{ name = "a", cpu = 256 }])\n'
    edited = body_after(body, change("container_definitions[a].cpu", 256, "256"), address=ADDRESS)
    assert edited == body.replace("256", '"256"')


def test_keys_in_another_case_are_the_same_to_the_provider() -> None:
    body = 'container_definitions = jsonencode([{ Name = "a", Image = "b" }])\n'
    edited = body_after(body, change("container_definitions[a].image", "b", "c"), address=ADDRESS)
    assert edited == body.replace('"b"', '"c"')
