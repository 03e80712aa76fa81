"""What a call asked for, under Terraform's names, and nothing secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudtrail_records import ACCOUNT, change, record, scaling


def requested(name: str, **request: Any) -> dict[str, Any]:
    return dict(change(record(name, request)).requested)


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("desiredCount", 5, {"desired_count": 5}),
        ("desiredCount", 0, {"desired_count": 0}),
        ("taskDefinition", "web:8", {"task_definition": "web:8"}),
        ("enableExecuteCommand", True, {"enable_execute_command": True}),
        ("enableECSManagedTags", False, {"enable_ecs_managed_tags": False}),
        ("availabilityZoneRebalancing", "ENABLED", {"availability_zone_rebalancing": "ENABLED"}),
        ("placementStrategy", [], {"ordered_placement_strategy": []}),
        (
            "capacityProviderStrategy",
            [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}],
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1, "base": 0}]},
        ),
        (
            "networkConfiguration",
            {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}},
            {"network_configuration": {"subnets": ["subnet-1"], "assign_public_ip": True}},
        ),
        (
            "deploymentConfiguration",
            {
                "maximumPercent": 200,
                "minimumHealthyPercent": 50,
                "deploymentCircuitBreaker": {"enable": True, "rollback": False},
                "alarms": {"alarmNames": ["a"], "enable": True, "rollback": True},
                "strategy": "BLUE_GREEN",
                "bakeTimeInMinutes": 5,
            },
            {
                "deployment_maximum_percent": 200,
                "deployment_minimum_healthy_percent": 50,
                "deployment_circuit_breaker": {"enable": True, "rollback": False},
                "alarms": {"alarm_names": ["a"], "enable": True, "rollback": True},
                "deployment_configuration": {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 5},
            },
        ),
        (
            "loadBalancers",
            [{"targetGroupArn": "arn:t", "containerName": "web", "containerPort": 80}],
            {"load_balancer": [{"target_group_arn": "arn:t", "container_name": "web", "container_port": 80}]},
        ),
        (
            "volumeConfigurations",
            [{"name": "data", "managedEBSVolume": {"sizeInGiB": 10, "filesystemType": "xfs", "kmsKeyId": "k"}}],
            {
                "volume_configuration": [
                    {
                        "name": "data",
                        "managed_ebs_volume": {"size_in_gb": 10, "file_system_type": "xfs", "kms_key_id": "k"},
                    }
                ]
            },
        ),
        (
            "serviceConnectConfiguration",
            {"enabled": True, "services": [{"portName": "http", "clientAliases": [{"port": 80, "dnsName": "web"}]}]},
            {
                "service_connect_configuration": {
                    "enabled": True,
                    "service": [{"port_name": "http", "client_alias": [{"port": 80, "dns_name": "web"}]}],
                }
            },
        ),
    ],
)
def test_a_service_under_terraforms_names(member: str, value: Any, expected: dict[str, Any]) -> None:
    assert requested("UpdateService", service="web", cluster="prod", **{member: value}) == expected


def test_what_names_the_resource_is_not_requested() -> None:
    assert requested("UpdateService", service="web", cluster="prod", clientToken="t") == {}
    assert requested("DeleteService", service="web", force=True) == {}
    assert requested("ContinueServiceDeployment", serviceDeploymentArn="arn:x") == {}


def test_a_cluster_under_terraforms_names() -> None:
    assert requested(
        "CreateCluster",
        clusterName="prod",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
        tags=[{"key": "team", "value": "web"}],
        configuration={"executeCommandConfiguration": {"logConfiguration": {"s3EncryptionEnabled": True}}},
        serviceConnectDefaults={"namespace": "arn:n"},
    ) == {
        "setting": [{"name": "containerInsights", "value": "enabled"}],
        "capacity_providers": ["FARGATE"],
        "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1}],
        "tags": {"team": "web"},
        "configuration": {
            "execute_command_configuration": {"log_configuration": {"s3_bucket_encryption_enabled": True}}
        },
        "service_connect_defaults": {"namespace": "arn:n"},
    }


def test_tags_set_and_removed() -> None:
    assert requested("TagResource", resourceArn="arn:x", tags=[{"key": "a", "value": "1"}]) == {"tags": {"a": "1"}}
    assert requested("UntagResource", resourceArn="arn:x", tagKeys=["a"]) == {"tags": {"a": None}}


def test_a_task_definition_keeps_the_apis_names_inside_its_containers() -> None:
    containers = [{"name": "web", "image": "nginx:1.21", "portMappings": [{"containerPort": 80}]}]
    assert requested(
        "RegisterTaskDefinition",
        family="web",
        containerDefinitions=containers,
        requiresCompatibilities=["FARGATE"],
        volumes=[{"name": "d", "host": {"sourcePath": "/d"}, "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
        ephemeralStorage={"sizeInGiB": 30},
        proxyConfiguration={"type": "APPMESH", "properties": [{"name": "AppPorts", "value": "80"}]},
    ) == {
        "family": "web",
        "container_definitions": containers,
        "requires_compatibilities": ["FARGATE"],
        "volume": [{"name": "d", "host_path": "/d", "efs_volume_configuration": {"file_system_id": "fs-1"}}],
        "ephemeral_storage": {"size_in_gib": 30},
        "proxy_configuration": {"type": "APPMESH", "properties": {"AppPorts": "80"}},
    }


def test_scaling_under_terraforms_names() -> None:
    event = change(scaling("RegisterScalableTarget", minCapacity=1, maxCapacity=4, roleARN="arn:r"))
    assert event.requested == {"min_capacity": 1, "max_capacity": 4, "role_arn": "arn:r"}
    policy = {"targetValue": 60, "scaleInCooldown": 5, "predefinedMetricSpecification": {"predefinedMetricType": "CPU"}}
    event = change(scaling("PutScalingPolicy", policyName="cpu", targetTrackingScalingPolicyConfiguration=policy))
    assert event.requested == {
        "target_tracking_scaling_policy_configuration": {
            "target_value": 60,
            "scale_in_cooldown": 5,
            "predefined_metric_specification": {"predefined_metric_type": "CPU"},
        }
    }


@pytest.mark.parametrize("value", ["HIDDEN_DUE_TO_SECURITY_REASONS", None, 5, [], {}, [None, "x", {"key": 5}]])
def test_values_of_unexpected_types_are_kept_or_left_out(value: Any) -> None:
    for member in ("tags", "capacityProviderStrategy", "networkConfiguration", "loadBalancers", "desiredCount"):
        json.dumps(requested("CreateService", serviceName="web", **{member: value}))


class TestSecrets:
    SECRET = "hunter2-hunter2"

    def leaks(self, **request: Any) -> bool:
        response = {"taskDefinition": {"family": "web", **request}}
        event = change(record("RegisterTaskDefinition", {"family": "web", **request}, response))
        return self.SECRET in json.dumps([dict(event.requested), dict(event.response)])

    def test_environment_values_are_redacted_and_names_stay(self) -> None:
        containers = [{"name": "web", "environment": [{"name": "DB_URL", "value": self.SECRET}]}]
        assert not self.leaks(containerDefinitions=containers)
        event = change(record("RegisterTaskDefinition", {"family": "web", "containerDefinitions": containers}))
        variable = event.requested["container_definitions"][0]["environment"][0]
        assert variable == {"name": "DB_URL", "value": "***REDACTED***"}

    @pytest.mark.parametrize(
        "environment", ["SECRET", {"DB": "SECRET"}, ["SECRET"], [["SECRET"]], [{"value": ["SECRET"]}]]
    )
    def test_environments_of_unexpected_types_are_redacted(self, environment: Any) -> None:
        environment = json.loads(json.dumps(environment).replace("SECRET", self.SECRET))
        assert not self.leaks(containerDefinitions=[{"environment": environment}])

    def test_options_named_like_secrets_are_redacted(self) -> None:
        options = {"splunk-token": self.SECRET, "tag": "web"}
        assert not self.leaks(containerDefinitions=[{"logConfiguration": {"options": options}}])
        assert not self.leaks(volumes=[{"dockerVolumeConfiguration": {"driverOpts": {"o": self.SECRET}}}])

    def test_words_of_command_lines_that_hold_secrets_are_redacted(self) -> None:
        for words in (["run", "--password", self.SECRET], ["sh", "-c", f"TOKEN={self.SECRET} run"]):
            assert not self.leaks(containerDefinitions=[{"command": words}])
            assert not self.leaks(containerDefinitions=[{"healthCheck": {"command": words}}])
        assert not self.leaks(
            containerDefinitions=[{"logConfiguration": {"options": {"url": f"https://u:{self.SECRET}@a"}}}]
        )

    def test_other_words_of_a_command_line_stay(self) -> None:
        words = ["run", "--password", "$PASSWORD", "--verbose", "--url=https://example.org/a"]
        event = change(record("RegisterTaskDefinition", {"family": "w", "containerDefinitions": [{"command": words}]}))
        assert event.requested["container_definitions"][0]["command"] == words

    def test_references_to_secrets_stay(self) -> None:
        secrets = [{"name": "DB", "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"}]
        event = change(
            record("RegisterTaskDefinition", {"family": "w", "containerDefinitions": [{"secrets": secrets}]})
        )
        assert event.requested["container_definitions"][0]["secrets"] == secrets


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("Feb 1, 2030 1:20:25 PM", "2030-02-01T13:20:25Z"),
        ("Feb 1, 2030, 1:20:25 PM", "2030-02-01T13:20:25Z"),
        (1896182425, "2030-02-01T13:20:25Z"),
        ("2030-02-01T13:20:25Z", "2030-02-01T13:20:25Z"),
        ("soon", "soon"),
        (None, None),
        (1e300, 1e300),
        (["x"], ["x"]),
    ],
)
def test_times_of_a_scheduled_action_are_written_as_terraform_does(told: Any, wanted: Any) -> None:
    asked = scaling("PutScheduledAction", scheduledActionName="night", startTime=told, endTime=told)
    assert change(asked).requested == {"start_time": wanted, "end_time": wanted}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [(True, True), (False, False), ("true", True), ("True", True), ("false", False), ("soon", "soon"), (None, None)],
)
def test_whether_a_policys_version_holds_is_a_flag_also_where_it_came_as_text(told: Any, wanted: Any) -> None:
    request = {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/p", "policyDocument": "{}", "setAsDefault": told}
    version = change(record("CreatePolicyVersion", request, eventSource="iam.amazonaws.com"))
    assert version.requested["set_as_default"] is wanted
