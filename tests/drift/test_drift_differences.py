from __future__ import annotations

import json
from typing import Any

from reconciler.drift.differences import Difference, find_differences
from reconciler.model import Member, render_path
from reconciler.model.plan_changes import UNKNOWN


def rendered(kind: str, before: dict[str, Any], after: dict[str, Any], **options: Any) -> dict[str, tuple[Any, Any]]:
    return {render_path(d.path): (d.before, d.after) for d in find_differences(kind, before, after, **options)}


def containers(*definitions: dict[str, Any]) -> dict[str, Any]:
    return {"container_definitions": json.dumps(definitions), "network_mode": "awsvpc"}


def test_a_list_of_scalars_changes_as_a_whole_with_what_stayed_first() -> None:
    before = {"capacity_providers": ["FARGATE"]}
    after = {"capacity_providers": ["ALPHA", "FARGATE_SPOT", "FARGATE"]}
    assert rendered("aws_ecs_cluster_capacity_providers", before, after) == {
        "capacity_providers": (["FARGATE"], ["FARGATE", "ALPHA", "FARGATE_SPOT"])
    }


def test_an_added_block_is_one_change_at_its_natural_key() -> None:
    spot = {"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1}
    assert find_differences(
        "aws_ecs_cluster_capacity_providers",
        {"default_capacity_provider_strategy": []},
        {"default_capacity_provider_strategy": [spot]},
    ) == (Difference(("default_capacity_provider_strategy", Member("FARGATE_SPOT")), None, spot),)


def test_a_removed_block_is_one_change_and_its_neighbours_are_none() -> None:
    spot, plain = ({"capacity_provider": name, "weight": 1} for name in ("FARGATE_SPOT", "FARGATE"))
    assert rendered(
        "aws_ecs_service",
        {"capacity_provider_strategy": [spot, plain]},
        {"capacity_provider_strategy": [plain]},
    ) == {"capacity_provider_strategy[FARGATE_SPOT]": (spot, None)}


def test_a_changed_block_is_told_by_its_leaf() -> None:
    before = {"setting": [{"name": "containerInsights", "value": "disabled"}]}
    after = {"setting": [{"name": "containerInsights", "value": "enabled"}]}
    assert rendered("aws_ecs_cluster", before, after) == {"setting[containerInsights].value": ("disabled", "enabled")}


def test_container_definitions_are_compared_by_name_down_to_the_leaves() -> None:
    before = containers({"name": "nginx", "image": "nginx:1.20"}, {"name": "log", "image": "log:1"})
    after = containers(
        {"name": "log", "image": "log:1"},
        {"name": "nginx", "image": "nginx:1.21", "environment": [{"name": "A", "value": "1"}]},
    )
    assert rendered("aws_ecs_task_definition", before, after) == {
        "container_definitions[nginx].image": ("nginx:1.20", "nginx:1.21"),
        "container_definitions[nginx].environment[A]": (None, {"name": "A", "value": "1"}),
    }


def test_an_environment_value_changes_at_the_path_that_reports_mask() -> None:
    before = containers({"name": "a", "environment": [{"name": "TOKEN", "value": "1"}]})
    after = containers({"name": "a", "environment": [{"name": "TOKEN", "value": "2"}]})
    (found,) = find_differences("aws_ecs_task_definition", before, after)
    assert found.path[-3:] == ("environment", Member("TOKEN"), "value")
    assert not found.sensitive


def test_members_with_the_same_key_are_told_by_index() -> None:
    port = {"containerPort": 53, "protocol": "tcp"}
    before = containers({"name": "dns", "portMappings": [port, {**port, "protocol": "udp"}]})
    after = containers({"name": "dns", "portMappings": [{**port, "protocol": "udp"}, {**port, "name": "dns"}]})
    assert rendered("aws_ecs_task_definition", before, after) == {
        "container_definitions[dns].portMappings[0].name": (None, "dns")
    }


def test_a_map_changes_by_key() -> None:
    before = {"tags": {"Team": "shop", "Old": "x"}}
    after = {"tags": {"Team": "sales", "Owner": "jane"}}
    assert rendered("aws_ecs_service", before, after) == {
        "tags[Team]": ("shop", "sales"),
        "tags[Old]": ("x", None),
        "tags[Owner]": (None, "jane"),
    }


def test_container_definitions_that_are_no_json_are_compared_as_text() -> None:
    before, after = {"container_definitions": "[not json"}, {"container_definitions": "[nor this"}
    assert list(rendered("aws_ecs_task_definition", before, after)) == ["container_definitions"]
    assert rendered("aws_ecs_task_definition", before, before) == {}


def test_true_is_not_one() -> None:
    assert list(rendered("aws_ecs_service", {"enable_execute_command": True}, {"enable_execute_command": 1}))
    assert not rendered("aws_ecs_service", {"desired_count": 1}, {"desired_count": 1.0})


def test_what_is_known_only_after_apply_differs_from_everything() -> None:
    assert rendered("aws_ecs_service", {"id": "a", "tags": {}}, {"id": UNKNOWN, "tags": UNKNOWN}) == {
        "id": ("a", UNKNOWN),
        "tags": ({}, UNKNOWN),
    }


def test_sensitive_parts_are_flagged_and_their_neighbours_are_not() -> None:
    before = {"tags": {"a": "1", "b": "1"}, "name": "x"}
    after = {"tags": {"a": "2", "b": "2"}, "name": "y"}
    found = find_differences("aws_ecs_service", before, after, sensitive=({"tags": {"a": True}}, {}))
    assert {render_path(d.path): d.sensitive for d in found} == {"tags[a]": True, "tags[b]": False, "name": False}


def test_everything_inside_a_sensitive_document_is_sensitive() -> None:
    found = find_differences(
        "aws_ecs_task_definition",
        containers({"name": "a", "image": "i:1"}),
        containers({"name": "a", "image": "i:2"}),
        sensitive=({}, {"container_definitions": True}),
    )
    assert [d.sensitive for d in found] == [True]


def test_a_member_that_came_with_something_sensitive_is_sensitive() -> None:
    found = find_differences(
        "aws_ecs_service",
        {"volume_configuration": []},
        {"volume_configuration": [{"name": "a"}, {"name": "b"}]},
        sensitive=(False, {"volume_configuration": [{}, {"name": True}]}),
    )
    assert [d.sensitive for d in found] == [False, True]


def test_a_members_name_that_is_sensitive_stays_out_of_the_path() -> None:
    def balanced(name: str, group: str) -> dict[str, Any]:
        return {"load_balancer": [{"container_name": name, "container_port": 80, "target_group_arn": group}]}

    for marked in ({"container_name": True}, True):
        sensitive = ({"load_balancer": [marked]}, False)
        (found,) = find_differences(
            "aws_ecs_service", balanced("S3cret", "a"), balanced("S3cret", "b"), sensitive=sensitive
        )
        assert render_path(found.path) == "load_balancer[(sensitive)].target_group_arn"
        assert found.path == ("load_balancer", Member("S3cret"), "target_group_arn")
    sensitive = (False, {"load_balancer": [{"target_group_arn": True}]})
    (shown,) = find_differences("aws_ecs_service", balanced("web", "a"), balanced("web", "b"), sensitive=sensitive)
    assert render_path(shown.path) == "load_balancer[web].target_group_arn"


def test_the_keys_of_a_sensitive_map_stay_out_of_the_path() -> None:
    (found,) = find_differences(
        "aws_ecs_service", {"tags": {}}, {"tags": {"S3cret": "1"}}, sensitive=(False, {"tags": True})
    )
    assert (render_path(found.path), found.sensitive) == ("tags[(sensitive)]", True)
    marked = (False, {"tags": {"Team": True}})
    (shown,) = find_differences("aws_ecs_service", {"tags": {}}, {"tags": {"Team": "1"}}, sensitive=marked)
    assert (render_path(shown.path), shown.sensitive) == ("tags[Team]", True)
