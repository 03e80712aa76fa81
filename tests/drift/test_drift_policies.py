"""Policy documents of IAM: their spelling is no drift, what they allow is, and every change of them is grave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.drift.attribution import attribute_events
from reconciler.drift.differences import find_differences
from reconciler.drift.severity import severity_of
from reconciler.model import AttributeChange, Drift, ResourceId
from tests.change_events import change_event

ALLOW = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}}


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def differs(before: str, after: str, name: str = "policy", kind: str = "aws_iam_role_policy") -> bool:
    return bool(find_differences(kind, {name: before}, {name: after}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (document(ALLOW), document({**ALLOW, "Action": ["s3:ListBucket", "s3:GetObject"]})),
        (document(ALLOW), document({**ALLOW, "Resource": ["*"]})),
        (document(ALLOW), json.dumps({"Statement": ALLOW, "Version": "2012-10-17"}, indent=2)),
        (document(ALLOW, TRUST), document(TRUST, ALLOW)),
        (document(TRUST), document({**TRUST, "Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}})),
        (document(TRUST), document({**TRUST, "Principal": {"AWS": ["arn:aws-cn:iam::111122223333:root"]}})),
    ],
)
def test_the_same_policy_in_another_spelling_is_no_drift(before: str, after: str) -> None:
    assert not differs(before, after)
    assert not differs(before, after, "assume_role_policy", "aws_iam_role")


@pytest.mark.parametrize(
    "after",
    [
        document({**ALLOW, "Action": "*"}),
        document({**ALLOW, "Effect": "Deny"}),
        document(ALLOW, TRUST),
        document({**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        document({**ALLOW, "Action": ["s3:getobject", "s3:ListBucket", "s3:*"]}),
        document({"Effect": "Allow", "NotAction": ALLOW["Action"], "Resource": "*"}),
        "{",
    ],
)
def test_what_a_policy_allows_is_drift(after: str) -> None:
    assert differs(document(ALLOW), after)


def test_another_principal_is_drift() -> None:
    anybody = document({**TRUST, "Principal": "*"})
    assert differs(document(TRUST), anybody, "assume_role_policy", "aws_iam_role")
    other = document({**TRUST, "Principal": {"AWS": "arn:aws:iam::111122223333:user/root"}})
    assert differs(document(TRUST), other, "assume_role_policy", "aws_iam_role")


def test_a_policy_elsewhere_is_not_the_products() -> None:
    assert differs(document(ALLOW, TRUST), document(TRUST, ALLOW), kind="aws_sqs_queue_policy")


@pytest.mark.parametrize(
    ("kind", "name", "severity"),
    [
        ("aws_iam_role_policy", "policy", "high"),
        ("aws_iam_policy_attachment", "roles", "high"),
        ("aws_iam_role", "assume_role_policy", "high"),
        ("aws_iam_role", "permissions_boundary", "high"),
        ("aws_iam_role", "description", "low"),
        ("aws_iam_role", "tags", "low"),
        ("aws_service_discovery_service", "dns_config", "medium"),
    ],
)
def test_what_a_task_may_do_is_grave(kind: str, name: str, severity: str) -> None:
    change = AttributeChange(path=(name,), state="a", live="b")
    drift = Drift(address=f"{kind}.x", type=kind, deleted=False, changes=(change,), before={}, live={})
    assert severity_of(drift, ()).severity == severity


def test_the_call_that_set_a_tag_explains_it_where_the_tag_is_a_resource_of_its_own() -> None:
    change = AttributeChange(path=("value",), state="a", live="b")
    live = {"key": "team", "value": "b"}
    drift = Drift(address="aws_ecs_tag.t", type="aws_ecs_tag", deleted=False, changes=(change,), before={}, live=live)
    assert severity_of(drift, ()).severity == "low"
    for tags, expected in (({"team": "b"}, "1"), ({"team": "c"}, None), ({"stage": "b"}, None)):
        event = change_event(name="TagResource", requested={"tags": tags})
        assert attribute_events(drift, [event]).changes[0].event_id == expected


def test_whoever_attached_a_policy_to_a_role_explains_the_role_in_the_one_resource_that_attaches_it() -> None:
    kind = "aws_iam_policy_attachment"
    change = AttributeChange(path=("roles",), state=["a"], live=["a", "b"])
    drift = Drift(
        address=f"{kind}.p", type=kind, deleted=False, changes=(change,), before={}, live={"roles": ["a", "b"]}
    )
    for role, name, expected in (
        ("b", "AttachRolePolicy", "1"),
        ("a", "AttachRolePolicy", None),
        ("b", "DetachRolePolicy", None),
    ):
        named = ResourceId(type="aws_iam_role_policy_attachment", arn="arn:aws:iam::aws:policy/P", name="P", role=role)
        event = change_event(named, name=name, source="iam.amazonaws.com")
        assert attribute_events(drift, [event]).changes[0].event_id == expected
