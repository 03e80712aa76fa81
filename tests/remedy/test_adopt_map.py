"""Kind of edit: an entry of a literal map is changed, added or removed."""

from __future__ import annotations

import pytest
from adopt_cases import body_after, change, refused, resource

from reconciler.model import Member


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  Name = "x"\n}', '{\n  Name = "x"\n  Team = "a"\n}'),
        ('{\n  Name = "x",\n}', '{\n  Name = "x",\n  Team = "a",\n}'),
        ("{\n  A = 1,\n  B = 2\n}", '{\n  A = 1,\n  B = 2,\n\n  Team = "a"\n}'),
        ('{\n  Service = "x" # c\n}', '{\n  Service = "x" # c\n  Team    = "a"\n}'),
        ('{\n  "Name" = "x"\n}', '{\n  "Name" = "x"\n  "Team" = "a"\n}'),
        ('{\n  Name : "x"\n}', '{\n  Name : "x"\n  Team : "a"\n}'),
        ('{\n  Name: "x"\n}', '{\n  Name: "x"\n  Team: "a"\n}'),
        ('{ Name = "x" }', '{ Name = "x", Team = "a" }'),
        ('{ Name = "x", }', '{ Name = "x", Team = "a", }'),
        ("{}", '{\n  Team = "a"\n}'),
        ("{\n  # none\n}", '{\n  # none\n  Team = "a"\n}'),
        ("{\n  Name = var.x\n}", '{\n  Name = var.x\n  Team = "a"\n}'),
    ],
)
def test_an_entry_is_added_in_the_maps_style(before: str, after: str) -> None:
    assert body_after(f"tags = {before}", change("tags[Team]", None, "a")) == f"tags = {after}\n"


@pytest.mark.parametrize("key", ["a b", "kubernetes.io/x", "${x}", 'a"b', "for", "1a", "é"])
def test_keys_are_quoted_in_need(key: str) -> None:
    edited = body_after("tags = {\n  a_long_name_indeed = 1\n}", change(("tags", Member(key)), None, "v"))
    assert f'\n  "{key[:1]}' in edited.replace("$$", "$") or '\n  "' in edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  A    = 1\n  Team = "x" # c\n  B    = 2\n}', "{\n  A = 1\n  B = 2\n}"),
        ('{ A = 1, Team = "x" }', "{ A = 1 }"),
        ('{ Team = "x", A = 1 }', "{ A = 1 }"),
        ('{ "Team" : "x" }', "{}"),
        ('{\n  # about\n  Team = "x"\n}', "{\n  # about\n}"),
    ],
)
def test_an_entry_that_is_gone(before: str, after: str) -> None:
    assert body_after(f"tags = {before}", change("tags[Team]", "x", None)) == f"tags = {after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{ Name = "t", "Team" = "x" }', '{ Name = "t", "Team" = "y" }'),
        ('{\n  Name = "t"\n  Team = "x" # c\n}', '{\n  Name = "t"\n  Team = "y" # c\n}'),
        ('{ Name = "t", Other = var.x, Team : "x" }', '{ Name = "t", Other = var.x, Team : "y" }'),
    ],
)
def test_an_entry_that_changed(before: str, after: str) -> None:
    assert body_after(f"tags = {before}", change("tags[Team]", "x", "y")) == f"tags = {after}\n"


def test_a_whole_map_is_compared_entry_by_entry() -> None:
    body = "tags = {\n  A = 1 # a\n  B = 2 # b\n  C = 3\n}"
    whole = change("tags", {"A": "1", "B": "2", "C": "3"}, {"A": "1", "B": "5", "D": "4"})
    assert body_after(body, whole) == 'tags = {\n  A = 1 # a\n  B = 5 # b\n  D = "4"\n}\n'


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("local.tags", "tags in main.tf:2 is an expression (local.tags)"),
        ('merge(local.tags, { Team = "x" })', "is an expression (a call of merge())"),
        ("{ (var.key) = 1 }", "tags in main.tf:2 has computed keys"),
        ('{ "${var.key}" = 1 }', "has computed keys"),
        ("{ Team = 1, Team = 2 }", "names one key twice"),
        ("{ Team = var.team }", "tags[Team] in main.tf:2 is an expression (var.team)"),
        ('{ Team = "y" }', "already says so"),
        ('{ for k in x : k => "x" }', "a for expression"),
    ],
)
def test_a_map_that_is_no_literal_is_a_persons(value: str, says: str) -> None:
    assert says in refused(resource(f"tags = {value}"), change("tags[Team]", "x", "y"))


def test_an_entry_that_is_not_there_cannot_go() -> None:
    assert "already says so" in refused(resource("tags = { A = 1 }"), change("tags[Team]", "x", None))


def test_keys_in_another_case_are_other_tags() -> None:
    edited = body_after("tags = { team = 1 }", change("tags[Team]", None, "y"))
    assert edited == 'tags = { team = 1, Team = "y" }\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            'tags = {\n  Team  = "a" # team\n  Owner = "me"\n  Name  = "web"\n}\n',
            'tags = {\n  Team = "a" # team\n  Name = "web"\n}\n',
            id="only its name held the column",
        ),
        pytest.param(
            'tags = {\n  Team   = "a"\n  Owner  = "me"\n  Nation = "x"\n}\n',
            'tags = {\n  Team   = "a"\n  Nation = "x"\n}\n',
            id="another name holds it too",
        ),
        pytest.param(
            'tags = {\n  Team     = "a"\n  Owner    = "me"\n}\n',
            'tags = {\n  Team     = "a"\n}\n',
            id="a column of the author's own",
        ),
        pytest.param(
            'tags = {\n  Team  = "a"\n\n  Owner = "me"\n}\n',
            'tags = {\n  Team  = "a"\n\n}\n',
            id="a group of its own",
        ),
    ],
)
def test_the_column_closes_when_the_longest_name_goes(before: str, after: str) -> None:
    assert body_after(before, change("tags[Owner]", "me", None)) == after
