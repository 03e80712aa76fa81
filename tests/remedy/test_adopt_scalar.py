"""Kind of edit: a literal's value, directly in the resource or in a nested block."""

from __future__ import annotations

import pytest
from adopt_cases import ADDRESS, adopted, body_after, change, clean, refused, resource

from reconciler.model import Configuration, Json, NeedsPerson
from reconciler.remedy.adopt import adopt


@pytest.mark.parametrize(
    ("before", "live", "after"),
    [
        ("desired_count = 3", 5, "desired_count = 5"),
        ("desired_count   =   3   # keep 3", 5, "desired_count   =   5   # keep 3"),
        ("desired_count = (3) // x", 5, "desired_count = (5) // x"),
        ("desired_count = -3", 5, "desired_count = 5"),
        ('desired_count = "3"', 5, 'desired_count = "5"'),
        ("desired_count = 256", "512", "desired_count = 512"),
        ("desired_count = false", True, "desired_count = true"),
        ('desired_count = "a" /* b */', 'a "q" \\ ${x}', 'desired_count = "a \\"q\\" \\\\ $${x}" /* b */'),
        ("desired_count = null", 5, "desired_count = 5"),
        ("desired_count = null", ["a"], 'desired_count = ["a"]'),
        ("desired_count = <<EOT\na # b\nEOT\nname = 1", "c", 'desired_count = "c"\nname = 1'),
        ('desired_count = "a"', "", 'desired_count = ""'),
    ],
)
def test_a_literal_gets_the_live_value(before: str, live: Json, after: str) -> None:
    source = resource("# above\n\n" + before + '\nfoo = "${desired_count}" # desired_count = 3')
    expected = resource("# above\n\n" + after + '\nfoo = "${desired_count}" # desired_count = 3')
    assert adopted(source, change("desired_count", None, live)) == expected


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("var.web_count", "var.web_count"),
        ("local.x[0].y", "local.x[0].y"),
        ("each.value", "each.value"),
        ('"a-${var.x}"', "a template"),
        ("<<EOT\n  %{ if x }a%{ endif }\n  EOT", "a template"),
        ('terraform.workspace == "x" ? 1 : 2', "a conditional"),
        ("max(1, 2)", "a call of max()"),
        ("1 + 2", "an operation"),
        ("!true", "an operation"),
        ("[for x in y : x]", "a for expression"),
    ],
)
def test_an_expression_is_a_persons(expression: str, kind: str) -> None:
    reason = refused(resource(f'name = "x"\n\ndesired_count = {expression}'), change("desired_count", 3, 5))
    assert reason == (
        f"desired_count in main.tf:4 is an expression ({kind}); a person must decide where the value belongs"
    )


@pytest.mark.parametrize(
    ("literal", "live"),
    [("5", 5), ("5", "5"), ('"5"', 5), ("true", True), ('"true"', True), ('"a\\u0062"', "ab"), ("5.0", 5)],
)
def test_code_that_already_has_the_live_value_is_not_edited(literal: str, live: Json) -> None:
    reason = refused(resource(f"desired_count = {literal}"), change("desired_count", 3, live))
    assert reason == "desired_count in main.tf:2 already says so; the cloud has what the code says"


@pytest.mark.parametrize(("literal", "live"), [("true", 1), ("0", False), ('"1"', True)])
def test_true_is_not_one(literal: str, live: Json) -> None:
    body_after(f"x = {literal}", change("x", None, live))


@pytest.mark.parametrize(("literal", "live"), [("[1]", 1), ("{}", "a"), ('"a"', ["a"]), ("3", {"a": 1})])
def test_a_value_of_another_kind_is_a_persons(literal: str, live: Json) -> None:
    assert "x in main.tf:2 is a " in refused(resource(f"x = {literal}"), change("x", None, live))


@pytest.mark.parametrize("live", [float("nan"), "\ud800", object()])
def test_a_value_that_hcl_cannot_hold_is_a_persons(live: Json) -> None:
    assert "no HCL can hold" in refused(resource("x = 1"), change("x", 1, live))


ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/"


@pytest.mark.parametrize(
    ("literal", "live", "after"),
    [
        ("api:1", ARN + "api:2", "api:2"),
        ("api:1", ARN + "other:2", ARN + "other:2"),
        ("api", ARN + "api:2", ARN + "api:2"),
        (ARN + "api:1", ARN + "api:2", ARN + "api:2"),
        ("api:1", "api:2", "api:2"),
    ],
)
def test_a_task_definition_keeps_its_short_form_within_the_family(literal: str, live: str, after: str) -> None:
    edited = body_after(f'task_definition = "{literal}"', change("task_definition", ARN + "api:1", live))
    assert edited == f'task_definition = "{after}"\n'


