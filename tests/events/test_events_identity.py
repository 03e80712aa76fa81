"""Which resources a record names, in every form that names come in."""

from __future__ import annotations

from typing import Any

import pytest
from cloudtrail_records import ARN, change, record, scaling

from reconciler.model import ResourceId

NAMES = ("type", "arn", "cluster", "name", "family", "revision", "service")


def resources(body: dict[str, Any]) -> list[dict[str, Any]]:
    found = change(body).resources
    return [{n: getattr(one, n) for n in NAMES if getattr(one, n) is not None} for one in found]


def only(body: dict[str, Any]) -> dict[str, Any]:
    (found,) = resources(body)
    return found


WEB = {"type": "aws_ecs_service", "arn": ARN + "service/prod/web", "cluster": "prod", "name": "web"}


@pytest.mark.parametrize("cluster", ["prod", ARN + "cluster/prod"])
@pytest.mark.parametrize("service", ["web", ARN + "service/prod/web"])
@pytest.mark.parametrize("name", ["UpdateService", "DeleteService"])
def test_a_service_by_name_or_arn(name: str, service: str, cluster: str) -> None:
    assert only(record(name, {"service": service, "cluster": cluster})) == WEB


def test_a_long_service_arn_names_the_cluster_that_the_request_leaves_out() -> None:
    assert only(record("UpdateService", {"service": ARN + "service/prod/web"})) == WEB


def test_an_old_short_service_arn_takes_the_cluster_from_beside_it() -> None:
    short = ARN + "service/web"
    assert only(record("UpdateService", {"service": short, "cluster": "prod"})) == {**WEB, "arn": short}
    answer = {"service": {"serviceArn": short, "clusterArn": ARN + "cluster/prod"}}
    assert only(record("UpdateService", {"service": "web", "cluster": "wrong"}, answer)) == {**WEB, "arn": short}


def test_a_cluster_left_out_is_default() -> None:
    assert only(record("CreateService", {"serviceName": "web"})) == {
        **WEB,
        "cluster": "default",
        "arn": ARN + "service/default/web",
    }
    assert only(record("CreateCluster", {"tags": []}))["name"] == "default"


def test_the_responses_arn_comes_first() -> None:
    answer = {"service": {"serviceArn": ARN + "service/prod/web", "clusterArn": ARN + "cluster/prod"}}
    assert only(record("CreateService", {"serviceName": "other", "cluster": "other"}, answer)) == WEB


@pytest.mark.parametrize("answer", [None, {}, {"service": None}, {"service": {"serviceArn": "web"}}, {"omitted": True}])
def test_a_response_without_an_arn_leaves_it_to_the_request(answer: Any) -> None:
    assert only(record("UpdateService", {"service": "web", "cluster": "prod"}, answer)) == WEB


@pytest.mark.parametrize("request_", [None, {"omitted": True, "originalSize": 200000}, "HIDDEN"])
def test_a_truncated_request_is_not_guessed(request_: Any) -> None:
    assert only(record("UpdateService", request_)) == {"type": "aws_ecs_service"}
    assert only(record("CreateCluster", request_)) == {"type": "aws_ecs_cluster"}


def test_a_truncated_request_with_a_response_is_whole() -> None:
    assert only(record("CreateCluster", None, {"cluster": {"clusterArn": ARN + "cluster/default"}})) == {
        "type": "aws_ecs_cluster",
        "arn": ARN + "cluster/default",
        "cluster": "default",
        "name": "default",
    }


