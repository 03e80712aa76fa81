"""A hotfix, and merged code that calls the task definition something else: with a `moved` block, or without."""

from __future__ import annotations

import pytest
from merged_world import DEFINITION, HOTFIX, STATE, confirmed, dispositions, plan, revision

MOVED = "module.job.aws_ecs_task_definition.this"
PUT_BACK = plan(STATE, pointer="job:1", actions=("no-op",), address=MOVED, previous_address=DEFINITION)


def test_a_secret_stays_hidden_whatever_the_code_calls_what_holds_it() -> None:
    found = confirmed(revision(HOTFIX), PUT_BACK, secret="container_definitions")
    assert {change.path[0]: change.sensitive for change in found.finding.changes} == {
        "task_definition": False,
        "container_definitions": True,
    }


def test_what_merged_code_calls_secret_and_something_else_is_hidden() -> None:
    definition, *others = PUT_BACK["resource_changes"]
    marked = {**definition, "change": {**definition["change"], "after_sensitive": {"container_definitions": True}}}
    found = confirmed(revision(HOTFIX), {**PUT_BACK, "resource_changes": [marked, *others]})
    assert [change.sensitive for change in found.finding.changes] == [False, True]


@pytest.mark.parametrize(
    ("address", "refers"),
    [
        ("aws_ecs_task_definition.renamed", "aws_ecs_task_definition.renamed"),
        (MOVED, "module.job"),
        ('module.job["b"].aws_ecs_task_definition.this[0]', "module.job"),
    ],
)
def test_what_code_that_moved_the_task_definition_has_as_well_is_not_reverted(address: str, refers: str) -> None:
    found = confirmed(revision(HOTFIX), plan(HOTFIX, address=address, refers=refers, previous_address=DEFINITION))
    assert set(dispositions(found).values()) == {"matching"}


def test_code_that_moved_the_task_definition_and_has_another_image_reverts() -> None:
    code = {**HOTFIX, "image": "job:3"}
    found = confirmed(revision(HOTFIX), plan(code, address=MOVED, refers="module.job", previous_address=DEFINITION))
    assert set(dispositions(found).values()) == {"reverting"}


def test_two_task_definitions_that_the_code_swapped_are_not_mixed_up() -> None:
    other = "aws_ecs_task_definition.other"
    taken = plan(HOTFIX, previous_address=other)["resource_changes"][0]
    swapped = plan({**HOTFIX, "image": "job:3"}, address=other, refers=other, previous_address=DEFINITION)
    swapped["resource_changes"].insert(0, taken)
    assert set(dispositions(confirmed(revision(HOTFIX), swapped)).values()) == {"reverting"}
