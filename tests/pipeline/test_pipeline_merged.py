"""A hotfix that the merged code has as well, before anybody applied it."""

from __future__ import annotations

from typing import Any

import pytest
from merged_world import ARN, HOTFIX, STATE, confirmed, dispositions, plan, revision

from reconciler.model import AttributeChange


def test_what_the_merged_code_has_as_well_is_not_reverted() -> None:
    found = confirmed(revision(HOTFIX, networkMode="bridge"), plan(HOTFIX))
    assert dispositions(found) == {"task_definition": "matching", "container_definitions[job].image": "matching"}
    assert (found.finding.status, found.finding.severity) == ("matching", "info")
    assert found.finding.reason == (
        "the code, which is not applied yet, already says what is inside job:2; terraform apply registers that as a "
        "new revision"
    )


def test_code_that_has_more_than_the_hotfix_takes_nothing_of_it_back() -> None:
    more = {**HOTFIX, "memory": 256, "environment": [{"name": "A", "value": "1"}]}
    assert confirmed(revision(HOTFIX), plan(more)).finding.status == "matching"


def test_what_else_drifted_is_told_as_before() -> None:
    count = AttributeChange(path=("desired_count",), state=1, live=5, disposition="reverting")
    found = confirmed(revision(HOTFIX), plan(HOTFIX), count)
    assert found.finding.status == "drift"
    assert dispositions(found)["task_definition"] == "matching"
    assert (
        "terraform apply would revert desired_count; the code, which is not applied yet, already"
        in found.finding.reason
    )


@pytest.mark.parametrize(
    ("live", "code", "undone"),
    [
        (revision({**HOTFIX, "memory": 256}), HOTFIX, "container_definitions[job].memory"),
        (
            revision({**HOTFIX, "command": ["x"]}),
            {**HOTFIX, "command": ["x", "y"]},
            "container_definitions[job].command",
        ),
        (revision(HOTFIX, networkMode="awsvpc"), HOTFIX, "network_mode"),
    ],
    ids=["memory that the code has not", "another command", "a network mode that the code leaves to AWS"],
)
def test_what_the_code_has_of_a_hotfix_is_told_apart_from_what_it_has_not(live: Any, code: Any, undone: str) -> None:
    found = confirmed(live, plan(code))
    assert dispositions(found) == {
        "task_definition": "reverting",
        "container_definitions[job].image": "matching",
        undone: "reverting",
    }
    assert found.finding.status == "drift"
    assert "the code, which" not in found.finding.reason


@pytest.mark.parametrize(
    ("live", "full_plan"),
    [
        (revision(HOTFIX), plan({**STATE, "image": "job:3"})),
        (revision(HOTFIX), plan(HOTFIX, unknown={"container_definitions": True})),
        (revision(HOTFIX), plan(HOTFIX, pointer=f"{ARN}1")),
        (revision(HOTFIX), plan(HOTFIX, refers="aws_ecs_task_definition.other")),
        (revision(HOTFIX), plan(HOTFIX, refers="module.job")),
        (revision(HOTFIX), plan(HOTFIX, actions=("delete",))),
        (revision(STATE), plan({**STATE, "memory": 256})),
        (None, plan(HOTFIX)),
        (revision(HOTFIX), {}),
    ],
    ids=[
        "a third image",
        "known only after the apply",
        "the service goes back",
        "the service goes to another task definition",
        "the service goes to a module's task definition",
        "the task definition goes",
        "nothing different inside",
        "only a record tells of the revision",
        "no full plan",
    ],
)
def test_it_is_drift_where_an_apply_would_undo_all_of_it(live: Any, full_plan: Any) -> None:
    found = confirmed(live, full_plan)
    assert set(dispositions(found).values()) == {"reverting"}
    assert found.finding.status == "drift"
    assert "the code, which" not in found.finding.reason


@pytest.mark.parametrize(
    ("code", "unknown", "is_open"),
    [
        (HOTFIX, True, True),
        ({**STATE, "image": "job:3"}, False, False),
        ({**STATE, "image": "job:3", "memory": 256}, False, False),
    ],
    ids=["the document", "nothing", "nothing, with more"],
)
def test_what_only_the_apply_will_tell_of_the_content_is_said(code: Any, unknown: bool, is_open: bool) -> None:
    found = confirmed(revision(HOTFIX), plan(code, unknown={"container_definitions": unknown}))
    told = "would revert them; what the code makes of container_definitions is known only after the apply"
    assert (told in found.finding.reason) == is_open


def test_where_nobody_can_tell_the_task_definition_that_is_said() -> None:
    found = confirmed(revision(HOTFIX), plan(HOTFIX, refers="local.job"))
    assert "which task definition the code means is known only after the apply" in found.finding.reason
    found = confirmed(revision(HOTFIX), plan(HOTFIX, pointer=f"{ARN}1"))
    assert "known only after" not in found.finding.reason
