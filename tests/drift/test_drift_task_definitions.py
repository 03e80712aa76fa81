from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.drift import compare_task_definitions
from reconciler.model import render_path
from reconciler.model.plan_changes import UNKNOWN

ROLE = "arn:aws:iam::123456789012:role/task"

MANAGED: dict[str, Any] = {
    "arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
    "container_definitions": json.dumps(
        [
            {
                "name": "web",
                "image": "nginx:1.20",
                "portMappings": [{"containerPort": 80}],
                "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "web"}},
            }
        ]
    ),
    "cpu": "256",
    "ephemeral_storage": [{"size_in_gib": 30}],
    "execution_role_arn": ROLE,
    "family": "web",
    "id": "web",
    "inference_accelerator": [],
    "ipc_mode": "",
    "memory": "512",
    "network_mode": "awsvpc",
    "pid_mode": None,
    "placement_constraints": [],
    "proxy_configuration": [
        {"container_name": "envoy", "properties": {"AppPorts": "80", "IgnoredUID": "1337"}, "type": "APPMESH"}
    ],
    "requires_compatibilities": ["FARGATE"],
    "revision": 1,
    "runtime_platform": [],
    "skip_destroy": False,
    "tags": {"Team": "shop"},
    "task_role_arn": ROLE,
    "track_latest": False,
    "volume": [
        {
            "configure_at_launch": False,
            "docker_volume_configuration": [],
            "efs_volume_configuration": [
                {
                    "authorization_config": [{"access_point_id": "fsap-1", "iam": "ENABLED"}],
                    "file_system_id": "fs-1",
                    "root_directory": "/",
                    "transit_encryption": "ENABLED",
                    "transit_encryption_port": 0,
                }
            ],
            "host_path": "",
            "name": "data",
        },
        {"name": "scratch", "host_path": "/scratch"},
    ],
}

# As DescribeTaskDefinition answers for the same content.
LIVE: dict[str, Any] = {
    "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7",
    "compatibilities": ["EC2", "FARGATE"],
    "containerDefinitions": [
        {
            "name": "web",
            "image": "nginx:1.20",
            "cpu": 0,
            "essential": True,
            "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "web"}, "secretOptions": []},
            "mountPoints": [],
            "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
            "systemControls": [],
            "volumesFrom": [],
        }
    ],
    "cpu": "256",
    "enableFaultInjection": False,
    "ephemeralStorage": {"sizeInGiB": 30},
    "executionRoleArn": ROLE,
    "family": "web",
    "memory": "512",
    "networkMode": "awsvpc",
    "placementConstraints": [],
    "proxyConfiguration": {
        "type": "APPMESH",
        "containerName": "envoy",
        "properties": [{"name": "IgnoredUID", "value": "1337"}, {"name": "AppPorts", "value": "80"}],
    },
    "registeredAt": "Jan 1, 2025 12:00:00 PM",
    "registeredBy": "arn:aws:iam::123456789012:user/ops-admin",
    "requiresAttributes": [{"name": "ecs.capability.task-eni"}],
    "requiresCompatibilities": ["FARGATE"],
    "revision": 7,
    "status": "ACTIVE",
    "taskRoleArn": ROLE,
    "volumes": [
        {"name": "scratch", "host": {"sourcePath": "/scratch"}},
        {
            "name": "data",
            "host": {},
            "efsVolumeConfiguration": {
                "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
                "fileSystemId": "fs-1",
                "transitEncryption": "ENABLED",
            },
        },
    ],
}


