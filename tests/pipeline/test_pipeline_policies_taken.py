"""Policies changed by hand that code nobody applied yet takes back: of a role's own account nobody else tells it."""

from __future__ import annotations

from typing import Any

import pytest
from test_pipeline_granted import ATTACHED, WRITTEN, attachment, found, inline
from test_pipeline_relations import ADMIN, OWN

ALL_ATTACHED = "attachments_exclusive"
ALL_INLINE = "aws_iam_role_policies_exclusive.soon"


@pytest.mark.parametrize("action", ["create", "update"])
@pytest.mark.parametrize(
    ("live", "made"),
    [
        (ATTACHED, attachment(ALL_ATTACHED, role_name="task", policy_arns=[])),
        ({"managed_policy_arns": [ADMIN, OWN]}, attachment(ALL_ATTACHED, role_name="task", policy_arns=[OWN])),
        (WRITTEN, (ALL_INLINE, {"role_name": "task", "policy_names": ["other"]})),
    ],
    ids=["none is to be attached", "one of two", "another one inline"],
)
def test_what_a_list_of_all_policies_leaves_out_is_taken_away(live: Any, made: Any, action: str) -> None:
    finding = found(live, made, action)
    assert (finding.status, finding.severity) == ("drift", "high")
    assert "terraform apply would revert them" in finding.reason


@pytest.mark.parametrize(
    ("live", "made"),
    [
        (ATTACHED, attachment(ALL_ATTACHED, role_name="other", policy_arns=[])),
        (ATTACHED, (ALL_INLINE, {"role_name": "task", "policy_names": []})),
        (WRITTEN, attachment(ALL_ATTACHED, role_name="task", policy_arns=[])),
        (WRITTEN, (ALL_INLINE, {"role_name": "task", "policy_names": ["read"]})),
        (ATTACHED, attachment(ALL_ATTACHED, role_name="task")),
    ],
    ids=["another role's", "inline ones", "attached ones", "it is in the list", "what is not known"],
)
def test_other_lists_leave_it(live: Any, made: Any) -> None:
    assert found(live, made).status == "unmanaged"


def test_what_the_role_had_before_is_none_of_what_drifted() -> None:
    made = attachment(ALL_ATTACHED, role_name="task", policy_arns=[ADMIN])
    assert found({"managed_policy_arns": [OWN, ADMIN]}, made, state={"managed_policy_arns": [OWN]}).status == "matching"


def test_what_was_taken_away_comes_again_where_code_gives_it() -> None:
    assert found({"managed_policy_arns": []}, attachment(), state=ATTACHED).status == "drift"
    assert found({"inline_policy": []}, inline(), state=WRITTEN).status == "drift"
    assert found({"managed_policy_arns": []}, attachment(policy_arn=OWN), state=ATTACHED).status == "unmanaged"
    assert found({"inline_policy": []}, inline(name="other"), state=WRITTEN).status == "unmanaged"
