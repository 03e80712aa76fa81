"""Policy documents of data sources that are read during the apply: what the plan has of their statements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.drift.policy_documents import planned_document
from reconciler.model.plan_changes import UNKNOWN

ADDRESS = "data.aws_iam_policy_document.p"
BASE = {"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:*"}]}


def statement(**members: Any) -> dict[str, Any]:
    """Return a statement as a plan has it."""
    lists = {"actions": None, "not_actions": None, "resources": None, "not_resources": None}
    blocks: dict[str, Any] = {"principals": [], "not_principals": [], "condition": []}
    return {"sid": None, "effect": None, **lists, **blocks, **members}


def plan(*statements: dict[str, Any], unknown: Any = None, action: str = "read", **members: Any) -> dict[str, Any]:
    after = {"policy_id": None, "version": None, "statement": [*statements], **members}
    told = {"json": True, "minified_json": True, **(unknown or {})}
    change = {"actions": [action], "before": None, "after": after, "after_unknown": told}
    entry = {"address": ADDRESS, "mode": "data", "type": "aws_iam_policy_document", "change": change}
    return {"resource_changes": [entry]}


def test_a_document_that_is_known_has_the_text_that_the_provider_makes() -> None:
    full_plan = plan(
        statement(sid="Read", actions=["s3:GetObject", "s3:PutObject"], resources=["arn:aws:s3:::b/&{aws:username}"]),
        statement(
            effect="Deny",
            not_actions=["sqs:*"],
            principals=[{"type": "AWS", "identifiers": ["1", "2"]}, {"type": "Service", "identifiers": ["ecs"]}],
            not_resources=["*"],
            condition=[
                {"test": "StringEquals", "variable": "aws:b", "values": ["x"]},
                {"test": "StringEquals", "variable": "aws:a", "values": ["z", "y"]},
            ],
        ),
        statement(actions=["sts:AssumeRole"], principals=[{"type": "*", "identifiers": ["*"]}]),
        policy_id="own",
    )
    first = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"]}
    second = {"Effect": "Deny", "NotAction": "sqs:*", "NotResource": "*"}
    who = {"AWS": ["2", "1"], "Service": "ecs"}
    where = {"StringEquals": {"aws:a": ["z", "y"], "aws:b": "x"}}
    statements = [
        {**first, "Resource": "arn:aws:s3:::b/${aws:username}"},
        {**second, "Principal": who, "Condition": where},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"},
    ]
    document = {"Version": "2012-10-17", "Id": "own", "Statement": statements}
    assert planned_document(full_plan, ADDRESS, "json") == json.dumps(document, indent=2)
    assert planned_document(full_plan, ADDRESS, "minified_json") == json.dumps(document, separators=(",", ":"))


def test_what_only_the_apply_will_tell_is_open_in_its_place() -> None:
    inner = [{"resources": [False, True]}]
    full_plan = plan(statement(actions=["sqs:*"], resources=["a", None]), unknown={"statement": inner})
    document = planned_document(full_plan, ADDRESS, "json")
    assert document["Statement"] == [{"Effect": "Allow", "Action": "sqs:*", "Resource": ["a", UNKNOWN]}]


def test_documents_that_are_merged_into_it_come_along_and_the_last_of_a_sid_counts() -> None:
    own = [statement(sid="Read", actions=["s3:GetObject"]), statement(actions=["sqs:*"])]
    more = {**BASE, "Id": "more"}
    merged = json.loads(planned_document(plan(*own, source_policy_documents=[json.dumps(more)]), ADDRESS, "json"))
    assert (merged["Id"], [each["Action"] for each in merged["Statement"]]) == ("more", ["s3:GetObject", "sqs:*"])
    merged = json.loads(planned_document(plan(*own, override_policy_documents=[json.dumps(BASE)]), ADDRESS, "json"))
    assert [each["Action"] for each in merged["Statement"]] == ["s3:*", "sqs:*"]


@pytest.mark.parametrize(
    "full_plan",
    [
        plan(unknown={"statement": True}),
        plan(statement(), unknown={"source_policy_documents": [True]}, source_policy_documents=[None]),
        plan(statement(), source_policy_documents=["{"]),
        plan(statement(), unknown={"override_policy_documents": True}),
        plan(statement(), unknown={"statement": [{"condition": True}]}),
        plan(
            statement(principals=[{"type": None, "identifiers": ["1"]}]),
            unknown={"statement": [{"principals": [{"type": True}]}]},
        ),
        plan(statement(sid=None), unknown={"statement": [{"sid": True}]}),
        {},
    ],
    ids=["statements", "source", "no JSON", "overrides", "conditions", "a kind of principal", "a Sid", "no plan"],
)
def test_nothing_is_told_where_a_part_may_be_anything(full_plan: Any) -> None:
    assert planned_document(full_plan, ADDRESS, "json") is UNKNOWN
