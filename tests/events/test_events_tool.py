"""Which program a user agent names, and which workflow an OIDC token."""

from __future__ import annotations

from typing import Any

import pytest
from cloudtrail_records import ACCOUNT, USER, record, session

from reconciler.events import actor_of

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
AGENTS = [
    ("console.amazonaws.com", "console", None),
    ("signin.amazonaws.com", "console", None),
    ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.991]", "console", "AWS SDK for Java 1.11.991"),
    (BROWSER, "console", None),
    ("aws-cli/1.29.0 Python/3.8.10 Linux/5.4 botocore/1.31.0", "cli", "AWS CLI 1.29.0"),
    ("aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/command#ecs.update-service", "cli", "AWS CLI 2.15.0"),
    ("[aws-cli/2.0.1 Python/3.7]", "cli", "AWS CLI 2.0.1"),
    ("aws-cli/2.15.0 Python/3.11 exec-env/CloudShell exe/x86_64", "cli", "AWS CloudShell"),
    ("Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 lang/python#3.12.1", "sdk", "Boto3 1.34.0 (Python)"),
    ("aws-sdk-go-v2/1.24.0 os/linux lang/go#1.21 api/ecs#1.35.6", "sdk", "AWS SDK for Go 1.24.0"),
    ("aws-sdk-go/1.44.221 (go1.19; linux; amd64)", "sdk", "AWS SDK for Go 1.44.221"),
    ("aws-sdk-js/3.500.0 ua/2.0 os/linux lang/js md/nodejs#18.0", "sdk", "AWS SDK for JavaScript 3.500.0"),
    ("aws-sdk-nodejs/2.1000.0 linux/v16", "sdk", "AWS SDK for JavaScript 2.1000.0"),
    ("aws-sdk-java/2.20.0 Linux/5.10 Java/17", "sdk", "AWS SDK for Java 2.20.0"),
    ("aws-sdk-rust/1.0.0 os/linux lang/rust/1.72", "sdk", "AWS SDK for Rust 1.0.0"),
    ("aws-sdk-ruby3/3.180.0 ua/2.0", "sdk", "AWS SDK for Ruby 3.180.0"),
    (
        "APN/1.0 HashiCorp/1.0 Terraform/1.4.7 (+https://www.terraform.io) terraform-provider-aws/4.59.0 aws-sdk-go/1",
        "terraform",
        "Terraform 1.4.7",
    ),
    ("aws-sdk-go/1.36.28 (go1.15) APN/1.0 HashiCorp/1.0 Terraform/0.12.24 (+x)", "terraform", "Terraform 0.12.24"),
    ("OpenTofu/1.8.2 (+https://opentofu.org) terraform-provider-aws/5.70.0", "terraform", "OpenTofu 1.8.2"),
    ("APN/1.0 Pulumi/1.0 PulumiAws/6.0.0 aws-sdk-go-v2/1.24.0", "sdk", "Pulumi 1.0"),
    ("cloudformation.amazonaws.com", "cloudformation", "AWS CloudFormation"),
    ("codedeploy.amazonaws.com", "service", "AWS CodeDeploy"),
    ("aws-sdk-go/1.44.0 (go1.20; linux) copilot-cli/v1.30.0", "cli", "AWS Copilot 1.30.0"),
    ("ecs.amazonaws.com", "service", None),
    ("AWS Internal", "service", None),
    ("curl/8.0", "unknown", None),
    ("", "unknown", None),
]


@pytest.mark.parametrize(("agent", "via", "tool"), AGENTS)
def test_how_and_with_what(agent: str, via: str, tool: str | None) -> None:
    actor = actor_of(record(userAgent=agent))
    assert (actor.via, actor.tool) == (via, tool)


@pytest.mark.parametrize(
    ("invoker", "via", "tool"),
    [
        ("cloudformation.amazonaws.com", "cloudformation", "AWS CloudFormation"),
        ("codedeploy.amazonaws.com", "service", "AWS CodeDeploy"),
        ("ecs.application-autoscaling.amazonaws.com", "service", None),
    ],
)
def test_a_service_in_between_comes_before_the_user_agent(invoker: str, via: str, tool: str | None) -> None:
    actor = actor_of(record(userIdentity={**USER, "invokedBy": invoker}, userAgent=invoker))
    assert (actor.via, actor.tool) == (via, tool)


def test_a_session_of_the_console_is_the_consoles_whatever_its_agent() -> None:
    assert actor_of(record(userAgent="x", sessionCredentialFromConsole="true")).via == "console"


GITHUB = {"federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
ISSUER = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("claims", "name", "workflow"),
    [
        ({f"{ISSUER}:sub": "repo:acme/shop:ref:refs/heads/main"}, "acme/shop", None),
        ({f"{ISSUER}:sub": "repo:acme/shop:environment:prod", "workflow": "Deploy"}, "acme/shop", "Deploy"),
        (
            {f"{ISSUER}:sub": "repo:acme/shop:job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/main"},
            "acme/shop",
            "acme/ci/.github/workflows/d.yml@refs/heads/main",
        ),
        (
            {f"{ISSUER}:repository": "acme/shop", f"{ISSUER}:job_workflow_ref": "acme/shop/x@y"},
            "acme/shop",
            "acme/shop/x@y",
        ),
        ({}, "ci", None),
        ({f"{ISSUER}:sub": 5}, "ci", None),
    ],
)
def test_github_actions_says_repository_and_workflow_when_its_token_does(
    claims: dict[str, Any], name: str, workflow: str | None
) -> None:
    provider = {**GITHUB, "attributes": claims}
    actor = actor_of(record(userIdentity=session("ci", "GitHubActions", webIdFederationData=provider)))
    assert (actor.kind, actor.name, actor.role, actor.workflow) == ("federated", name, "ci", workflow)


def test_a_web_identity_names_its_repository_too() -> None:
    user = {"type": "WebIdentityUser", "userName": "repo:acme/shop:workflow:Deploy"}
    actor = actor_of(record(userIdentity=user))
    assert (actor.kind, actor.name, actor.workflow) == ("federated", "acme/shop", "Deploy")
