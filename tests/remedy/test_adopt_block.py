"""Kind of edit: a whole nested block is added or removed."""

from __future__ import annotations

import pytest
from adopt_cases import adopted, body_after, change, clean, refused, resource

SPOT = {"capacity_provider": "FARGATE_SPOT", "weight": 4, "base": 0, "nothing": None, "blank": "", "empty": []}
NEW = "strategy"


def spot(indent: str = "") -> str:
    lines = [
        "capacity_provider_strategy {",
        '  capacity_provider = "FARGATE_SPOT"',
        "  weight            = 4",
        "}",
    ]
    return "\n".join(indent + line for line in lines)


ONE = 'capacity_provider_strategy {\n  capacity_provider = "FARGATE"\n}'
OTHER = ONE.replace("FARGATE", "EXTRA")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1", f"a = 1\n\n{spot()}"),
        (f"a = 1\n\n{ONE} # c", f"a = 1\n\n{ONE} # c\n\n{spot()}"),
        (f"{ONE}\n{OTHER}\nb = 1", f"{ONE}\n{OTHER}\n{spot()}\nb = 1"),
        (f"{ONE}\n\n{OTHER}\n\nx {{\n}}", f"{ONE}\n\n{OTHER}\n\n{spot()}\n\nx {{\n}}"),
        ("a = 1\n\nlifecycle {\n}", f"a = 1\n\n{spot()}\n\nlifecycle {{\n}}"),
        ("a = 1\nlifecycle {\n}", f"a = 1\n\n{spot()}\n\nlifecycle {{\n}}"),
        ("a = 1\n\n# why\n# so\nlifecycle {\n}", f"a = 1\n\n{spot()}\n\n# why\n# so\nlifecycle {{\n}}"),
        ("lifecycle {\n}", f"{spot()}\n\nlifecycle {{\n}}"),
        ("a = [\n  1\n] # c\n# end", f"a = [\n  1\n] # c\n\n{spot()}\n# end"),
    ],
)
def test_a_new_block_stands_behind_its_kind_or_at_the_end(before: str, after: str) -> None:
    assert body_after(before, change("capacity_provider_strategy[FARGATE_SPOT]", None, SPOT)) == after + "\n"


def test_an_empty_resource_gets_a_block_in_the_files_style() -> None:
    source = 'locals {\r\n\ta = 1\r\n}\r\nresource "aws_ecs_service" "web" {}\r\n'
    edited = adopted(source, change("capacity_provider_strategy[FARGATE_SPOT]", None, SPOT))
    block = spot("\t").replace("\t  ", "\t\t").replace("\n", "\r\n")
    assert edited == source.replace("{}", "{\r\n" + block + "\r\n}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"a = 1\n\n{ONE}\n\n{OTHER}", f"a = 1\n\n{OTHER}"),
        (f"a = 1\n\n{OTHER}\n\n{ONE} # c", f"a = 1\n\n{OTHER}"),
        (f"a = 1\n\n# about it\n{ONE}\n# about b\nb = 1", "a = 1\n\n# about it\n# about b\nb = 1"),
        (f"{ONE}\n{OTHER}", OTHER),
        (f"{ONE}", ""),
    ],
)
def test_a_block_that_is_gone_goes_with_its_lines(before: str, after: str) -> None:
    gone = change("capacity_provider_strategy[FARGATE]", {"capacity_provider": "FARGATE"}, None)
    assert body_after(before, gone) == after + "\n"


def test_parts_of_a_block_that_is_not_there_make_one_block() -> None:
    edited = body_after(
        "a = 1",
        change("deployment_circuit_breaker[0].enable", False, True),
        change("deployment_circuit_breaker[0].rollback", False, True),
        change("setting[containerInsights].value", "disabled", "enabled"),
    )
    assert edited == clean(
        """
        a = 1

        deployment_circuit_breaker {
          enable   = true
          rollback = true
        }

        setting {
          name  = "containerInsights"
          value = "enabled"
        }
        """
    )


def test_blocks_inside_a_new_block() -> None:
    live = {"execute_command_configuration": [{"logging": "NONE", "kms_key_id": ""}], "arn": "x"}
    assert body_after("a = 1", change("configuration[0]", None, live)) == clean(
        """
        a = 1

        configuration {
          execute_command_configuration {
            logging = "NONE"
          }
        }
        """
    )


def test_a_whole_list_of_blocks_is_compared_member_by_member() -> None:
    state = [{"capacity_provider": "FARGATE", "weight": 1}, {"capacity_provider": "EXTRA", "weight": 2}]
    live = [{"capacity_provider": "FARGATE", "weight": 5}, SPOT]
    body = f"{ONE}\n\n{OTHER}".replace('"FARGATE"\n', '"FARGATE"\n  weight = 1\n')
    edited = body_after(body, change("capacity_provider_strategy", state, live))
    assert edited == f"{ONE}\n\n{spot()}\n".replace('"FARGATE"\n', '"FARGATE"\n  weight = 5\n')


def test_a_whole_list_of_blocks_that_the_code_does_not_have() -> None:
    assert body_after("a = 1", change("capacity_provider_strategy", None, [SPOT])) == f"a = 1\n\n{spot()}\n"


@pytest.mark.parametrize(
    ("body", "path", "state", "live", "says"),
    [
        ('dynamic "setting" {\n  for_each = []\n  content {}\n}', "setting[a]", None, {"name": "a"}, "dynamic block"),
        ("a = 1", "setting[a]", None, "x", "its live value is no block"),
        ("a = 1", "setting[a]", {"name": "a"}, None, "already says so"),
        ("setting {\n  name = var.x\n}\nsetting {\n}", "setting[a]", {"name": "a"}, None, "cannot be told"),
        ("setting = local.x", "setting[a]", None, {"name": "a"}, "is an expression (local.x)"),
        ("a = 1", "setting[a]", None, {"name": "a", "b c": 1}, "no HCL can hold"),
        ("a {\n  b = 1\n}\na {\n  b = 2\n}", "a[0]", {"b": 2}, None, "cannot be told from its siblings"),
    ],
)
def test_a_block_that_cannot_be_told_is_a_persons(body: str, path: str, state: object, live: object, says: str) -> None:
    assert says in refused(resource(body), change(path, state, live))


def test_indexed_blocks_are_removed_from_the_end() -> None:
    body = "a {\n  b = 1\n}\na {\n  b = 2\n}\na {\n  b = 3\n}"
    edited = body_after(body, change("a[1]", {"b": 2}, None), change("a[2]", {"b": 3}, None))
    assert edited == "a {\n  b = 1\n}\n"