def differing(managed: dict[str, Any], live: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {render_path(c.path): (c.state, c.live) for c in compare_task_definitions(managed, live)}


def container(**changes: Any) -> dict[str, Any]:
    return {**LIVE, "containerDefinitions": [{**LIVE["containerDefinitions"][0], **changes}]}


def test_the_same_content_in_both_languages_is_equal() -> None:
    assert differing(MANAGED, LIVE) == {}


def test_tags_and_the_revisions_own_data_are_no_content() -> None:
    assert differing(MANAGED, {**LIVE, "status": "INACTIVE", "tags": [{"key": "a", "value": "b"}]}) == {}


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (container(image="nginx:1.21"), {"container_definitions[web].image": ("nginx:1.20", "nginx:1.21")}),
        (container(cpu=128), {"container_definitions[web].cpu": (None, 128)}),
        (container(essential=False), {"container_definitions[web].essential": (None, False)}),
        (
            container(environment=[{"name": "A", "value": "9"}, {"name": "B", "value": "2"}]),
            {"container_definitions[web].environment[A].value": ("1", "9")},
        ),
        (
            container(secrets=[{"name": "S", "valueFrom": "arn:x"}]),
            {"container_definitions[web].secrets[S]": (None, {"name": "S", "valueFrom": "arn:x"})},
        ),
        (
            container(logConfiguration={"logDriver": "awslogs", "options": {"awslogs-group": "other"}}),
            {"container_definitions[web].logConfiguration.options[awslogs-group]": ("web", "other")},
        ),
        ({**LIVE, "cpu": "512"}, {"cpu": ("256", "512")}),
        ({**LIVE, "memory": "1024"}, {"memory": ("512", "1024")}),
        ({**LIVE, "networkMode": "host"}, {"network_mode": ("awsvpc", "host")}),
        ({**LIVE, "pidMode": "host"}, {"pid_mode": (None, "host")}),
        ({**LIVE, "ipcMode": "task"}, {"ipc_mode": ("", "task")}),
        ({**LIVE, "taskRoleArn": ROLE + "2"}, {"task_role_arn": (ROLE, ROLE + "2")}),
        ({k: v for k, v in LIVE.items() if k != "executionRoleArn"}, {"execution_role_arn": (ROLE, None)}),
        (
            {**LIVE, "requiresCompatibilities": ["EC2", "FARGATE"]},
            {"requires_compatibilities": (["FARGATE"], ["FARGATE", "EC2"])},
        ),
        ({**LIVE, "family": "other"}, {"family": ("web", "other")}),
        ({**LIVE, "ephemeralStorage": {"sizeInGiB": 40}}, {"ephemeral_storage[0].size_in_gib": (30, 40)}),
        (
            {**LIVE, "runtimePlatform": {"cpuArchitecture": "ARM64"}},
            {"runtime_platform[0]": (None, {"cpu_architecture": "ARM64"})},
        ),
        (
            {**LIVE, "placementConstraints": [{"type": "memberOf", "expression": "x"}]},
            {"placement_constraints[0]": (None, {"type": "memberOf", "expression": "x"})},
        ),
        ({**LIVE, "volumes": LIVE["volumes"][:1]}, {"volume[data]": (MANAGED["volume"][0], None)}),
        (
            {**LIVE, "volumes": [{"name": "scratch", "host": {"sourcePath": "/"}}, LIVE["volumes"][1]]},
            {"volume[scratch].host_path": ("/scratch", "/")},
        ),
        ({**LIVE, "enableFaultInjection": True}, {"enable_fault_injection": (None, True)}),
        ({**LIVE, "somethingNew": {"aB": 1}}, {"something_new[0]": (None, {"a_b": 1})}),
    ],
)
def test_a_real_difference_is_never_lost(live: dict[str, Any], expected: dict[str, Any]) -> None:
    assert differing(MANAGED, live) == expected


DOCKER = {"scope": "shared", "autoprovision": True, "driver": "rexray", "labels": {"myOwn": "a"}}
WINDOWS = {"credentialsParameter": "arn:aws:ssm:us-east-1:123456789012:parameter/x", "domain": "corp"}
REST: dict[str, Any] = {
    "inference_accelerator": [{"device_name": "one", "device_type": "eia2.medium"}],
    "volume": [
        {
            "name": "docker",
            "docker_volume_configuration": [
                {**DOCKER, "driver_opts": {"volumeType": "gp2"}},
            ],
        },
        {
            "name": "windows",
            "configure_at_launch": True,
            "fsx_windows_file_server_volume_configuration": [
                {
                    "file_system_id": "fs-2",
                    "root_directory": "/a",
                    "authorization_config": [
                        {"credentials_parameter": WINDOWS["credentialsParameter"], "domain": "corp"}
                    ],
                }
            ],
        },
    ],
}


