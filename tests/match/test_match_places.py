"""In which account and region a resource is whose state holds no ARN: as learnt from what its provider made."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.match import build_index
from reconciler.model import ResourceId, State, StateResource

ONE, OTHER = "111111111111", "222222222222"


def resource(type_: str, provider: str = "aws", **attributes: Any) -> StateResource:
    return StateResource(workspace="w", address=f"{type_}.x", type=type_, provider=provider, attributes=attributes)


def service(account: str = ONE, region: str = "us-east-1", **more: Any) -> StateResource:
    arn = f"arn:aws:ecs:{region}:{account}:service/other/web"
    return resource("aws_ecs_service", id=arn, name="web", cluster="other", **more)


def role(account: str = ONE, **more: Any) -> StateResource:
    return resource("aws_iam_role", arn=f"arn:aws:iam::{account}:role/app", name="app", **more)


INLINE = resource("aws_iam_role_policy", id="app:inline", name="inline", role="app")
TARGET = resource("aws_appautoscaling_target", id="service/prod/web", arn=None, resource_id="service/prod/web")
PROVIDERS = resource("aws_ecs_cluster_capacity_providers", id="prod", cluster_name="prod")
NEWER = resource("aws_ecs_cluster_capacity_providers", id="prod", cluster_name="prod", region="eu-west-1")
SETTING = resource("aws_ecs_account_setting_default", id=f"arn:aws:iam::{ONE}:root", name="containerInsights")

A_POLICY = ResourceId(type="aws_iam_role_policy", role="app", name="inline")
A_TARGET = ResourceId(type="aws_appautoscaling_target", cluster="prod", service="web")
THE_PROVIDERS = ResourceId(type="aws_ecs_cluster_capacity_providers", cluster="prod")
A_SETTING = ResourceId(type="aws_ecs_account_setting_default", name="containerInsights")


def is_found(wanted: ResourceId, account: str, region: str | None, *resources: StateResource) -> bool:
    index = build_index([State(workspace="w", serial=1, lineage="l", resources=resources)], {})
    names = {name: getattr(wanted, name) for name in ResourceId.__slots__}
    return bool(index.find(ResourceId(**{**names, "account": account, "region": region})))


@pytest.mark.parametrize(
    ("wanted", "region", "resources"),
    [
        (A_POLICY, None, (role(), INLINE)),
        (A_POLICY, None, (service(), INLINE)),
        (A_TARGET, "us-east-1", (service(), TARGET)),
        (THE_PROVIDERS, "us-east-1", (service(), PROVIDERS)),
        (THE_PROVIDERS, "us-east-1", (role(), PROVIDERS)),
        (A_SETTING, "us-east-1", (SETTING,)),
    ],
)
def test_the_account_is_that_of_anything_its_provider_made(
    wanted: ResourceId, region: str | None, resources: tuple[StateResource, ...]
) -> None:
    assert is_found(wanted, ONE, region, *resources)
    assert not is_found(wanted, OTHER, region, *resources)


def test_the_region_is_learnt_apart_from_the_account() -> None:
    assert is_found(THE_PROVIDERS, ONE, "us-east-1", service(), role(), PROVIDERS)
    assert not is_found(THE_PROVIDERS, ONE, "eu-west-1", service(), role(), PROVIDERS)
    two_regions = (service(), service(region="eu-west-1"), PROVIDERS)
    assert is_found(THE_PROVIDERS, ONE, "eu-west-1", *two_regions)
    assert not is_found(THE_PROVIDERS, OTHER, "eu-west-1", *two_regions)


def test_the_region_that_the_provider_writes_into_each_resource_comes_first() -> None:
    assert is_found(THE_PROVIDERS, ONE, "eu-west-1", service(), NEWER)
    assert not is_found(THE_PROVIDERS, ONE, "us-east-1", service(), NEWER)


@pytest.mark.parametrize(
    "others",
    [
        (role(), role(OTHER)),
        (role(provider="aws.else"),),
        (resource("aws_iam_role_policy_attachment", id="x", policy_arn="arn:aws:iam::aws:policy/Admin"),),
        (resource("aws_iam_policy", arn="arn:aws:iam::aws:policy/Admin"),),
        (resource("aws_s3_bucket", arn="arn:aws:s3:::bucket", id="bucket"),),
        (resource("aws_x", arn=["arn"], id={"arn:aws:iam::1:x": 1}, resource_arn="arn:aws:iam:::x"),),
    ],
)
def test_what_tells_no_account_or_two_leaves_it_open(others: tuple[StateResource, ...]) -> None:
    assert is_found(A_POLICY, OTHER, None, *others, INLINE)
    assert is_found(A_POLICY, ONE, None, *others, INLINE)
