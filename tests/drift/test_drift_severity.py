from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.drift import severity_of
from reconciler.model import AttributeChange, AttributePath, Drift, DriftRule, Member, Severity

# TFDrift-Falco's own example.
SERVICE_RULE = DriftRule(
    name="ECS Service Configuration",
    resource_types=("aws_ecs_service",),
    watched_attributes=("desired_count", "task_definition", "launch_type", "enable_execute_command"),
    severity="high",
)
TASK_RULE = DriftRule(
    name="ECS Task Definition Changes",
    resource_types=("aws_ecs_task_definition",),
    watched_attributes=("container_definitions", "task_role_arn", "execution_role_arn", "cpu", "memory"),
    severity="medium",
)
CLUSTER_RULE = DriftRule(
    name="ECS Cluster Settings",
    resource_types=("aws_ecs_cluster", "aws_ecs_cluster_capacity_providers"),
    watched_attributes=("settings", "capacity_providers", "default_capacity_provider_strategy"),
    severity="high",
)
RULES = (SERVICE_RULE, TASK_RULE, CLUSTER_RULE)
IMAGE: AttributePath = ("container_definitions", Member("web"), "image")


def judged(found: Drift, rules: Sequence[DriftRule]) -> tuple[Severity, str | None]:
    judgement = severity_of(found, rules)
    return judgement.severity, judgement.rule


def drift(kind: str, *changes: AttributeChange, deleted: bool = False) -> Drift:
    return Drift(address=f"{kind}.x", type=kind, deleted=deleted, changes=changes, before={}, live={})


def change(*path: str | Member, state: Any = "a", live: Any = "b") -> AttributeChange:
    return AttributeChange(path=path, state=state, live=live)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (drift("aws_ecs_service", change("desired_count")), ("high", "ECS Service Configuration")),
        (drift("aws_ecs_service", change("task_definition")), ("high", "ECS Service Configuration")),
        (drift("aws_ecs_task_definition", change(*IMAGE)), ("medium", "ECS Task Definition Changes")),
        (
            drift("aws_ecs_cluster", change("setting", Member("containerInsights"), "value")),
            ("high", "ECS Cluster Settings"),
        ),
        (
            drift("aws_ecs_service", change("tags", Member("a")), change("desired_count")),
            ("high", "ECS Service Configuration"),
        ),
    ],
)
def test_the_first_rule_that_watches_a_changed_attribute(found: Drift, expected: tuple[Severity, str]) -> None:
    assert judged(found, RULES) == expected


def test_what_is_inside_the_revision_stands_for_the_services_pointer_to_it() -> None:
    moved = drift("aws_ecs_service", change("task_definition"), change(*IMAGE))
    assert judged(moved, RULES) == ("medium", "ECS Task Definition Changes")
    assert judged(moved, ()) == ("medium", None)


def test_another_change_of_the_service_beside_the_revision_still_counts() -> None:
    moved = drift("aws_ecs_service", change("task_definition"), change(*IMAGE), change("desired_count"))
    assert judged(moved, RULES) == ("high", "ECS Service Configuration")


@pytest.mark.parametrize(
    "found",
    [
        drift("aws_ecs_service", change("propagate_tags")),
        drift("aws_ecs_task_set", change("desired_count")),
        drift("aws_ecs_task_definition", change("network_mode")),
        drift("aws_ecs_service", deleted=True),
    ],
)
def test_rules_that_watch_something_else_do_not_match(found: Drift) -> None:
    assert judged(found, RULES)[1] is None


def test_a_rule_may_watch_a_path() -> None:
    rule = DriftRule(
        name="images",
        resource_types=("aws_ecs_task_definition",),
        watched_attributes=("container_definitions.image",),
        severity="critical",
    )
    assert judged(drift("aws_ecs_task_definition", change(*IMAGE)), [rule]) == ("critical", "images")
    command = change("container_definitions", Member("web"), "command")
    assert judged(drift("aws_ecs_task_definition", command), [rule]) == ("medium", None)


