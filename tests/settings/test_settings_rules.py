"""A rule that can never match is an error with the name that was meant; one of TFDrift-Falco's is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.settings import Settings

Read = Callable[..., Settings]
Refuse = Callable[..., list[str]]
GOOD = "version: 1\nworkspaces: [{path: infra/prod}]\ndrift_rules:\n  - name: r\n    severity: high\n"


def written(kind: str, watched: str) -> str:
    return f"{GOOD}    resource_types: [{kind}]\n    watched_attributes:\n      - {watched}\n"


@pytest.mark.parametrize(
    ("kind", "watched"),
    [
        ("aws_ecs_service", "desired_count"),
        ("aws_ecs_service", "service_name"),
        ("aws_ecs_cluster", "settings"),
        ("aws_ecs_cluster", "setting[containerInsights].value"),
        ("aws_ecs_service", "network_configuration[0].assign_public_ip"),
        ("aws_ecs_service", "' network_configuration.assign_public_ip '"),
        ("aws_ecs_service", "tags.Team"),
        ("aws_ecs_service", "'tags[\"Team\"]'"),
        ("aws_ecs_service", "deployment_configuration.lifecycle_hook.role_arn"),
        ("aws_ecs_task_definition", "container_definitions[web].image"),
        ("aws_ecs_task_definition", "container_definitions.*.environment[A].value"),
        ("aws_ecs_task_definition", "container_definitions.logConfiguration.options"),
        ("aws_iam_policy_attachment", "roles"),
        ("aws_ecs_daemon", "whatever"),
    ],
)
def test_what_can_match_is_read(read: Read, kind: str, watched: str) -> None:
    (rule,) = read(written(kind, watched)).rules
    assert rule.watched_attributes == (watched.strip("'"),)


@pytest.mark.parametrize(
    ("kind", "watched", "told"),
    [
        ("aws_ecs_service", "desired_countt", "aws_ecs_service has no such attribute; did you mean desired_count?"),
        ("aws_ecs_service", "Desired_Count", "did you mean desired_count?"),
        ("aws_ecs_service", "container_definitions", "aws_ecs_service has no such attribute"),
        ("aws_ecs_service", "assign_public_ip", "did you mean network_configuration.assign_public_ip?"),
        ("aws_ecs_service", "network_configuration.assign_public_ips", "network_configuration.assign_public_ip?"),
        ("aws_ecs_service", "networkconfiguration.subnets", "did you mean network_configuration.subnets?"),
        ("aws_ecs_service", "desired_count.x", "has no such attribute; `terraform providers schema"),
        ("aws_ecs_task_definition", "image", "did you mean container_definitions.image?"),
        ("aws_ecs_task_definition", "container_definitions.w.image", "did you mean container_definitions.image?"),
        ("aws_ecs_task_definition", "containerDefinitions", "did you mean container_definitions?"),
        ("aws_ecs_service", "'*'", "must be an attribute's name, or a path"),
        ("aws_ecs_service", "'desired count'", "must be an attribute's name, or a path"),
        ("aws_ecs_service", "'tags[Team'", "must be an attribute's name, or a path"),
        ("aws_ecs_service", "'[0].name'", "must be an attribute's name, or a path"),
    ],
)
def test_what_no_type_has_is_refused_with_its_line(refuse: Refuse, kind: str, watched: str, told: str) -> None:
    (line,) = refuse(written(kind, watched))
    assert ":8: drift_rules[0].watched_attributes[0]: " in line
    assert told in line


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("aws_ecs_services", "did you mean aws_ecs_service?"),
        ("AWS_ECS_SERVICE", "did you mean aws_ecs_service?"),
        ("'aws_ecs_*'", "no resource type is called so"),
        ("'AWS::ECS::Service'", "no resource type is called so"),
        ("aws_security_group", "types are Terraform's, of Amazon ECS and what it uses"),
    ],
)
def test_an_unknown_type_is_refused_with_its_line(refuse: Refuse, kind: str, told: str) -> None:
    (line,) = refuse(written(kind, "desired_count"))
    assert ":6: drift_rules[0].resource_types[0]: " in line
    assert told in line


def test_a_rule_without_attributes_is_about_everything_an_empty_list_is_a_slip(read: Read, refuse: Refuse) -> None:
    (rule,) = read(f"{GOOD}    resource_types: [aws_ecs_service]\n").rules
    assert rule.watches_all_of("aws_ecs_service")
    (line,) = refuse(f"{GOOD}    resource_types: [aws_ecs_service]\n    watched_attributes: []\n")
    assert "drift_rules[0].watched_attributes: must not be empty" in line


def test_an_attribute_of_one_of_the_types_is_enough(read: Read, refuse: Refuse) -> None:
    both = "aws_ecs_cluster, aws_ecs_cluster_capacity_providers"
    assert read(written(both, "capacity_providers")).rules
    (line,) = refuse(written(both, "task_role_arn"))
    assert "aws_ecs_cluster and aws_ecs_cluster_capacity_providers have no such attribute" in line


REMEDY = "version: 1\nworkspaces: [{path: infra/prod}]\nremediation:\n  rules:\n    - remedy: adopt\n      match:\n"


def matching(**match: str) -> str:
    return REMEDY + "".join(f"        {key}: {value}\n" for key, value in match.items())


@pytest.mark.parametrize(
    "match",
    [
        {"attribute": "desired_count"},
        {"attribute": "container_definitions"},
        {"resource_type": "aws_ecs_service"},
        {"resource_type": "aws_ecs_cluster", "attribute": "setting"},
        {"resource_type": "aws_ecs_daemon", "attribute": "whatever"},
        {"workspace": "infra/prod"},
    ],
)
def test_a_remedy_for_what_there_is_is_read(read: Read, match: dict[str, str]) -> None:
    (rule,) = read(matching(**match)).remediation.rules
    assert (rule.resource_type, rule.attribute) == (match.get("resource_type"), match.get("attribute"))


NONE = "no resource type has such a top-level attribute; "


@pytest.mark.parametrize(
    ("match", "key", "told"),
    [
        ({"attribute": "desired_countt"}, "attribute", NONE + "did you mean desired_count?"),
        ({"attribute": "container_definitions.image"}, "attribute", NONE + "did you mean container_definitions?"),
        ({"attribute": "subnets"}, "attribute", NONE + "did you mean network_configuration?"),
        ({"attribute": "'*'"}, "attribute", NONE + "`terraform providers schema -json` lists them"),
        (
            {"resource_type": "aws_ecs_service", "attribute": "desiredCount"},
            "attribute",
            "aws_ecs_service has no such top-level attribute; did you mean desired_count?",
        ),
        (
            {"resource_type": "aws_ecs_cluster", "attribute": "desired_count"},
            "attribute",
            "aws_ecs_cluster has no such top-level attribute; `terraform",
        ),
        ({"resource_type": "aws_ecs_cluster", "attribute": "settings"}, "attribute", "did you mean setting?"),
        ({"resource_type": "aws_ecs_services"}, "resource_type", "is called so; did you mean aws_ecs_service?"),
        ({"resource_type": "aws_lb", "attribute": "x"}, "resource_type", "no resource type is called so; types are"),
    ],
)
def test_a_remedy_for_what_there_is_not_is_refused(refuse: Refuse, match: dict[str, str], key: str, told: str) -> None:
    (line,) = refuse(matching(**match))
    assert f":{7 + list(match).index(key)}: remediation.rules[0].match.{key}: " in line
    assert told in line
