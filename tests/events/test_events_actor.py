"""Who made a call, and how."""

from __future__ import annotations

from typing import Any

import pytest
from cloudtrail_records import ACCOUNT, USER, record, session

from reconciler.events import actor_of
from reconciler.model import Actor


def who(identity: Any) -> tuple[str, str, str | None, str | None]:
    actor = actor_of(record(userIdentity=identity))
    return actor.kind, actor.name, actor.role, actor.session


GITHUB = {"federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
SUBJECT = {"attributes": {"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"}}


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (USER, ("iam_user", "ops-admin", None, None)),
        ({"type": "IAMUser", "arn": "arn:aws:iam::1:user/team/bob"}, ("iam_user", "bob", None, None)),
        ({"type": "Root", "accountId": ACCOUNT, "userName": "my-alias"}, ("root", "root", None, None)),
        (session("deploy", "release-42"), ("assumed_role", "deploy", "deploy", "release-42")),
        (session("deploy", "jane@example.com"), ("assumed_role", "deploy", "deploy", "jane@example.com")),
        (session("admin", "s", sourceIdentity="jane"), ("assumed_role", "jane", "admin", "s")),
        (
            session("AWSReservedSSO_Power_User_0123456789abcdef", "jane@example.com"),
            ("sso_user", "jane@example.com", "Power_User", "jane@example.com"),
        ),
        (
            session("AWSReservedSSO_Fake", "jane"),
            ("assumed_role", "AWSReservedSSO_Fake", "AWSReservedSSO_Fake", "jane"),
        ),
        (
            {
                **session("AWSServiceRoleForBatch", "aws-batch", path="aws-service-role/batch.amazonaws.com/"),
                "invokedBy": "batch.amazonaws.com",
            },
            ("aws_service", "batch.amazonaws.com", "AWSServiceRoleForBatch", "aws-batch"),
        ),
        (
            session("ci", "GitHubActions", webIdFederationData={**GITHUB, **SUBJECT}),
            ("federated", "acme/shop", "ci", "GitHubActions"),
        ),
        (session("ci", "run-7", webIdFederationData={**GITHUB, "attributes": {}}), ("federated", "ci", "ci", "run-7")),
        (session("ci", "run-7", webIdFederationData={}), ("assumed_role", "ci", "ci", "run-7")),
        ({"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/bob"}, ("federated", "bob", None, None)),
        ({"type": "SAMLUser", "userName": "bob", "principalId": "x"}, ("federated", "bob", None, None)),
        ({"type": "WebIdentityUser", "userName": "sub"}, ("federated", "sub", None, None)),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}, ("sso_user", "u-1", None, None)),
        ({"type": "AWSService", "invokedBy": "ecs.amazonaws.com"}, ("aws_service", "ecs.amazonaws.com", None, None)),
        ({"invokedBy": "backup.amazonaws.com"}, ("aws_service", "backup.amazonaws.com", None, None)),
        ({"type": "AWSAccount", "accountId": "999988887777"}, ("account", "999988887777", None, None)),
        ({"type": "Directory", "principalId": "d-1"}, ("unknown", "d-1", None, None)),
        ({}, ("unknown", "unknown", None, None)),
        (None, ("unknown", "unknown", None, None)),
        ("root", ("unknown", "unknown", None, None)),
    ],
)
def test_every_type_of_identity(identity: Any, expected: tuple[str, str, str | None, str | None]) -> None:
    assert who(identity) == expected


def test_a_cut_session_arn_leaves_the_session_to_the_principals_id() -> None:
    identity = {**session("AWSReservedSSO_admin_0123456789abcdef", "x"), "principalId": "AROAX:jane@example.com"}
    identity["arn"] = f"arn:aws:sts::{ACCOUNT}:assumed-role/jane@example.com"
    assert who(identity) == ("sso_user", "jane@example.com", "admin", "jane@example.com")


def test_a_session_without_its_issuer_is_read_from_the_arn() -> None:
    identity = {**session("deploy", "release"), "sessionContext": None}
    assert who(identity) == ("assumed_role", "deploy", "deploy", "release")


TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.7.0 (+https://www.terraform.io) terraform-provider-aws/5.100.0"


@pytest.mark.parametrize(
    ("agent", "more", "via"),
    [
        ("console.amazonaws.com", {}, "console"),
        ("signin.amazonaws.com", {}, "console"),
        ("Mozilla/5.0 (X11; Linux x86_64)", {}, "console"),
        ("Mozilla/5.0 (X11; Linux x86_64)", {"sessionCredentialFromConsole": "true"}, "console"),
        ("aws-internal/3 aws-sdk-java/1.12", {"sessionCredentialFromConsole": "true"}, "console"),
        ("aws-internal/3 aws-sdk-java/1.12", {"sessionCredentialFromConsole": "false"}, "sdk"),
        ("aws-cli/2.15.0 Python/3.11 command/ecs.update-service", {}, "cli"),
        ("aws-cli/2 exec-env/CloudShell", {"sessionCredentialFromConsole": "true"}, "cli"),
        ("Boto3/1.34 md/Botocore#1.34", {}, "sdk"),
        ("aws-sdk-go-v2/1.30 os/linux lang/go#1.22", {}, "sdk"),
        ("aws-sdk-java/1.11.918 Linux", {}, "sdk"),
        (TERRAFORM, {}, "terraform"),
        ("aws-sdk-go/1.36.28 (go1.15.5) APN/1.0 HashiCorp/1.0 Terraform/0.12.24", {}, "terraform"),
        ("[" + TERRAFORM + "]", {}, "terraform"),
        (TERRAFORM + " exec-env/CloudShell", {}, "terraform"),
        ("APN/1.0 OpenTofu/1.0 aws-sdk-go-v2/1", {}, "terraform"),
        ("APN/1.0 Pulumi/1.0 PulumiAWS/6.0 aws-sdk-go-v2/1", {}, "sdk"),
        ("cloudformation.amazonaws.com", {}, "cloudformation"),
        ("ecs.application-autoscaling.amazonaws.com", {}, "service"),
        ("AWS Internal", {}, "service"),
        ("Amazon ECS Agent - v1.49.0", {}, "unknown"),
        ("my-terraform-wrapper", {}, "unknown"),
        ("", {}, "unknown"),
        (None, {}, "unknown"),
        (["console.amazonaws.com"], {}, "unknown"),
    ],
)
def test_how_a_call_was_made(agent: Any, more: dict[str, Any], via: str) -> None:
    assert actor_of(record(userAgent=agent, **more)).via == via


@pytest.mark.parametrize(
    ("invoker", "agent", "via"),
    [
        ("cloudformation.amazonaws.com", "Mozilla/5.0", "cloudformation"),
        ("ecs.application-autoscaling.amazonaws.com", TERRAFORM, "service"),
        ("AWS Internal", "AWS Internal", "service"),
        ("signin.amazonaws.com", "signin.amazonaws.com", "console"),
    ],
)
def test_a_service_in_between_is_how_it_was_made(invoker: str, agent: str, via: str) -> None:
    assert actor_of(record(userAgent=agent, userIdentity={**USER, "invokedBy": invoker})).via == via


def test_what_stands_around_the_identity() -> None:
    identity = session("deploy", "release")
    identity["sessionContext"]["attributes"]["mfaAuthenticated"] = "true"
    actor = actor_of(record(userIdentity=identity, sourceIPAddress="AWS Internal"))
    assert actor == Actor(
        kind="assumed_role",
        name="deploy",
        role="deploy",
        session="release",
        via="cli",
        tool="AWS CLI 2.15.0",
        source_ip="AWS Internal",
        user_agent="aws-cli/2.15.0 Python/3.11",
        mfa=True,
        account=ACCOUNT,
        arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/release",
    )


def test_no_mfa_unless_the_record_says_so() -> None:
    for said in ("false", False, None, "yes", 1):
        identity = session("deploy", "release", attributes={"mfaAuthenticated": said})
        assert actor_of(record(userIdentity=identity)).mfa is False