def rest(docker: dict[str, Any], windows: dict[str, Any], device: str = "eia2.medium") -> dict[str, Any]:
    fsx = {"fileSystemId": "fs-2", "rootDirectory": "/a", "authorizationConfig": windows}
    return {
        **LIVE,
        "inferenceAccelerators": [{"deviceName": "one", "deviceType": device}],
        "volumes": [
            {"name": "windows", "configuredAtLaunch": True, "fsxWindowsFileServerVolumeConfiguration": fsx},
            {"name": "docker", "dockerVolumeConfiguration": {**docker, "driverOpts": {"volumeType": "gp2"}}},
        ],
    }


def test_volumes_of_every_kind_and_accelerators_are_the_same_in_both_languages() -> None:
    managed = {**MANAGED, **REST}
    assert differing(managed, rest(DOCKER, WINDOWS)) == {}
    found = differing(managed, rest({**DOCKER, "labels": {"myOwn": "b"}}, {**WINDOWS, "domain": "evil"}, "eia2.xlarge"))
    assert found == {
        "inference_accelerator[one].device_type": ("eia2.medium", "eia2.xlarge"),
        "volume[docker].docker_volume_configuration[0].labels[myOwn]": ("a", "b"),
        "volume[windows].fsx_windows_file_server_volume_configuration[0].authorization_config[0].domain": (
            "corp",
            "evil",
        ),
    }


def test_a_secret_is_told_by_what_it_refers_to() -> None:
    def secret(reference: str) -> list[dict[str, str]]:
        return [{"name": "S", "valueFrom": reference}, {"name": "T", "valueFrom": "arn:t"}]

    containers = [{**LIVE["containerDefinitions"][0], "secrets": secret("arn:a")}]
    managed = {**MANAGED, "container_definitions": json.dumps(containers)}
    assert differing(managed, container(secrets=secret("arn:a")[::-1])) == {}
    assert differing(managed, container(secrets=secret("arn:b")[::-1])) == {
        "container_definitions[web].secrets[S].valueFrom": ("arn:a", "arn:b")
    }


def test_a_proxy_property_that_changed() -> None:
    proxy = {**LIVE["proxyConfiguration"], "properties": [{"name": "AppPorts", "value": "80"}]}
    found = differing(MANAGED, {**LIVE, "proxyConfiguration": proxy})
    assert found == {"proxy_configuration[0].properties[IgnoredUID]": ("1337", None)}


def test_values_that_a_record_blanks_out_make_no_change() -> None:
    blanked = [{"name": name, "value": "***REDACTED***"} for name in "AB"]
    assert differing(MANAGED, container(environment=blanked)) == {}
    assert differing(MANAGED, container(environment="HIDDEN_DUE_TO_SECURITY_REASONS")) == {}


def test_a_variable_behind_a_blanked_out_value_still_comes_and_goes() -> None:
    blanked = [{"name": name, "value": "***REDACTED***"} for name in "AC"]
    assert set(differing(MANAGED, container(environment=blanked))) == {
        "container_definitions[web].environment[B]",
        "container_definitions[web].environment[C]",
    }


def test_a_definition_without_network_mode_runs_in_bridge_mode() -> None:
    managed, live = {**MANAGED, "network_mode": None}, {**LIVE, "networkMode": "bridge"}
    ports = "container_definitions[web].portMappings[80].hostPort"
    assert differing(managed, live) == {ports: (None, 80)}
    assert differing({**MANAGED, "network_mode": UNKNOWN}, live) == {ports: (None, 80)}


def test_an_unknown_planned_value_equals_no_live_one() -> None:
    assert differing({**MANAGED, "task_role_arn": UNKNOWN}, LIVE) == {"task_role_arn": (UNKNOWN, ROLE)}
    without = {name: value for name, value in LIVE.items() if name != "taskRoleArn"}
    assert differing({**MANAGED, "task_role_arn": UNKNOWN}, without) == {"task_role_arn": (UNKNOWN, None)}


def test_unknown_container_definitions_are_a_difference() -> None:
    assert "container_definitions" in differing({**MANAGED, "container_definitions": UNKNOWN}, LIVE)