@pytest.mark.parametrize(
    ("region", "partition"),
    [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-east-1", "aws"), ("us-iso-east-1", "aws-iso")],
)
def test_built_arns_are_of_the_regions_partition(region: str, partition: str) -> None:
    body = record("DeleteCluster", {"cluster": "prod"}, awsRegion=region)
    assert only(body)["arn"] == f"arn:{partition}:ecs:{region}:111122223333:cluster/prod"


def test_without_an_account_no_arn_is_made_up() -> None:
    body = record("DeleteCluster", {"cluster": "prod"}, recipientAccountId=None, userIdentity={})
    assert "arn" not in only(body)


def test_the_cluster_and_its_capacity_providers_are_two_resources() -> None:
    assert only(record("UpdateClusterSettings", {"cluster": "prod"}))["type"] == "aws_ecs_cluster"
    assert only(record("PutClusterCapacityProviders", {"cluster": ARN + "cluster/prod"})) == {
        "type": "aws_ecs_cluster_capacity_providers",
        "arn": ARN + "cluster/prod",
        "cluster": "prod",
        "name": "prod",
    }


@pytest.mark.parametrize("given", ["web:7", ARN + "task-definition/web:7"])
def test_a_task_definition_by_name_or_arn(given: str) -> None:
    assert only(record("DeregisterTaskDefinition", {"taskDefinition": given})) == {
        "type": "aws_ecs_task_definition",
        "arn": ARN + "task-definition/web:7",
        "family": "web",
        "revision": 7,
    }


def test_a_new_revision_is_known_from_the_response_only() -> None:
    assert only(record("RegisterTaskDefinition", {"family": "web"})) == {
        "type": "aws_ecs_task_definition",
        "family": "web",
    }
    answer = {"taskDefinition": {"taskDefinitionArn": ARN + "task-definition/web:8"}}
    assert only(record("RegisterTaskDefinition", {"family": "web"}, answer))["revision"] == 8


def test_every_task_definition_of_one_call() -> None:
    found = resources(
        record("DeleteTaskDefinitions", {"taskDefinitions": ["web:1", ARN + "task-definition/api:2", "web:1"]})
    )
    assert [(one["family"], one["revision"]) for one in found] == [("web", 1), ("api", 2)]


@pytest.mark.parametrize("given", ["spot", ARN + "capacity-provider/spot"])
def test_a_capacity_provider_by_either_member(given: str) -> None:
    expected = {"type": "aws_ecs_capacity_provider", "arn": ARN + "capacity-provider/spot", "name": "spot"}
    assert only(record("DeleteCapacityProvider", {"capacityProvider": given})) == expected
    assert only(record("UpdateCapacityProvider", {"name": given})) == expected


def test_a_task_set_keeps_the_slash_in_its_id() -> None:
    task_set = {
        "type": "aws_ecs_task_set",
        "arn": ARN + "task-set/prod/web/ecs-svc/123",
        "cluster": "prod",
        "service": "web",
        "name": "ecs-svc/123",
    }
    by_name = {"cluster": "prod", "service": "web", "taskSet": "ecs-svc/123"}
    by_arn = {"cluster": ARN + "cluster/prod", "service": ARN + "service/prod/web", "taskSet": task_set["arn"]}
    assert only(record("DeleteTaskSet", by_name)) == task_set
    assert only(record("UpdateTaskSet", by_arn)) == task_set
    primary = {"cluster": "prod", "service": "web", "primaryTaskSet": "ecs-svc/123"}
    assert resources(record("UpdateServicePrimaryTaskSet", primary)) == [WEB, task_set]


def test_a_task_set_that_the_response_does_not_name_is_of_its_service() -> None:
    assert only(record("CreateTaskSet", {"cluster": "prod", "service": "web"})) == {
        "type": "aws_ecs_task_set",
        "cluster": "prod",
        "service": "web",
    }


@pytest.mark.parametrize("name", ["StopServiceDeployment", "ContinueServiceDeployment"])
def test_a_deployment_is_its_services(name: str) -> None:
    deployment = ARN + "service-deployment/prod/web/abc"
    assert only(record(name, {"serviceDeploymentArn": deployment})) == WEB
    assert only(record(name, None, {"serviceDeploymentArn": deployment})) == WEB


def test_account_settings_are_known_by_name() -> None:
    expected = {"type": "aws_ecs_account_setting_default", "name": "containerInsights"}
    assert only(record("PutAccountSettingDefault", {"name": "containerInsights", "value": "enabled"})) == expected
    answer = {"setting": {"name": "containerInsights", "principalArn": "arn:aws:iam::111122223333:root"}}
    assert only(record("DeleteAccountSetting", {"name": "containerInsights"}, answer)) == expected
    of_root = {"name": "containerInsights", "principalArn": "arn:aws:iam::111122223333:root"}
    assert only(record("PutAccountSetting", of_root)) == expected


@pytest.mark.parametrize("call", ["PutAccountSetting", "DeleteAccountSetting"])
def test_the_setting_of_one_user_is_not_the_accounts(call: str) -> None:
    bob = {"name": "containerInsights", "principalArn": "arn:aws:iam::111122223333:user/bob"}
    for request, answer in (
        (bob, None),
        ({"name": "containerInsights"}, {"setting": bob}),
        ({"name": bob["name"]}, None),
    ):
        assert only(record(call, request, answer)) == {"name": "containerInsights"}


@pytest.mark.parametrize(
    ("tagged", "type_"),
    [
        ("service/prod/web", "aws_ecs_service"),
        ("cluster/prod", "aws_ecs_cluster"),
        ("task-definition/web:7", "aws_ecs_task_definition"),
        ("capacity-provider/spot", "aws_ecs_capacity_provider"),
        ("task-set/prod/web/ecs-svc/1", "aws_ecs_task_set"),
        ("task/prod/abc", None),
        ("container-instance/prod/abc", None),
        ("something-new/abc", None),
    ],
)
def test_tags_belong_to_what_the_arn_says(tagged: str, type_: str | None) -> None:
    for name in ("TagResource", "UntagResource"):
        (found,) = change(record(name, {"resourceArn": ARN + tagged})).resources
        assert (found.type, found.arn) == (type_, ARN + tagged)


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("DeregisterContainerInstance", {"cluster": "prod", "containerInstance": "abc"}),
        ("UpdateContainerAgent", {"cluster": "prod", "containerInstance": ARN + "container-instance/prod/abc"}),
        ("UpdateContainerInstancesState", {"cluster": "prod", "containerInstances": ["abc"]}),
        ("PutAttributes", {"cluster": "prod", "attributes": [{"targetId": "abc"}, {"targetId": "abc"}]}),
        ("RegisterContainerInstance", {"cluster": "prod", "containerInstanceArn": ARN + "container-instance/abc"}),
    ],
)
def test_container_instances_are_no_terraform_resource_but_have_a_cluster(name: str, request_: dict[str, Any]) -> None:
    found = only(record(name, request_))
    assert "type" not in found
    assert (found["cluster"], found["name"]) == ("prod", "abc")


