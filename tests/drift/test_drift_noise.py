"""Each noise rule drops its noise; what looks like it is kept, here and in test_drift_noise_kept.py."""

from __future__ import annotations

from typing import Any

import pytest
from noise_cases import containers, paths, scaling, steps, tmpfs
from noise_names import ACTION, CLUSTER_ARN, PROVIDER, REVISION_ARN, SCALABLE, SCALING_ROLE, SERVICE, TASK

from reconciler.drift.noise import RECORD_RULES


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param(SERVICE, {"tags": None}, {"tags": {}}, id="tags null and empty"),
        pytest.param(TASK, {"requires_compatibilities": None}, {"requires_compatibilities": []}, id="empty set"),
        pytest.param(TASK, {"pid_mode": None}, {"pid_mode": ""}, id="empty text"),
        pytest.param(
            SERVICE,
            {"network_configuration": [{"security_groups": None, "subnets": ["s"]}]},
            {"network_configuration": [{"security_groups": [], "subnets": ["s"]}]},
            id="empty set in a block",
        ),
        pytest.param(SERVICE, {"id": "a"}, {"id": "b"}, id="id"),
        pytest.param(SERVICE, {"arn": "arn:aws:x:service/web"}, {"arn": "arn:aws:x:service/main/web"}, id="plain arn"),
        pytest.param("aws_ecs_task_set", {"stability_status": "A"}, {"stability_status": "B"}, id="computed status"),
        pytest.param(
            SERVICE,
            {"desired_count": 2, "scheduling_strategy": "DAEMON"},
            {"desired_count": 5, "scheduling_strategy": "DAEMON"},
            id="a daemon's count follows its instances",
        ),
        pytest.param(
            SERVICE,
            {"deployment_maximum_percent": 100, "scheduling_strategy": "DAEMON"},
            {"deployment_maximum_percent": 200, "scheduling_strategy": "DAEMON"},
            id="nobody can set a daemon's maximum",
        ),
        pytest.param(
            "aws_iam_role",
            {"create_date": "2026-01-01T00:00:00Z"},
            {"create_date": "2026-01-01T00:00:01Z"},
            id="when it was made",
        ),
        pytest.param(
            "aws_ecs_cluster_capacity_providers",
            {"capacity_providers": ["FARGATE_SPOT", "FARGATE"]},
            {"capacity_providers": ["FARGATE", "FARGATE_SPOT"]},
            id="capacity providers in another order",
        ),
        pytest.param(
            SERVICE,
            {"placement_constraints": [{"type": "a", "expression": "x"}, {"type": "a", "expression": "y"}]},
            {"placement_constraints": [{"type": "a", "expression": "y"}, {"type": "a", "expression": "x"}]},
            id="blocks of a set in another order",
        ),
        pytest.param(
            SERVICE,
            {"capacity_provider_strategy": [{"capacity_provider": "A", "base": None}, {"capacity_provider": "B"}]},
            {"capacity_provider_strategy": [{"capacity_provider": "B"}, {"capacity_provider": "A", "base": 0}]},
            id="strategy members in another order with a default filled in",
        ),
        pytest.param(SERVICE, {"cluster": "main"}, {"cluster": CLUSTER_ARN}, id="cluster by name and ARN"),
        pytest.param(SERVICE, {"task_definition": "web:2"}, {"task_definition": REVISION_ARN}, id="revision by name"),
        pytest.param(
            SERVICE,
            {"ordered_placement_strategy": [{"type": "spread", "field": "host"}]},
            {"ordered_placement_strategy": [{"type": "spread", "field": "instanceId"}]},
            id="host is instanceId",
        ),
        pytest.param(
            SERVICE,
            {"deployment_circuit_breaker": []},
            {"deployment_circuit_breaker": [{"enable": False, "rollback": False}]},
            id="a circuit breaker that is off",
        ),
        pytest.param(
            SERVICE, {"deployment_controller": []}, {"deployment_controller": [{"type": "ECS"}]}, id="type ECS"
        ),
        pytest.param(TASK, {"network_mode": None}, {"network_mode": "bridge"}, id="bridge is the default"),
        pytest.param(
            TASK,
            {"runtime_platform": [], "requires_compatibilities": ["FARGATE"]},
            {
                "runtime_platform": [{"cpu_architecture": "X86_64", "operating_system_family": "LINUX"}],
                "requires_compatibilities": ["FARGATE"],
            },
            id="Fargate's default platform",
        ),
        pytest.param(TASK, {"cpu": "256"}, {"cpu": 256}, id="task size as a number"),
        pytest.param(
            TASK, {"cpu": "1 vCPU", "memory": "0.5GB"}, {"cpu": "1024", "memory": "512"}, id="task size units"
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "image": "i"}, {"image": "j", "name": "b"}),
            containers(
                {"name": "b", "image": "j", "essential": True, "cpu": 0, "environment": [], "systemControls": []},
                {"name": "a", "image": "i", "mountPoints": [], "volumesFrom": [], "portMappings": []},
            ),
            id="reordered container definitions with defaults",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "portMappings": [{"containerPort": 80}]}),
            containers({"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]}),
            id="host port in awsvpc mode",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "portMappings": [{"containerPort": 80}]}, mode="bridge"),
            containers({"name": "a", "portMappings": [{"containerPort": "80", "hostPort": 0}]}, mode="bridge"),
            id="host port 0 in bridge mode, and a number as text",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "environment": [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]}),
            containers({"name": "a", "environment": [{"name": "Y", "value": "2"}, {"name": "X", "value": "1"}]}),
            id="environment in another order",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "healthCheck": {"command": ["CMD"]}}),
            containers({"name": "a", "healthCheck": {"command": ["CMD"], "interval": 30, "timeout": 5, "retries": 3}}),
            id="health check defaults",
        ),
        pytest.param(SERVICE, {"platform_version": None}, {"platform_version": "LATEST"}, id="the latest platform"),
        pytest.param(
            SERVICE,
            {"iam_role": "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"},
            {"iam_role": "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"},
            id="a role by its path",
        ),
        pytest.param(
            "aws_ecs_cluster",
            {"configuration": [{"execute_command_configuration": []}]},
            {
                "configuration": [
                    {
                        "execute_command_configuration": [
                            {"logging": "DEFAULT", "log_configuration": [{"s3_bucket_encryption_enabled": False}]}
                        ]
                    }
                ]
            },
            id="the default logging of commands",
        ),
        pytest.param(SCALABLE, {"role_arn": None}, {"role_arn": SCALING_ROLE}, id="the service-linked role"),
        pytest.param(
            SCALABLE,
            {"role_arn": "arn:aws:iam::123456789012:role/mine"},
            {"role_arn": SCALING_ROLE},
            id="the service-linked role, whatever was asked for",
        ),
        pytest.param(
            ACTION,
            {"start_time": "2030-01-01T02:00:00+02:00", "timezone": ""},
            {"start_time": "2030-01-01T00:00:00Z", "timezone": "UTC"},
            id="the same moment",
        ),
        pytest.param("aws_appautoscaling_policy", steps("10", "20"), steps("20.0", 10.0), id="bounds of steps"),
        pytest.param(
            PROVIDER,
            {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a"}]},
            scaling(status="DISABLED", target_capacity=0, minimum_scaling_step_size=0, instance_warmup_period=0),
            id="managed scaling that is off",
        ),
        pytest.param(
            PROVIDER,
            scaling(status="ENABLED", target_capacity=100),
            scaling(status="ENABLED", target_capacity=100, maximum_scaling_step_size=10000, instance_warmup_period=300),
            id="managed scaling filled in",
        ),
        pytest.param(
            "aws_ecs_task_set", {"scale": [{"value": 50}]}, {"scale": [{"unit": "PERCENT", "value": 50}]}, id="unit"
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "linuxParameters": {"devices": [{"hostPath": "/dev/fuse"}]}}),
            containers(
                {
                    "name": "a",
                    "linuxParameters": {
                        "devices": [{"hostPath": "/dev/fuse", "permissions": ["read", "write", "mknod"]}]
                    },
                }
            ),
            id="a device's permissions filled in",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "linuxParameters": {"tmpfs": [tmpfs("noexec", "nosuid")]}}),
            containers({"name": "a", "linuxParameters": {"tmpfs": [tmpfs("nosuid", "noexec")]}}),
            id="mount options in another order",
        ),
        pytest.param(
            PROVIDER,
            {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a", "managed_draining": None}]},
            {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a", "managed_draining": "ENABLED"}]},
            id="managed draining filled in",
        ),
        pytest.param(
            "aws_appautoscaling_policy",
            {"step_scaling_policy_configuration": [{"cooldown": 60}]},
            {"step_scaling_policy_configuration": [{"cooldown": 60, "metric_aggregation_type": "Average"}]},
            id="how metrics are aggregated filled in",
        ),
    ],
)
def test_noise_is_dropped(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert paths(kind, before, after) == []
    assert paths(kind, after, before) == []


def test_tags_all_says_nothing_that_tags_says_already() -> None:
    before = {"tags": {"Team": "a"}, "tags_all": {"Team": "a", "Stack": "x"}}
    after = {"tags": {"Team": "b"}, "tags_all": {"Team": "b", "Stack": "x"}}
    assert paths(SERVICE, before, after) == ["tags[Team]"]


STRATEGY = [{"capacity_provider": "FARGATE_SPOT", "weight": 1, "base": 0}]


def test_the_clusters_strategy_is_news_to_the_state_only() -> None:
    before = {"capacity_provider_strategy": [], "launch_type": ""}
    assert paths(SERVICE, before, {"capacity_provider_strategy": STRATEGY, "launch_type": ""}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"capacity_provider_strategy": [], "launch_type": "EC2"}, {"capacity_provider_strategy": STRATEGY}),
        ({"capacity_provider_strategy": STRATEGY, "launch_type": ""}, {"capacity_provider_strategy": []}),
        (
            {"capacity_provider_strategy": STRATEGY, "launch_type": ""},
            {"capacity_provider_strategy": [{**STRATEGY[0], "weight": 2}]},
        ),
        ({"capacity_provider_strategy": []}, {"capacity_provider_strategy": STRATEGY}),
    ],
)
def test_a_strategy_that_somebody_gave_or_took_is_kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = paths(SERVICE, before, {**before, "launch_type": "", **after})
    assert any(path.startswith("capacity_provider_strategy") for path in found)


