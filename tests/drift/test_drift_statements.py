"""Policy documents with unapplied code beside what somebody changed: told by their statements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.drift import dispose, read_drifts

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
WRITE = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "*"}
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
PUT = {**WRITE, "Action": ["s3:PutObject"]}
NAMED, RENAMED = {**READ, "Sid": "read"}, {**READ, "Sid": "read", "Resource": "arn:aws:s3:::b/*"}


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def reverts(state: str, live: str, planned: str, kind: str = "aws_iam_role_policy", name: str = "policy") -> bool:
    entry = {"address": f"{kind}.x", "mode": "managed", "type": kind}
    drifted = {"actions": ["update"], "before": {name: state}, "after": {name: live}}
    ahead = {"actions": ["update"], "before": {name: live}, "after": {name: planned}}
    plan = {"resource_drift": [{**entry, "change": drifted}], "resource_changes": [{**entry, "change": ahead}]}
    (drift,) = dispose(read_drifts(plan), plan, {})
    (change,) = drift.changes
    return change.disposition == "reverting"


@pytest.mark.parametrize(
    ("state", "live", "planned"),
    [
        pytest.param(document(READ), document(READ, WRITE), document(READ, WRITE, LIST), id="a third beside a second"),
        pytest.param(
            document(READ),
            document(READ, WRITE),
            document({**WRITE, "Action": [*reversed(WRITE["Action"])]}, LIST, {**READ, "Resource": ["*"]}),
            id="in another spelling and order",
        ),
        pytest.param(document(WRITE), document(PUT), document(PUT, LIST), id="a new one beside one that was edited"),
        pytest.param(document(READ), document(READ, Id="a"), document(READ, LIST, Id="a"), id="an Id that is kept"),
    ],
)
def test_a_statement_that_the_code_puts_beside_what_drifted_reverts_nothing(
    state: str, live: str, planned: str
) -> None:
    assert not reverts(state, live, planned)
    assert not reverts(state, live, planned, "aws_iam_role", "assume_role_policy")
    assert not reverts(state, live, planned, "aws_iam_policy")


@pytest.mark.parametrize(
    ("state", "live", "planned"),
    [
        pytest.param(document(READ), document(READ, WRITE), document(READ, LIST), id="what was added"),
        pytest.param(document(READ), document(READ, WRITE), document(READ, PUT, LIST), id="an action that was added"),
        pytest.param(document(READ, WRITE), document(READ), document(READ, WRITE, LIST), id="what was taken away"),
        pytest.param(document(READ, WRITE), document(READ), document(READ, PUT), id="what was taken away, edited"),
        pytest.param(document(NAMED), document(LIST), document(LIST, RENAMED), id="one of the same Sid"),
        pytest.param(document(WRITE), document(PUT), document(WRITE, LIST), id="an edit"),
        pytest.param(document(READ), document(READ, Id="a"), document(READ, LIST), id="an Id"),
        pytest.param(document(READ), document(READ, WRITE), "{", id="what cannot be read"),
    ],
)
def test_what_the_plan_takes_back_of_a_document_is_reverting(state: str, live: str, planned: str) -> None:
    assert reverts(state, live, planned)


def test_another_services_policy_goes_back_as_a_whole() -> None:
    sides = (document(READ), document(READ, WRITE), document(READ, WRITE, LIST))
    assert reverts(*sides, kind="aws_ecs_service")