def test_tasks_are_no_terraform_resource() -> None:
    expected = {"arn": ARN + "task/prod/abc", "cluster": "prod", "name": "abc"}
    assert only(record("ExecuteCommand", {"cluster": "prod", "task": "abc"})) == expected
    assert only(record("UpdateTaskProtection", {"cluster": "prod", "tasks": ["abc"]})) == expected


def test_a_daemon_names_its_cluster_by_another_member() -> None:
    request = {"daemonName": "logs", "clusterArn": ARN + "cluster/prod"}
    assert only(record("CreateDaemon", request)) == {
        "type": "aws_ecs_daemon",
        "arn": ARN + "daemon/prod/logs",
        "cluster": "prod",
        "name": "logs",
    }


def test_scaling_is_of_the_service_that_it_scales() -> None:
    service = {"cluster": "prod", "service": "web"}
    assert only(scaling("RegisterScalableTarget")) == {"type": "aws_appautoscaling_target", **service}
    assert only(scaling("PutScalingPolicy", policyName="cpu")) == {
        "type": "aws_appautoscaling_policy",
        **service,
        "name": "cpu",
    }
    assert only(scaling("DeleteScheduledAction", scheduledActionName="night"))["name"] == "night"


def test_scaling_of_an_unreadable_resource_names_no_service() -> None:
    assert only(scaling("RegisterScalableTarget", resourceId="service/prod")) == {"type": "aws_appautoscaling_target"}


def test_every_resource_has_the_records_place() -> None:
    (found,) = change(record("DeleteCluster", {"cluster": "prod"})).resources
    assert found == ResourceId(
        type="aws_ecs_cluster",
        account="111122223333",
        region="eu-central-1",
        arn=ARN + "cluster/prod",
        cluster="prod",
        name="prod",
    )
