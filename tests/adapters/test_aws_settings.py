"""AWS settings in Terraform's words, as a client takes them."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.adapters.aws import Role
from reconciler.adapters.aws_settings import client_options

HUB, PLAN = "arn:aws:iam::333333333333:role/hub", "arn:aws:iam::210987654321:role/plan"


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        ({}, {}),
        ({"profile": None, "assume_role": [], "region": "eu-west-1", "max_retries": "3"}, {}),
        ({"profile": "shop", "token": "t"}, {"profile": "shop", "session_token": "t"}),
        ({"role_arn": PLAN, "external_id": "x"}, {"roles": (Role(PLAN, "x"),)}),
        ({"assume_role": {"role_arn": PLAN, "session_name": "s"}}, {"roles": (Role(PLAN, None, "s"),)}),
        ({"assume_role": [{"role_arn": HUB}, {"role_arn": PLAN}]}, {"roles": (Role(HUB), Role(PLAN))}),
        ({"assume_role": [{"role_arn": None, "external_id": "x"}]}, {}),
        ({"endpoints": [{"ecs": "http://ecs", "sts": "http://sts"}]}, {"sts_endpoint": "http://sts"}),
        ({"endpoints": {"appautoscaling": "http://a", "s3": ""}}, {"endpoint": "http://a"}),
        ({"endpoints": {"applicationautoscaling": "http://b"}}, {"endpoint": "http://b"}),
    ],
)
def test_settings_are_what_a_client_takes(settings: Any, options: Any) -> None:
    assert client_options(settings, "application-autoscaling") == options


@pytest.mark.parametrize(
    "settings",
    [
        {"shared_credentials_files": ["/x"]},
        {"assume_role": [{"role_arn": HUB, "policy": "{}"}]},
        {"assume_role": [{"role_arn": HUB}, {"role_arn": PLAN, "source_identity": "jane"}]},
        {"assume_role_with_web_identity": [{"role_arn": PLAN}]},
        {"assume_role_with_web_identity": [{"role_arn": PLAN, "web_identity_token_file": "~/token"}]},
    ],
)
def test_what_only_terraform_can_do_is_not_done_by_halves(settings: Any) -> None:
    assert client_options(settings, "ecs") is None
