"""A hotfix, and merged code that calls the task definition something else: with a `moved` block, or without."""

from __future__ import annotations

from typing import Any

import pytest
from merged_world import DEFINITION, HOTFIX, STATE, confirmed, dispositions, plan, revision

from reconciler.pipeline.confirm import Confirmed

NEW = "aws_ecs_task_definition.renamed"
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
        (NEW, NEW),
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


def renamed(code: dict[str, Any], *more: dict[str, Any], family: str = "job", refers: str = NEW) -> Confirmed:
    """Confirm a hotfix where the code has `code`, and others, under new names, and no `moved` block."""
    gone = plan(STATE, actions=("delete",), refers=refers)
    made = [
        plan(each, address=f"{NEW}{key}", actions=("create",))["resource_changes"][0]
        for each, key in zip((code, *more), ("", *(f"[{number}]" for number, _ in enumerate(more))), strict=True)
    ]
    for definition in made:
        definition["change"]["after"]["family"] = family
    gone["resource_changes"] += made
    return confirmed(revision(HOTFIX), gone)


def test_code_that_calls_the_task_definition_something_else_without_a_moved_block_has_the_hotfix_too() -> None:
    assert set(dispositions(renamed(HOTFIX)).values()) == {"matching"}
    assert set(dispositions(renamed(HOTFIX, {**HOTFIX, "memory": 256})).values()) == {"matching"}
    assert set(dispositions(renamed(HOTFIX, family="other")).values()) == {"matching"}


@pytest.mark.parametrize(
    "found",
    [
        renamed({**HOTFIX, "image": "job:3"}),
        renamed(HOTFIX, STATE),
        renamed(HOTFIX, refers="aws_ecs_task_definition.another"),
    ],
    ids=["another image", "one of two has the old image", "not for this service"],
)
def test_a_new_task_definition_that_may_put_the_hotfix_back_does(found: Confirmed) -> None:
    assert set(dispositions(found).values()) == {"reverting"}
