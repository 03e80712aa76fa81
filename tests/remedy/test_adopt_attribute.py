"""Kind of edit: an attribute is added or removed."""

from __future__ import annotations

import pytest
from adopt_cases import adopted, body_after, change, clean, refused, resource


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('name  = "x"\ncount_ = 2', 'name  = "x"\ncount_ = 2\nenable = true'),
        (
            'name         = "x"\nlaunch_type  = "y" # c',
            'name         = "x"\nlaunch_type  = "y" # c\nenable       = true',
        ),
        ("enabl = 1", "enabl = 1\n\nenable = true"),
        ("n = 1", "n = 1\n\nenable = true"),
        ("count = 2", "count = 2\n\nenable = true"),
        ("count = 2\n\nlong_name = 1", "count = 2\n\nlong_name = 1\nenable    = true"),
        ("long_name = 1\n\nx {\n}", "long_name = 1\nenable    = true\n\nx {\n}"),
        ("x {\n}\n\nlong_name = 1", "x {\n}\n\nlong_name = 1\nenable    = true"),
        ("long_name = 1\ntags = {\n  a = 1\n}", "long_name = 1\nenable    = true\ntags = {\n  a = 1\n}"),
        ("x {\n}", "enable = true\n\nx {\n}"),
    ],
)
def test_a_missing_attribute_is_added_below_the_others(before: str, after: str) -> None:
    assert body_after(before, change("enable", False, True)) == after + "\n"


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("{}", "{\n  enable = true\n}"),
        ("{ }", "{\n  enable = true\n}"),
        ("{ a = 1 }", "{\n  a = 1\n\n  enable = true\n}"),
        ("{ a_long_one = 1 }", "{\n  a_long_one = 1\n  enable     = true\n}"),
        ("{\n}", "{\n  enable = true\n}"),
        ("{ # why\n}", "{ # why\n  enable = true\n}"),
        ("{\r\n\ta = 1\r\n}", "{\r\n\ta = 1\r\n\r\n\tenable = true\r\n}"),
    ],
)
def test_a_block_of_one_line_gets_lines(source: str, after: str) -> None:
    head = 'resource "aws_ecs_service" "web" '
    assert adopted(head + source, change("enable", None, True)) == head + after


def test_a_nested_block_gets_its_attribute() -> None:
    body = 'setting {\n  name  = "a"\n  other = 1\n}\nsetting {\n  name = "b"\n}'
    assert body_after(body, change("setting[a].value", None, "x")) == (
        'setting {\n  name  = "a"\n  other = 1\n  value = "x"\n}\nsetting {\n  name = "b"\n}\n'
    )


def test_values_of_many_lines_stand_apart() -> None:
    assert body_after("long = 1", change("tags[Team]", None, "x"), change("tags[A b]", None, "y")) == clean(
        """
        long = 1

        tags = {
          Team  = "x"
          "A b" = "y"
        }
        """
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\nenable = true # c\nb = 2", "a = 1\nb = 2"),
        ("a = 1\n\nenable = true", "a = 1"),
        ("a = 1\n\nenable = true\n\nb = 2", "a = 1\n\nb = 2"),
        ("enable = true\n\nb = 2", "b = 2"),
        ("a = 1\n# others\nenable = [\n  1,\n]\n# more\nb = 2", "a = 1\n# others\n# more\nb = 2"),
    ],
)
def test_an_attribute_that_is_gone_goes_with_its_line(before: str, after: str) -> None:
    assert body_after(before, change("enable", True, None)) == after + "\n"


def test_the_only_attribute_of_a_block_of_one_line() -> None:
    assert body_after("x { enable = true }", change("x[0].enable", True, None)) == "x {}\n"


@pytest.mark.parametrize("path", ["tags_all[Team]", "arn", "id", "revision"])
def test_what_the_provider_sets_is_not_written(path: str) -> None:
    reason = refused(resource("a = 1"), change(path, None, "x"))
    assert "set by the provider" in reason or "not in the code" in reason


def test_what_is_absent_on_both_sides_is_no_edit() -> None:
    assert "already says so" in refused(resource("a = 1"), change("enable", True, None))


def test_an_attribute_that_shares_its_line_with_a_comment_of_many_lines_is_a_persons() -> None:
    assert "shares its lines" in refused(resource("enable = 1 /* a\n b */"), change("enable", 1, None))
    assert "shares its lines" in refused(resource("enable = 1 /* a\n b */ \n\n\n"), change("enable", 1, None))


def test_the_column_closes_when_the_longest_attribute_goes() -> None:
    before = """
        name                   = "web" # front
        enable_execute_command = true
        desired_count          = 3

        tags = {}
    """
    after = 'name          = "web" # front\ndesired_count = 3\n\ntags = {}\n'
    assert body_after(before, change("enable_execute_command", True, None)) == after
