"""Whoever calls is recorded as AWS records such a caller."""

from __future__ import annotations

import re

import pytest

from reconciler.sandbox import IDENTITIES


def test_an_iam_user_is_recorded_with_the_sdks_own_user_agent(recorded, ecs):
    record = recorded(lambda: ecs.list_clusters())

    assert record["userIdentity"] == {
        "type": "IAMUser",
        "principalId": "AIDAOPSADMIN0EXAMPLE",
        "arn": "arn:aws:iam::123456789012:user/ops-admin",
        "accountId": "123456789012",
        "accessKeyId": "AKIAOPSADMIN0EXAMPLE",
        "userName": "ops-admin",
    }
    assert record["userAgent"].startswith("Boto3/")
    assert "sessionCredentialFromConsole" not in record


def test_a_console_user_comes_with_a_browser_and_a_session(recorded, sandbox):
    record = recorded(lambda: sandbox.client("ecs", "developer").list_clusters())

    assert record["userIdentity"]["userName"] == "developer@example.com"
    assert record["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"
    assert "sessionIssuer" not in record["userIdentity"]["sessionContext"]
    assert record["userAgent"].startswith("Mozilla/5.0")
    assert record["sessionCredentialFromConsole"] == "true"


@pytest.mark.parametrize(
    ("identity", "arn", "issuer"),
    [
        ("deploy", "assumed-role/deploy/release-42", "role/deploy"),
        ("terraform", "assumed-role/terraform-apply/terraform", "role/terraform-apply"),
        (
            "jane",
            "assumed-role/AWSReservedSSO_PowerUser_0123456789abcdef/jane@example.com",
            "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_PowerUser_0123456789abcdef",
        ),
    ],
)
def test_a_role_is_recorded_with_its_session_and_issuer(recorded, sandbox, identity, arn, issuer):
    who = recorded(lambda: sandbox.client("ecs", identity).list_clusters())["userIdentity"]

    assert who["type"] == "AssumedRole"
    assert who["arn"] == f"arn:aws:sts::123456789012:{arn}"
    assert who["sessionContext"]["sessionIssuer"]["arn"] == f"arn:aws:iam::123456789012:{issuer}"
    assert who["principalId"].endswith(":" + arn.rpartition("/")[2])
    assert "userName" not in who


def test_application_auto_scaling_hides_address_and_user_agent_behind_its_name(recorded, sandbox):
    record = recorded(lambda: sandbox.client("ecs", "autoscaling").list_clusters())

    service = "ecs.application-autoscaling.amazonaws.com"
    assert record["userIdentity"]["invokedBy"] == service
    assert (record["sourceIPAddress"], record["userAgent"]) == (service, service)


def test_a_strangers_key_is_a_user_of_its_own(sandbox):
    import boto3
    from botocore.config import Config

    boto3.client(
        "ecs",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        aws_access_key_id="AKIASTRANGER00000000",
        aws_secret_access_key="any",
        config=Config(proxies={}),
    ).list_clusters()

    who = sandbox.records()[-1]["userIdentity"]
    assert who["accessKeyId"] == "AKIASTRANGER00000000"
    assert who["arn"] not in {identity.arn for identity in IDENTITIES.values()}


def test_the_identities_keys_and_arns_are_all_different():
    assert len({identity.access_key for identity in IDENTITIES.values()}) == len(IDENTITIES)
    assert len({identity.arn for identity in IDENTITIES.values()}) == len(IDENTITIES)
    assert all(re.fullmatch(r"A[KS]IA[A-Z0-9]{16}", identity.access_key) for identity in IDENTITIES.values())
