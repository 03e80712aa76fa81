"""Whether what a plan calls gone is there, asked of the embedded AWS; another account's word counts for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.existence import Existence
from reconciler.errors import AwsError
from reconciler.model import Provider, ResourceId, Workspace
from reconciler.sandbox import ACCOUNT, REGION, Sandbox

PROD = Workspace(name="prod", path=Path("/nowhere"))
OTHER = "210987654321"
ELSEWHERE = Provider(settings={"assume_role": [{"role_arn": f"arn:aws:iam::{OTHER}:role/plan"}]})
ALLOWED = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}'
SCALED: Any = {"cluster": "exist", "service": "web", "region": REGION}


def of(kind: str, **names: Any) -> ResourceId:
    return ResourceId(type=kind, account=ACCOUNT, **names)


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, ResourceId]:
    """Make one resource of each type; returns their identities as states give them."""
    ecs, scaling, iam, discovery = (
        sandbox.client(service) for service in ("ecs", "application-autoscaling", "iam", "servicediscovery")
    )
    ecs.create_cluster(clusterName="exist")
    ecs.register_task_definition(family="exist", containerDefinitions=[{"name": "a", "image": "a", "memory": 64}])
    ecs.create_service(cluster="exist", serviceName="web", taskDefinition="exist", desiredCount=1)
    scaled: Any = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/exist/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling.register_scalable_target(**scaled, MinCapacity=1, MaxCapacity=4)
    scaling.put_scaling_policy(**scaled, PolicyName="up", PolicyType="StepScaling")
    scaling.put_scheduled_action(**scaled, ScheduledActionName="night", Schedule="cron(0 1 * * ? *)")
    iam.create_role(RoleName="exist-task", AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName="exist-task", PolicyName="inline", PolicyDocument=ALLOWED)
    policy = iam.create_policy(PolicyName="exist-managed", PolicyDocument=ALLOWED)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="exist-task", PolicyArn=policy)
    discovery.create_http_namespace(Name="exist.local")
    namespace = next(each for each in discovery.list_namespaces()["Namespaces"] if each["Name"] == "exist.local")
    registry = discovery.create_service(Name="web", NamespaceId=namespace["Id"])["Service"]
    return {
        "target": of("aws_appautoscaling_target", **SCALED),
        "scaling policy": of("aws_appautoscaling_policy", **SCALED, name="up"),
        "scheduled action": of("aws_appautoscaling_scheduled_action", **SCALED, name="night"),
        "role": of("aws_iam_role", name="exist-task"),
        "inline policy": of("aws_iam_role_policy", role="exist-task", name="inline"),
        "policy": of("aws_iam_policy", arn=policy, name="exist-managed"),
        "attachment": of("aws_iam_role_policy_attachment", role="exist-task", arn=policy, name="exist-managed"),
        "namespace": of("aws_service_discovery_http_namespace", arn=namespace["Arn"], region=REGION),
        "registry": of("aws_service_discovery_service", arn=registry["Arn"], region=REGION),
        "service": of("aws_ecs_service", cluster="exist", name="web", region=REGION),
    }


KINDS = (
    "target",
    "scaling policy",
    "scheduled action",
    "role",
    "inline policy",
    "policy",
    "attachment",
    "namespace",
    "registry",
    "service",
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_told(sandbox: Sandbox, made: dict[str, ResourceId], kind: str) -> None:
    assert Existence(sandbox.environment())(PROD, made[kind]) == "ACTIVE"


GONE = {
    "target": of("aws_appautoscaling_target", **{**SCALED, "service": "gone"}),
    "scaling policy": of("aws_appautoscaling_policy", **SCALED, name="gone"),
    "scheduled action": of("aws_appautoscaling_scheduled_action", **SCALED, name="gone"),
    "role": of("aws_iam_role", name="gone"),
    "inline policy": of("aws_iam_role_policy", role="exist-task", name="gone"),
    "inline policy of no role": of("aws_iam_role_policy", role="gone", name="inline"),
    "policy": of("aws_iam_policy", arn=f"arn:aws:iam::{ACCOUNT}:policy/gone", name="gone"),
    "attachment": of("aws_iam_role_policy_attachment", role="exist-task", arn="arn:aws:iam::aws:policy/gone"),
    "namespace": of(
        "aws_service_discovery_private_dns_namespace",
        arn=f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:namespace/ns-gone",
        region=REGION,
    ),
    "registry": of(
        "aws_service_discovery_service",
        arn=f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:service/srv-gone",
        region=REGION,
    ),
    "service": of("aws_ecs_service", cluster="exist", name="gone", region=REGION),
}


@pytest.mark.parametrize("kind", GONE)
def test_what_is_not_there_is_missing(sandbox: Sandbox, made: dict[str, ResourceId], kind: str) -> None:
    assert Existence(sandbox.environment())(PROD, GONE[kind]) == "MISSING"


@pytest.mark.parametrize("kind", [*KINDS, "account setting"])
def test_another_accounts_word_counts_for_nothing(sandbox: Sandbox, made: dict[str, ResourceId], kind: str) -> None:
    setting = of("aws_ecs_account_setting_default", name="containerInsights", region=REGION)
    workspace = Workspace(name="prod", path=Path("/nowhere"), provider=ELSEWHERE)
    with pytest.raises(AwsError, match=f"account {OTHER} has answered for {ACCOUNT}"):
        Existence(sandbox.environment())(workspace, {**made, "account setting": setting}[kind])


@pytest.mark.parametrize(
    "resource",
    [
        of("aws_ecs_account_setting_default", name="containerInsights", region=REGION),
        of("aws_appautoscaling_target", region=REGION),
        of("aws_service_discovery_service", name="without an ARN", region=REGION),
    ],
)
def test_of_some_only_the_account_is_asked(sandbox: Sandbox, resource: ResourceId) -> None:
    assert Existence(sandbox.environment())(PROD, resource) is None


def test_a_failure_to_ask_is_no_answer(sandbox: Sandbox) -> None:
    nowhere = {**sandbox.environment(), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    with pytest.raises(AwsError, match="iam in any region: Could not connect"):
        Existence(nowhere)(PROD, GONE["role"])