def test_a_short_form_that_names_the_live_revision_is_not_edited() -> None:
    source = resource('task_definition = "api:2"')
    assert "already says so" in refused(source, change("task_definition", ARN + "api:1", ARN + "api:2"))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("network_configuration[0].assign_public_ip", "assign_public_ip = false", "assign_public_ip = true"),
        ("deployment_circuit_breaker[0].enable", "enable = false", "enable = true"),
        ("setting[b].value", "value = 2", "value = true"),
        ("load_balancer[web].container_port", "container_port = 80", "container_port = true"),
        ("default_capacity_provider_strategy[FARGATE_SPOT].weight", "weight = 1 # spot", "weight = true # spot"),
        ("configuration[0].execute_command_configuration[0].logging", "logging = 1", "logging = true"),
        ("network_configuration.assign_public_ip", "assign_public_ip = false", "assign_public_ip = true"),
    ],
)
def test_an_attribute_of_a_nested_block(path: str, before: str, after: str) -> None:
    body = clean(
        """
        enable = false
        network_configuration {
          assign_public_ip = false
        }
        deployment_circuit_breaker { enable = false }
        setting {
          name  = "a"
          value = 1
        }
        setting {
          name  = "b"
          value = 2
        }
        load_balancer {
          container_name = "web"
          container_port = 80
        }
        default_capacity_provider_strategy {
          capacity_provider = "FARGATE"
          weight = 2
        }
        default_capacity_provider_strategy {
          capacity_provider = "FARGATE_SPOT"
          weight = 1 # spot
        }
        configuration {
          execute_command_configuration {
            logging = 1
          }
        }
        """
    )
    assert body_after(body, change(path, None, True)) == _replace_last(body, before, after)


def _replace_last(text: str, old: str, new: str) -> str:
    head, _, tail = text.rpartition(old)
    return head + new + tail


@pytest.mark.parametrize(
    ("body", "path", "says"),
    [
        ('dynamic "setting" {\n  for_each = []\n  content {}\n}', "setting[a].value", "comes from a dynamic block"),
        ("setting {\n  name = var.n\n}\nsetting {\n  name = var.m\n}", "setting[a].value", "cannot be told"),
        ('setting {\n  name = "a"\n}\nsetting {\n  name = "a"\n}', "setting[a].value", "stands for 2 members"),
        ("network_configuration = var.x", "network_configuration[0].y", "is an expression (var.x)"),
        ("a {\n  b = 1\n}\na {\n  b = 2\n}", "a[1].b", "cannot be told from its siblings"),
        ("a {\n  b = 1\n}\na {\n  b = 2\n}", "a.b", "stands for 2 blocks"),
        (
            "placement_constraints {\n  x = 7\n}\nplacement_constraints {\n  x = 7\n}",
            "placement_constraints[1].x",
            "told",
        ),
        ("a {\n  b = 1\n}", "a[1].b", "has no member 1"),
    ],
)
def test_a_nested_block_that_cannot_be_told_is_a_persons(body: str, path: str, says: str) -> None:
    reason = refused(resource(body), change(path, 7, 9))
    assert says in reason
    assert "main.tf:" in reason or "no member" in reason


def test_an_indexed_block_among_several_is_known_by_its_state() -> None:
    body = "a {\n  b = 1\n}\na {\n  b = 2\n}"
    assert body_after(body, change("a[1].b", 2, 9)) == "a {\n  b = 1\n}\na {\n  b = 9\n}\n"


def test_several_changes_are_one_edit() -> None:
    body = 'desired_count = 3\nname = "x"\nnetwork_configuration {\n  assign_public_ip = false\n}'
    edited = body_after(
        body, change("network_configuration[0].assign_public_ip", False, True), change("desired_count", 3, 10)
    )
    assert edited == 'desired_count = 10\nname = "x"\nnetwork_configuration {\n  assign_public_ip = true\n}\n'


@pytest.mark.parametrize("other", ["name = var.x", "name = 1"])
def test_one_change_that_needs_a_person_leaves_all_unedited(other: str) -> None:
    source = resource(f"desired_count = 3\n{other}")
    assert "name in main.tf:3" in refused(source, change("desired_count", 3, 5), change("name", 2, 1))


@pytest.mark.parametrize(
    "source",
    [
        b'\xef\xbb\xbfresource "aws_ecs_service" "web" {\r\n\tdesired_count = 3 # x\r\n}',
        b'resource "aws_ecs_service" "web" { desired_count = 3 }',
        b"resource aws_ecs_service web {\n  desired_count = 3\n  }\n\n\n# \xc3\xa9",
        b'resource "aws_ecs_service" "web2" {\n  desired_count = 4\n}\n'
        b'resource "aws_ecs_service" "web" {\n  count = 2\n  desired_count = 3\n}\n',
    ],
)
def test_every_other_byte_stays(source: bytes) -> None:
    answer = adopt(Configuration({(): {"a.tf": source}}), ADDRESS + "[0]", [change("desired_count", 3, 5)])
    assert not isinstance(answer, NeedsPerson)
    assert [(edit.path, edit.after) for edit in answer] == [
        ("a.tf", source.replace(b"desired_count = 3", b"desired_count = 5"))
    ]