def test_a_rule_that_watches_nothing_matches_all_and_deletions_too() -> None:
    rule = DriftRule(name="all", resource_types=("aws_ecs_service",), watched_attributes=(), severity="low")
    assert judged(drift("aws_ecs_service", deleted=True), [rule]) == ("low", "all")
    assert judged(drift("aws_ecs_service", change("name")), [rule]) == ("low", "all")
    assert judged(drift("aws_ecs_cluster", change("name")), [rule]) == ("medium", None)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (drift("aws_ecs_service", deleted=True), "critical"),
        (drift("aws_ecs_cluster", deleted=True), "critical"),
        (drift("aws_ecs_task_definition", deleted=True), "high"),
        (drift("aws_ecs_service", change("desired_count", state=3, live=0)), "high"),
        (drift("aws_ecs_service", change("desired_count", state=0, live=3)), "medium"),
        (drift("aws_ecs_cluster_capacity_providers", change("capacity_providers")), "high"),
        (drift("aws_ecs_service", change("enable_execute_command", state=False, live=True)), "high"),
        (drift("aws_ecs_service", change("enable_execute_command", state=True, live=False)), "medium"),
        (drift("aws_ecs_task_definition", change("task_role_arn")), "high"),
        (drift("aws_ecs_task_definition", change("network_mode", state="awsvpc", live="host")), "high"),
        (drift("aws_ecs_task_definition", change("network_mode", state="host", live="awsvpc")), "medium"),
        (drift("aws_ecs_account_setting_default", change("value", state="enabled", live="disabled")), "high"),
        (
            drift("aws_ecs_service", change("network_configuration", Member(0), "assign_public_ip", live=True)),
            "high",
        ),
        (drift("aws_ecs_task_definition", change("container_definitions", Member("a"), "privileged")), "high"),
        (drift("aws_ecs_task_definition", change(*IMAGE)), "medium"),
        (
            drift("aws_ecs_task_definition", change("container_definitions", Member("a"), state=None, live={"cpu": 1})),
            "medium",
        ),
        (
            drift(
                "aws_ecs_task_definition",
                change("container_definitions", Member("a"), state=None, live={"privileged": True}),
            ),
            "high",
        ),
        (
            drift(
                "aws_ecs_task_definition",
                change("container_definitions", Member("a"), state=None, live={"privileged": False}),
            ),
            "medium",
        ),
        (drift("aws_ecs_service", change("tags", Member("Team"))), "low"),
        (drift("aws_ecs_service", change("tags", Member("desired_count"))), "low"),
        (drift("aws_ecs_service", change("tags", Member("a")), change("platform_version")), "medium"),
    ],
)
def test_the_default_table(found: Drift, expected: Severity) -> None:
    assert judged(found, ()) == (expected, None)


def in_container(*path: str | Member, state: Any, live: Any) -> AttributeChange:
    return change("container_definitions", Member("web"), *path, state=state, live=live)


EXEC = ("execute_command_configuration", Member(0))
LOGS = (*EXEC, "log_configuration", Member(0))
EFS = ("volume", Member("data"), "efs_volume_configuration", Member(0))
CONNECT = ("service_connect_configuration", Member(0))
EBS = ("managed_ebs_volume", Member(0))
PINNED = "ghcr.io/acme/web@sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("made", "because"),
    [
        (change("execution_role_arn"), "execution_role_arn: the tasks are started with another role"),
        (change("pid_mode", state=None, live="host"), "see the host's processes"),
        (change("ipc_mode", state="task", live="host"), "share the host's memory"),
        (change("execution_role_arn", state="a", live=None), "started without a role of their own"),
        (change("task_role_arn", state="a", live=""), "the tasks have no role any more"),
        (change("network_mode", state="awsvpc", live=None), "behind the host's bridge"),
        (change("network_mode", state="awsvpc", live="bridge"), "behind the host's bridge"),
        (change("network_mode", state="bridge", live="host"), "share the host's network"),
        (change("volume", Member("data"), "host_path", state="", live="/"), "a directory of the host"),
        (
            change("volume", Member("data"), state=None, live={"name": "data", "host_path": "/"}),
            "volume[data].host_path",
        ),
        (change("enable_fault_injection", state=False, live=True), "faults"),
        (in_container("user", state="1000", live="0:0"), "runs as root"),
        (in_container("user", state="nobody", live=None), "runs as root"),
        (in_container("user", state="nobody", live="0000:1"), "runs as root"),
        (in_container("readonlyRootFilesystem", state=True, live=False), "may write"),
        (in_container("readonlyRootFilesystem", state=True, live=None), "may write"),
        (in_container("linuxParameters", "capabilities", "add", state=["A"], live=["A", "SYS_ADMIN"]), "capabilities"),
        (in_container("linuxParameters", state=None, live={"capabilities": {"add": ["NET_RAW"]}}), "capabilities.add"),
        (in_container("linuxParameters", state={"capabilities": {"drop": ["ALL"]}}, live=None), "had to drop"),
        (in_container("linuxParameters", "devices", Member("/dev/sda"), state=None, live={"hostPath": "x"}), "devices"),
        (in_container("secrets", Member("KEY"), state={"valueFrom": "a"}, live=None), "a secret is no longer handed"),
        (
            in_container("linuxParameters", "devices", Member("/dev/sda"), state={"hostPath": "x"}, live=None),
            "no longer",
        ),
        (in_container("repositoryCredentials", state={"credentialsParameter": "a"}, live=None), "without credentials"),
        (in_container("secrets", Member("KEY"), "valueFrom", state="a", live="b"), "other secrets"),
        (in_container("logConfiguration", state={"logDriver": "awslogs"}, live=None), "no longer kept"),
        (in_container("logConfiguration", "logDriver", state="awslogs", live="none"), "no longer kept"),
        (in_container("image", state=PINNED, live="ghcr.io/acme/web:1"), "named by its digest"),
        (change("setting", Member("containerInsights"), "value", state="enhanced", live="disabled"), "metrics"),
        (change("setting", Member("containerInsights"), state={"value": "enabled"}, live=None), "metrics"),
        (change("network_configuration", Member(0), state=None, live={"assign_public_ip": True}), "public addresses"),
        (in_container(state=None, live={"name": "web", "secrets": [{"name": "KEY", "valueFrom": "a"}]}), "secrets"),
        (change("network_configuration", Member(0), state={"security_groups": ["a"]}, live=None), "security groups"),
        (change("network_configuration", state=[{"subnets": ["a"]}], live=[]), "network_configuration.subnets"),
        (change("configuration", Member(0), *EXEC, "kms_key_id", state="k", live=""), "with that key"),
        (change("configuration", Member(0), *LOGS, "s3_bucket_name", state="a", live="b"), "no longer logged there"),
        (
            change("configuration", Member(0), *LOGS, "s3_bucket_encryption_enabled", state=True, live=False),
            "encrypted",
        ),
        (change("configuration", state=[{EXEC[0]: [{"kms_key_id": "k"}]}], live=[]), "with that key"),
        (change(*EFS, "transit_encryption", state="ENABLED", live="DISABLED"), "is open"),
        (change(*EFS, "authorization_config", Member(0), "iam", state="ENABLED", live=None), "no longer limits"),
        (change(*EFS, "authorization_config", state=[{"access_point_id": "a"}], live=[]), "access point"),
        (change(*EFS, "file_system_id", state="a", live="b"), "that file system"),
        (change(*CONNECT, "service", Member("http"), "tls", state=[{"kms_key": "k"}], live=[]), "encrypted"),
        (change("volume_configuration", Member("v"), *EBS, "encrypted", state=True, live=False), "encrypted"),
        (change("volume_configuration", Member("v"), *EBS, "role_arn", state="a", live="b"), "with another role"),
        (change("max_capacity", state=3, live=0), "nothing is left running"),
    ],
)
def test_the_default_table_says_why(made: AttributeChange, because: str) -> None:
    judgement = severity_of(drift("aws_ecs_task_definition", made), ())
    assert judgement.severity == "high"
    assert because in (judgement.because or "")


