"""What a confirmed drift is called, and what its sentence says Terraform would do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model import AttributeChange, AttributePath, Disposition, Drift, Json, JsonObject, Member
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.pipeline.findings import status_of

UPDATED = PlannedChange(address="aws_ecs_service.web", type="aws_ecs_service", actions=("update",), attributes={})
REPLACED = replace(UPDATED, actions=("delete", "create"))


def drift(*dispositions: Disposition, deleted: bool = False) -> Drift:
    changes = tuple(
        AttributeChange(path=(f"attribute{number}",), state=1, live=2, disposition=disposition)
        for number, disposition in enumerate(dispositions)
    )
    return Drift(
        address="aws_ecs_service.web", type="aws_ecs_service", deleted=deleted, changes=changes, before={}, live={}
    )


def test_what_terraform_would_revert_is_drift() -> None:
    status, reason = status_of(drift("reverting", "ignored", "unset"), UPDATED)
    assert status == "drift"
    assert "revert" in reason
    assert "destroy" not in reason


@pytest.mark.parametrize(
    ("dispositions", "said"),
    [
        (("reverting",), "would revert them"),
        (("reverting", "reverting"), "would revert them"),
        (("ignored", "reverting"), "would revert attribute1"),
        (("reverting",) * 5 + ("unset",), "revert attribute0, attribute1, attribute2 and 2 more"),
    ],
)
def test_a_sentence_names_what_is_reverted_where_some_of_it_is_left(
    dispositions: tuple[Disposition, ...], said: str
) -> None:
    reason = status_of(drift(*dispositions), UPDATED)[1]
    assert reason.endswith(said)


def test_a_reversal_that_destroys_the_resource_says_so() -> None:
    status, reason = status_of(drift("reverting"), REPLACED)
    assert status == "drift"
    assert "destroy and replace" in reason


def test_a_new_revision_of_a_task_definition_destroys_nothing_that_runs() -> None:
    status, reason = status_of(drift("reverting"), replace(REPLACED, type="aws_ecs_task_definition"))
    assert status == "drift"
    assert "destroy" not in reason


def test_a_resource_whose_code_is_gone_would_not_be_reverted_but_destroyed() -> None:
    status, reason = status_of(drift("reverting"), replace(UPDATED, actions=("delete",)))
    assert status == "drift"
    assert "destroy the resource, which the code no longer has" in reason


@pytest.mark.parametrize(
    ("dispositions", "status"),
    [(("ignored", "unset"), "ignored"), (("matching",), "matching"), (("unset",), "matching")],
)
def test_what_terraform_leaves_is_no_drift_whatever_else_it_replaces(
    dispositions: tuple[Disposition, ...], status: str
) -> None:
    assert status_of(drift(*dispositions), REPLACED)[0] == status


@pytest.mark.parametrize(
    ("dispositions", "said"),
    [
        (("ignored", "ignored"), "only attributes that lifecycle.ignore_changes covers differ"),
        (("unset",), "the code does not set what differs"),
        (("ignored", "unset"), "covers some of what differs and the code does not set the rest"),
        (("unset", "matching"), "the code already says some of what differs and the code does not set the rest"),
    ],
)
def test_a_sentence_says_all_reasons_why_terraform_leaves_what_differs(
    dispositions: tuple[Disposition, ...], said: str
) -> None:
    assert said in status_of(drift(*dispositions), None)[1]


def test_what_the_code_forgets_is_left_and_the_sentence_says_so() -> None:
    status, reason = status_of(drift("unset"), replace(UPDATED, actions=("forget",)))
    assert status == "matching"
    assert "forgets it and leaves it as it is" in reason


def test_what_is_gone_is_deleted() -> None:
    assert status_of(drift(deleted=True), None)[0] == "deleted"


GROUPS = ("network_configuration", Member(0), "security_groups")


@pytest.mark.parametrize(
    ("path", "state", "live", "planned", "hidden"),
    [
        (GROUPS, ["a"], ["a", "b"], {"network_configuration": [{"security_groups": UNKNOWN}]}, True),
        (("tags", Member("A")), "1", "2", {"tags": UNKNOWN}, True),
        (("container_definitions", Member("app"), "image"), "a", "b", {"container_definitions": UNKNOWN}, True),
        (GROUPS, ["a"], ["a", "b"], {"network_configuration": [{"security_groups": ["a"]}]}, False),
        (("tags", Member("A")), "1", "2", {"tags": {"A": "1", "B": UNKNOWN}}, False),
        (("task_definition",), ":1", ":2", {"task_definition": UNKNOWN}, False),
        (("desired_count",), 1, 2, {"desired_count": 1, "tags": UNKNOWN}, False),
    ],
)
def test_what_the_plan_does_not_know_as_a_whole_may_be_in_the_code(
    path: AttributePath, state: Json, live: Json, planned: JsonObject, hidden: bool
) -> None:
    change = AttributeChange(path=path, state=state, live=live, disposition="reverting")
    _, reason = status_of(replace(drift(), changes=(change,)), replace(UPDATED, after=planned))
    assert reason.endswith(f"; what the code makes of {path[0]} is known only after the apply") == hidden
    assert "what the code makes" not in status_of(replace(drift(), changes=(change,)), None)[1]


@pytest.mark.parametrize(
    ("name", "disposition", "left"),
    [
        ("platform_version", "matching", True),
        ("launch_type", "matching", True),
        ("desired_count", "matching", False),
        ("platform_version", "unset", False),
        ("platform_version", "ignored", False),
    ],
)
def test_what_aws_chooses_where_the_code_gives_null_is_not_said_by_the_code_for_sure(
    name: str, disposition: Disposition, left: bool
) -> None:
    change = AttributeChange(path=(name,), state="a", live="b", disposition=disposition)
    _, reason = status_of(replace(drift(), changes=(change,)), None)
    assert ("or leaves it to AWS" in reason) == left
    beside = drift("matching", "unset").changes
    _, reason = status_of(replace(drift(), changes=(change, *beside)), None)
    assert ("the code already says or leaves to AWS some of what differs" in reason) == left