def test_a_default_tag_with_another_value_is_told_once() -> None:
    # The provider no longer takes it for the default: it becomes one of the resource's own.
    before = {"tags": {}, "tags_all": {"Stack": "a"}}
    assert paths(SERVICE, before, {"tags": {"Stack": "b"}, "tags_all": {"Stack": "b"}}) == ["tags[Stack]"]
    assert paths(SERVICE, before, {"tags": {}, "tags_all": {}}) == ["tags_all[Stack]"]


def test_blanked_out_values_of_a_record_are_not_compared() -> None:
    managed = containers({"name": "a", "environment": [{"name": "X", "value": "1"}]})
    value = containers({"name": "a", "environment": [{"name": "X", "value": "***REDACTED***"}]})
    whole = containers({"name": "a", "environment": "HIDDEN_DUE_TO_SECURITY_REASONS"})
    assert paths(TASK, managed, value, rules=RECORD_RULES) == []
    assert paths(TASK, managed, whole, rules=RECORD_RULES) == []


def test_a_variable_that_came_is_kept_though_its_value_is_blanked_out() -> None:
    managed = containers({"name": "a", "environment": [{"name": "X", "value": "1"}]})
    redacted = [{"name": name, "value": "***REDACTED***"} for name in ("X", "Y")]
    live = containers({"name": "a", "environment": redacted})
    assert paths(TASK, managed, live, rules=RECORD_RULES) == ["container_definitions[a].environment[Y]"]


def test_a_blanked_out_word_of_a_command_line_is_no_change_in_a_record() -> None:
    managed = containers({"name": "a", "command": ["run", "--password", "x"]})
    live = containers({"name": "a", "command": ["run", "--password", "***REDACTED***"]})
    assert paths(TASK, managed, live, rules=RECORD_RULES) == []
    assert paths(TASK, managed, live) == ["container_definitions[a].command"]


@pytest.mark.parametrize("words", [["walk", "***REDACTED***"], ["run", "***REDACTED***", "y"]])
def test_what_differs_beside_a_blanked_out_word_is_a_change(words: list[str]) -> None:
    managed, live = (containers({"name": "a", "command": command}) for command in (["run", "x"], words))
    assert paths(TASK, managed, live, rules=RECORD_RULES) == ["container_definitions[a].command"]


def test_rules_for_ecs_leave_other_types_alone() -> None:
    assert paths("aws_lb", {"subnets": ["a", "b"]}, {"subnets": ["b", "a"]}) == ["subnets"]
    assert paths("aws_lb", {"id": "a", "arn": "x"}, {"id": "b", "arn": "y"}) == ["id", "arn"]
    assert paths("aws_lb", {"cpu": "1"}, {"cpu": 1}) == ["cpu"]
