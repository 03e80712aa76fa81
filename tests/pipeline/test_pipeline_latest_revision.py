"""Code that names no revision: `terraform apply` takes the latest of the family."""

from __future__ import annotations

from typing import Any

import pytest
from merged_world import ARN, HOTFIX, STATE, confirmed, dispositions, plan, revision

from reconciler.model import AttributeChange

UNMANAGED = {"managed": False, "job1": revision(STATE, taskDefinitionArn=f"{ARN}1")}
TAKES = "the code names no revision, and terraform apply takes the latest one"


def unchanged(pointer: str) -> dict[str, Any]:
    """Return a full plan that changes nothing but what the service runs."""
    return plan(STATE, pointer=pointer, actions=("no-op",))


def latest(container: dict[str, Any], number: int = 3) -> dict[str, Any]:
    return revision(container, taskDefinitionArn=f"{ARN}{number}")


@pytest.mark.parametrize("family", ["job", ARN.removesuffix(":")])
@pytest.mark.parametrize("definition", [{}, UNMANAGED, {"managed": False}], ids=["managed", "not managed", "gone"])
def test_the_latest_revision_is_not_taken_back(family: str, definition: Any) -> None:
    found = confirmed(revision(HOTFIX), unchanged(family), job=latest(HOTFIX, 2), **definition)
    assert set(dispositions(found).values()) == {"matching"}
    assert (found.finding.status, found.finding.severity) == ("matching", "info")
    assert found.finding.reason == f"{TAKES}, job:2"


def test_a_later_revision_with_the_same_hotfix_takes_nothing_of_it_back() -> None:
    found = confirmed(revision(HOTFIX), unchanged("job"), job=latest({**HOTFIX, "memory": 256}))
    assert set(dispositions(found).values()) == {"matching"}
    assert found.finding.reason == f"{TAKES}, job:3"


def test_what_else_drifted_of_the_service_is_told() -> None:
    count = AttributeChange(path=("desired_count",), state=1, live=5, disposition="reverting")
    found = confirmed(revision(HOTFIX), unchanged("job"), count, job=latest(HOTFIX, 2))
    assert dispositions(found)["task_definition"] == "matching"
    assert found.finding.status == "drift"


@pytest.mark.parametrize("definition", [{}, UNMANAGED], ids=["managed", "not managed"])
@pytest.mark.parametrize("container", [STATE, {**HOTFIX, "image": "job:3"}])
def test_a_later_revision_with_another_image_takes_the_hotfix_back(container: Any, definition: Any) -> None:
    found = confirmed(revision(HOTFIX), unchanged("job"), job=latest(container), **definition)
    assert set(dispositions(found).values()) == {"reverting"}
    assert f"would revert them; {TAKES}, job:3" in found.finding.reason


def test_the_revision_before_is_the_latest_where_the_hotfix_was_deregistered() -> None:
    found = confirmed(revision(HOTFIX), unchanged("job"), job=latest(STATE, 1))
    assert set(dispositions(found).values()) == {"reverting"}


@pytest.mark.parametrize(
    "answer",
    [None, {**latest(HOTFIX, 2), "taskDefinitionArn": ARN.replace("123456789012", "210987654321") + "2"}, {}],
    ids=["denied", "of another account", "of no revision"],
)
def test_it_is_drift_where_nobody_can_tell_the_latest(answer: Any) -> None:
    found = confirmed(revision(HOTFIX), unchanged("job"), job=answer)
    assert set(dispositions(found).values()) == {"reverting"}
    assert f"{TAKES}: nobody could tell which that is" in found.finding.reason


def test_another_family_is_not_the_latest_of_this_one() -> None:
    found = confirmed(revision(HOTFIX), unchanged("other"), job=latest(HOTFIX, 2))
    assert set(dispositions(found).values()) == {"reverting"}
    assert TAKES not in found.finding.reason


@pytest.mark.parametrize(
    ("code", "fate"),
    [(HOTFIX, "matching"), ({**HOTFIX, "memory": 256}, "matching"), ({**STATE, "memory": 256}, "reverting")],
)
def test_what_the_code_registers_is_later_than_what_is_live(code: Any, fate: str) -> None:
    ahead = plan(code, pointer="job")
    found = confirmed(revision(HOTFIX), ahead, job=latest(HOTFIX, 2))
    assert set(dispositions(found).values()) == {fate}
    assert TAKES not in found.finding.reason


@pytest.mark.parametrize(
    ("container", "fate"), [({**HOTFIX, "memory": 256}, "matching"), ({**STATE, "image": "job:3"}, "reverting")]
)
def test_a_later_revision_that_the_plan_names_is_named_and_looked_into(container: Any, fate: str) -> None:
    found = confirmed(revision(HOTFIX), unchanged("job:3"), job3=latest(container))
    assert set(dispositions(found).values()) == {fate}
    assert "terraform apply moves the service to job:3" in found.finding.reason


def test_it_is_named_where_nobody_can_look_into_it() -> None:
    found = confirmed(revision(HOTFIX), unchanged("job:3"))
    assert set(dispositions(found).values()) == {"reverting"}
    assert "would revert them; terraform apply moves the service to job:3" in found.finding.reason


@pytest.mark.parametrize("pointer", ["job:1", f"{ARN}1"])
def test_the_revision_of_the_state_is_no_later_one(pointer: str) -> None:
    assert "moves the service" not in confirmed(revision(HOTFIX), unchanged(pointer)).finding.reason
