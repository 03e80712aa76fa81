"""What looks like noise and is a change: kept by every rule."""

from __future__ import annotations

from typing import Any

import pytest
from noise_cases import containers, paths, scaling, steps, tmpfs
from noise_names import ACTION, CLUSTER_ARN, PROVIDER, REVISION_ARN, SCALABLE, SCALING_ROLE, SERVICE, TASK


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        pytest.param(SERVICE, {"tags": {}}, {"tags": {"Team": ""}}, ["tags[Team]"], id="an empty tag is a tag"),
        pytest.param(TASK, {"pid_mode": ""}, {"pid_mode": "host"}, ["pid_mode"], id="text that came"),
        pytest.param(
            TASK,
            containers({"name": "a", "linuxParameters": {"tmpfs": [tmpfs("noexec", "nosuid")]}}),
            containers({"name": "a", "linuxParameters": {"tmpfs": [tmpfs("nosuid")]}}),
            ["container_definitions[a].linuxParameters.tmpfs[/tmp].mountOptions"],
            id="a mount option that went",
        ),
        pytest.param(
            PROVIDER,
            {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a", "managed_draining": None}]},
            {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a", "managed_draining": "DISABLED"}]},
            ["auto_scaling_group_provider[0].managed_draining"],
            id="managed draining turned off",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "environment": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}),
            containers({"name": "a", "environment": [{"name": "A", "value": "2"}, {"name": "A", "value": "1"}]}),
            [
                "container_definitions[a].environment[0].value",
                "container_definitions[a].environment[1].value",
            ],
            id="the order of one variable's two values",
        ),
        pytest.param(
            SERVICE,
            {"network_configuration": [{"security_groups": []}]},
            {"network_configuration": [{"security_groups": ["sg-1"]}]},
            ["network_configuration[0].security_groups"],
            id="a security group that came",
        ),
        pytest.param(TASK, {"arn": REVISION_ARN}, {"arn": REVISION_ARN[:-1] + "3"}, ["arn"], id="an arn with revision"),
        pytest.param(SERVICE, {"name": "a"}, {"name": "b"}, ["name"], id="a name is not computed"),
        pytest.param(
            SERVICE,
            {"desired_count": 2, "scheduling_strategy": "REPLICA"},
            {"desired_count": 5, "scheduling_strategy": "REPLICA"},
            ["desired_count"],
            id="a replica service's count",
        ),
        pytest.param(
            SERVICE,
            {"tags": {}, "tags_all": {"Stack": "a"}},
            {"tags": {}, "tags_all": {"Stack": "b"}},
            ["tags_all[Stack]"],
            id="a default tag",
        ),
        pytest.param(
            "aws_ecs_cluster_capacity_providers",
            {"capacity_providers": ["FARGATE"]},
            {"capacity_providers": ["FARGATE_SPOT"]},
            ["capacity_providers"],
            id="another provider",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "command": ["a", "b"]}),
            containers({"name": "a", "command": ["b", "a"]}),
            ["container_definitions[a].command"],
            id="a command's order matters",
        ),
        pytest.param(
            SERVICE,
            {"ordered_placement_strategy": [{"type": "a"}, {"type": "b"}]},
            {"ordered_placement_strategy": [{"type": "b"}, {"type": "a"}]},
            ["ordered_placement_strategy[0].type", "ordered_placement_strategy[1].type"],
            id="an ordered strategy's order matters",
        ),
        pytest.param(
            SERVICE,
            {"placement_constraints": [{"type": "a", "path": ["x", "y"]}]},
            {"placement_constraints": [{"type": "a", "path": ["y", "x"]}]},
            ["placement_constraints[0].path"],
            id="the order of a list inside a member of a set matters",
        ),
        pytest.param(SERVICE, {"cluster": "other"}, {"cluster": CLUSTER_ARN}, ["cluster"], id="another cluster"),
        pytest.param(
            SERVICE,
            {"cluster": CLUSTER_ARN},
            {"cluster": CLUSTER_ARN.replace("us-east-1", "eu-west-1")},
            ["cluster"],
            id="the same name in another region",
        ),
        pytest.param(
            SERVICE, {"task_definition": "web:1"}, {"task_definition": REVISION_ARN}, ["task_definition"], id="revision"
        ),
        pytest.param(
            SERVICE,
            {"ordered_placement_strategy": [{"type": "spread", "field": "attribute:az"}]},
            {"ordered_placement_strategy": [{"type": "spread", "field": "attribute:AZ"}]},
            ["ordered_placement_strategy[0].field"],
            id="an attribute's case matters",
        ),
        pytest.param(
            SERVICE,
            {"deployment_circuit_breaker": []},
            {"deployment_circuit_breaker": [{"enable": True, "rollback": False}]},
            ["deployment_circuit_breaker[0]"],
            id="a circuit breaker that is on",
        ),
        pytest.param(TASK, {"network_mode": None}, {"network_mode": "host"}, ["network_mode"], id="host is no default"),
        pytest.param(
            TASK,
            {"runtime_platform": [], "requires_compatibilities": ["EC2"]},
            {"runtime_platform": [{"cpu_architecture": "X86_64"}], "requires_compatibilities": ["EC2"]},
            ["runtime_platform[0]"],
            id="a platform on EC2",
        ),
        pytest.param(
            TASK,
            {"runtime_platform": [], "requires_compatibilities": ["FARGATE"]},
            {"runtime_platform": [{"cpu_architecture": "ARM64"}], "requires_compatibilities": ["FARGATE"]},
            ["runtime_platform[0]"],
            id="ARM on Fargate",
        ),
        pytest.param(TASK, {"cpu": "256"}, {"cpu": 512}, ["cpu"], id="another size"),
        pytest.param(TASK, {"memory": "1 GB"}, {"memory": "1000"}, ["memory"], id="a gigabyte is 1024"),
        pytest.param(
            SERVICE, {"enable_execute_command": None}, {"enable_execute_command": True}, ["enable_execute_command"]
        ),
        pytest.param(
            TASK,
            containers({"name": "a"}),
            containers({"name": "a", "essential": False}),
            ["container_definitions[a].essential"],
            id="not essential",
        ),
        pytest.param(
            TASK,
            containers({"name": "a"}),
            containers({"name": "a", "stopTimeout": 0}),
            ["container_definitions[a].stopTimeout"],
            id="zero is not every default",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "portMappings": [{"containerPort": 80}]}, mode="bridge"),
            containers({"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 80}]}, mode="bridge"),
            ["container_definitions[a].portMappings[80].hostPort"],
            id="a pinned port in bridge mode",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "dockerLabels": {"x": "1"}}),
            containers({"name": "a", "dockerLabels": {"x": 1}}),
            ["container_definitions[a].dockerLabels[x]"],
            id="labels are text",
        ),
        pytest.param(
            TASK,
            containers({"name": "a", "environment": [{"name": "X", "value": "***REDACTED***"}]}),
            containers({"name": "a", "environment": [{"name": "X", "value": "2"}]}),
            ["container_definitions[a].environment[X].value"],
            id="in a plan that text is a value",
        ),
        pytest.param(
            SERVICE,
            {"platform_version": None},
            {"platform_version": "1.3.0"},
            ["platform_version"],
            id="an old platform",
        ),
        pytest.param(
            SERVICE,
            {"iam_role": "other/AWSServiceRoleForECS"},
            {"iam_role": "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"},
            ["iam_role"],
            id="a role of the same name with another path",
        ),
        pytest.param(
            "aws_ecs_cluster",
            {"configuration": []},
            {"configuration": [{"execute_command_configuration": [{"logging": "NONE"}]}]},
            ["configuration[0]"],
            id="commands no longer logged",
        ),
        pytest.param(
            SCALABLE,
            {"role_arn": "arn:aws:iam::123456789012:role/mine"},
            {"role_arn": "arn:aws:iam::123456789012:role/other"},
            ["role_arn"],
            id="another role of a target",
        ),
        pytest.param(
            SCALABLE,
            {"role_arn": "arn:aws:iam::123456789012:role/mine"},
            {"role_arn": SCALING_ROLE.replace("/ecs.", "/evil.ecs.")},
            ["role_arn"],
            id="a role that looks service-linked",
        ),
        pytest.param(
            ACTION,
            {"start_time": "2030-01-01T02:00:00+02:00"},
            {"start_time": "2030-01-01T02:00:00Z"},
            ["start_time"],
            id="another moment with the same digits",
        ),
        pytest.param(
            ACTION, {"start_time": "2030-01-01T02:00:00"}, {"start_time": None}, ["start_time"], id="a time that went"
        ),
        pytest.param(
            "aws_appautoscaling_policy",
            steps("0"),
            steps(None),
            ["step_scaling_policy_configuration[0].step_adjustment[0].metric_interval_lower_bound"],
            id="zero is a bound",
        ),
        pytest.param(
            PROVIDER,
            scaling(status="DISABLED", target_capacity=0),
            scaling(status="ENABLED", target_capacity=80),
            [
                "auto_scaling_group_provider[0].managed_scaling[0].status",
                "auto_scaling_group_provider[0].managed_scaling[0].target_capacity",
            ],
            id="managed scaling turned on",
        ),
        pytest.param(
            PROVIDER,
            scaling(status="ENABLED", instance_warmup_period=300),
            scaling(status="ENABLED", instance_warmup_period=0),
            ["auto_scaling_group_provider[0].managed_scaling[0].instance_warmup_period"],
            id="no warm-up is asked for",
        ),
        pytest.param(
            "aws_ecs_task_set",
            {"scale": [{"value": 50}]},
            {"scale": [{"unit": "PERCENT", "value": 60}]},
            ["scale[0].value"],
            id="another scale",
        ),
    ],
)
def test_a_change_that_looks_like_noise_is_kept(
    kind: str, before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert paths(kind, before, after) == expected