@pytest.mark.parametrize(
    "made",
    [
        change("pid_mode", state="host", live="task"),
        change("volume", Member("data"), state={"host_path": "/"}, live=None),
        in_container("user", state="root", live="1000"),
        in_container("user", state="root", live="0"),
        in_container("user", state=None, live="nobody"),
        in_container("readonlyRootFilesystem", state=None, live=True),
        in_container("linuxParameters", "capabilities", "add", state=["A", "B"], live=["B"]),
        in_container("linuxParameters", "capabilities", "drop", state=["A"], live=["A", "ALL"]),
        in_container("logConfiguration", "options", Member("awslogs-group"), state="a", live="b"),
        in_container("dockerLabels", Member("privileged"), state=None, live="true"),
        in_container("dockerLabels", state=None, live={"privileged": "true", "user": "root"}),
        in_container("image", state="ghcr.io/acme/web:1", live=PINNED),
        in_container(state=None, live={"name": "web", "readonlyRootFilesystem": False, "user": "1000"}),
        in_container(state={"name": "web", "secrets": [{"name": "KEY"}], "user": "root"}, live=None),
        change("setting", Member("containerInsights"), "value", state="disabled", live="enabled"),
        change("configuration", Member(0), *EXEC, "kms_key_id", state="", live="k"),
        change("configuration", Member(0), *LOGS, "s3_bucket_encryption_enabled", state=False, live=True),
        change(*EFS, "transit_encryption", state="DISABLED", live="ENABLED"),
        change("volume", Member("data"), state={"efs_volume_configuration": [{"file_system_id": "a"}]}, live=None),
        change(*CONNECT, "service", Member("http"), "tls", state=[], live=[{"kms_key": "k"}]),
        change("max_capacity", state=0, live=3),
    ],
)
def test_what_is_no_danger_is_medium(made: AttributeChange) -> None:
    assert judged(drift("aws_ecs_task_definition", made), ()) == ("medium", None)


def rule(name: str, severity: Severity, *watched: str) -> DriftRule:
    return DriftRule(
        name=name, resource_types=("aws_ecs_task_definition",), watched_attributes=watched, severity=severity
    )


def test_the_rule_of_the_most_specific_attribute_decides_of_several_the_first() -> None:
    found = drift("aws_ecs_task_definition", change(*IMAGE))
    whole, image = (
        rule("whole", "low", "container_definitions"),
        rule("image", "critical", "container_definitions.image"),
    )
    assert judged(found, [whole, image]) == ("critical", "image")
    assert judged(found, [rule("all", "info"), whole]) == ("low", "whole")
    assert judged(found, [whole, rule("again", "critical", "cpu", "container_definitions")]) == ("low", "whole")


def test_a_rule_for_one_change_hides_no_graver_one() -> None:
    command = change("enable_execute_command", state=False, live=True)
    found = drift("aws_ecs_service", change("desired_count"), command)
    lenient = DriftRule(
        name="count", resource_types=("aws_ecs_service",), watched_attributes=("desired_count",), severity="info"
    )
    assert judged(found, [lenient]) == ("high", None)
    assert judged(drift("aws_ecs_service", change("desired_count")), [lenient]) == ("info", "count")
