from __future__ import annotations

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
    assert severity_of(found, RULES) == expected


def test_what_is_inside_the_revision_stands_for_the_services_pointer_to_it() -> None:
    moved = drift("aws_ecs_service", change("task_definition"), change(*IMAGE))
    assert severity_of(moved, RULES) == ("medium", "ECS Task Definition Changes")
    assert severity_of(moved, ()) == ("medium", None)


def test_another_change_of_the_service_beside_the_revision_still_counts() -> None:
    moved = drift("aws_ecs_service", change("task_definition"), change(*IMAGE), change("desired_count"))
    assert severity_of(moved, RULES) == ("high", "ECS Service Configuration")


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
    assert severity_of(found, RULES)[1] is None


def test_a_rule_may_watch_a_path() -> None:
    rule = DriftRule(
        name="images",
        resource_types=("aws_ecs_task_definition",),
        watched_attributes=("container_definitions.image",),
        severity="critical",
    )
    assert severity_of(drift("aws_ecs_task_definition", change(*IMAGE)), [rule]) == ("critical", "images")
    command = change("container_definitions", Member("web"), "command")
    assert severity_of(drift("aws_ecs_task_definition", command), [rule]) == ("medium", None)


def test_a_rule_that_watches_nothing_matches_all_and_deletions_too() -> None:
    rule = DriftRule(name="all", resource_types=("aws_ecs_service",), watched_attributes=(), severity="low")
    assert severity_of(drift("aws_ecs_service", deleted=True), [rule]) == ("low", "all")
    assert severity_of(drift("aws_ecs_service", change("name")), [rule]) == ("low", "all")
    assert severity_of(drift("aws_ecs_cluster", change("name")), [rule]) == ("medium", None)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (drift("aws_ecs_service", deleted=True), "critical"),
        (drift("aws_ecs_cluster", deleted=True), "critical"),
        (drift("aws_ecs_task_definition", deleted=True), "high"),
        (drift("aws_ecs_service", change("desired_count")), "high"),
        (drift("aws_ecs_cluster_capacity_providers", change("capacity_providers")), "high"),
        (drift("aws_ecs_service", change("enable_execute_command", state=False, live=True)), "high"),
        (drift("aws_ecs_service", change("enable_execute_command", state=True, live=False)), "medium"),
        (drift("aws_ecs_task_definition", change("task_role_arn")), "high"),
        (drift("aws_ecs_task_definition", change("network_mode")), "high"),
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
    assert severity_of(found, ()) == (expected, None)
