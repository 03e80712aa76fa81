"""A hotfix, and merged code that calls the task definition something else: with a `moved` block, or without."""

from __future__ import annotations

from merged_world import DEFINITION, HOTFIX, STATE, confirmed, plan, revision

RENAMED = 'module.job["a"].aws_ecs_task_definition.this'


def test_a_secret_stays_hidden_whatever_the_code_calls_what_holds_it() -> None:
    moved = plan(STATE, pointer="job:1", actions=("no-op",), address=RENAMED, previous_address=DEFINITION)
    found = confirmed(revision(HOTFIX), moved, secret="container_definitions")
    assert {change.path[0]: change.sensitive for change in found.finding.changes} == {
        "task_definition": False,
        "container_definitions": True,
    }
