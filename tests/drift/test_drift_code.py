"""Whether the code has a drifted attribute that no plan touches: matching, unset, or ignored where it says another."""

from __future__ import annotations

from typing import Any

import pytest
from disposition_cases import PLAIN, PUBLIC_IP, disposition, drift, plan

from reconciler.drift import dispose
from reconciler.drift.addresses import is_configured
from reconciler.model import AttributePath, Member


def test_code_that_sets_the_attribute_is_matching() -> None:
    count = {"desired_count": {"constant_value": 5}}
    reference = {"desired_count": {"references": ["var.count"]}}
    assert disposition(("desired_count",), plan(expressions=count), value=5) == "matching"
    assert disposition(("desired_count",), plan(expressions=reference)) == "matching"


def test_code_that_sets_a_neighbour_is_not() -> None:
    network = {"network_configuration": [{"subnets": {"references": ["var.subnets"]}}]}
    assert disposition(PUBLIC_IP, plan(expressions=network)) == "unset"
    assert disposition((*PUBLIC_IP[:2], "subnets"), plan(expressions=network)) == "matching"
    assert disposition(("desired_count",), plan(expressions=network)) == "unset"


def test_an_expression_without_references_or_a_constant_value_is_code_too() -> None:
    # What Terraform writes for jsonencode() of nothing but literals.
    path: AttributePath = ("service_connect_configuration", Member(0), "enabled")
    assert is_configured({"container_definitions": {}}, ("container_definitions", Member("web"), "image"))
    assert disposition(("task_definition",), plan(expressions={"task_definition": {}})) == "matching"
    assert disposition(path, plan(expressions={"service_connect_configuration": [{"enabled": {}}]})) == "matching"


@pytest.mark.parametrize(
    ("path", "expressions", "live", "expected"),
    [
        (("desired_count",), {"desired_count": {"constant_value": 3}}, 5, "ignored"),
        (("desired_count",), {"desired_count": {"constant_value": 5}}, 5, "matching"),
        (("desired_count",), {"desired_count": {"references": ["var.count"]}}, 5, "matching"),
        (PUBLIC_IP, {"network_configuration": [{"assign_public_ip": {"constant_value": False}}]}, True, "ignored"),
        (PUBLIC_IP, {"network_configuration": [{"assign_public_ip": {"constant_value": True}}]}, True, "matching"),
        (("tags", Member("Team")), {"tags": {"constant_value": {"Team": "a"}}}, "b", "ignored"),
        (("tags", Member("Team")), {"tags": {"constant_value": {"Team": "b"}}}, "b", "matching"),
        (("cluster",), {"cluster": {"constant_value": "main"}}, "arn:aws:ecs:us-east-1:1:cluster/main", "matching"),
        (
            ("load_balancer", Member("web"), "container_port"),
            {"load_balancer": [{"container_port": {"constant_value": 80}}, {"container_port": {"constant_value": 81}}]},
            81,
            "matching",
        ),
    ],
)
def test_code_that_says_otherwise_and_is_left_alone_must_be_ignored_where_nobody_could_read_it(
    path: AttributePath, expressions: dict[str, Any], live: Any, expected: str
) -> None:
    assert disposition(path, plan(expressions=expressions), value=live) == expected


def test_a_dynamic_block_does_not_show_in_the_configuration() -> None:
    assert disposition(PUBLIC_IP, plan()) == "matching"
    assert disposition(("tags", Member("Team")), plan()) == "unset"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # Plans over states that have the block and code that has not (provider 5.100): these come to nothing …
        (("setting", Member("containerInsights"), "value"), "unset"),
        (("auto_scaling_group_provider", Member(0), "managed_scaling", Member(0), "target_capacity"), "unset"),
        (("suspended_state", Member(0), "scheduled_scaling_suspended"), "unset"),
        (("scale", Member(0), "value"), "unset"),
        # … and these take the block out, so one that stays is in the code.
        (("deployment_circuit_breaker", Member(0), "enable"), "matching"),
        (("deployment_controller", Member(0), "type"), "matching"),
        (("alarms", Member(0), "rollback"), "matching"),
        (("capacity_provider_strategy", Member("FARGATE"), "weight"), "matching"),
        (("service_connect_configuration", Member(0), "enabled"), "matching"),
        (("configuration", Member(0), "execute_command_configuration", Member(0), "logging"), "matching"),
    ],
)
def test_a_block_that_no_plan_takes_out_is_in_the_code_unless_the_provider_leaves_it_alone(
    path: AttributePath, expected: str
) -> None:
    in_its_block = {
        "auto_scaling_group_provider": [{"auto_scaling_group_arn": {"references": ["aws_autoscaling_group.a"]}}]
    }
    assert disposition(path, plan(expressions=in_its_block)) == expected


@pytest.mark.parametrize("names", [("setting",), ()])
def test_a_dynamic_block_that_the_provider_would_leave_alone_is_code_where_the_file_has_it(
    names: tuple[str, ...],
) -> None:
    path: AttributePath = ("setting", Member("containerInsights"), "value")
    (found,) = dispose([drift(path)], plan(), {}, {PLAIN: names})
    assert found.changes[0].disposition == ("matching" if names else "unset")


def test_a_constant_map_sets_only_its_keys() -> None:
    tags = {"tags": {"constant_value": {"Team": "shop"}}}
    assert disposition(("tags", Member("Team")), plan(expressions=tags), value="shop") == "matching"
    assert disposition(("tags", Member("Owner")), plan(expressions=tags)) == "unset"
    assert disposition(("tags", Member("Owner")), plan(expressions={"tags": {"references": ["local.t"]}})) == "matching"


PLATFORM: AttributePath = ("platform_version",)


@pytest.mark.parametrize(
    ("given", "variables", "root", "expected"),
    [
        pytest.param({}, {"v": {"default": None}}, {}, "unset", id="the module's default is null"),
        pytest.param({}, {"v": {}}, {}, "unset", id="a null default is not written"),
        pytest.param({"v": {"constant_value": None}}, {"v": {"default": "1.4.0"}}, {}, "unset", id="null is passed"),
        pytest.param({"v": {"references": ["var.p"]}}, {"v": {}}, {"p": {}}, "unset", id="a null variable is passed"),
        pytest.param({}, {"v": {"default": "1.4.0"}}, {}, "matching", id="the module has a default"),
        pytest.param({"v": {"constant_value": "1.4.0"}}, {"v": {}}, {}, "matching", id="a value is passed"),
        pytest.param({"v": {"references": ["var.p"]}}, {"v": {}}, {"p": {"value": "1"}}, "matching", id="a variable"),
        pytest.param({"v": {"references": ["local.p"]}}, {"v": {}}, {}, "matching", id="nobody can tell"),
    ],
)
def test_a_variable_that_is_null_sets_nothing(
    given: dict[str, Any], variables: dict[str, Any], root: dict[str, Any], expected: str
) -> None:
    full = plan(expressions={"platform_version": {"references": ["var.v"]}})
    call = full["configuration"]["root_module"]["module_calls"]["web"]
    call["expressions"], call["module"]["variables"], full["variables"] = given, variables, root
    assert disposition(PLATFORM, full) == expected


@pytest.mark.parametrize(
    ("path", "expression"),
    [
        (("desired_count",), {"constant_value": "${var.n}", "references": ["var.n"]}),
        (("desired_count",), {"constant_value": "${2 + 2}"}),
        (("tags", Member("Team")), {"constant_value": {"Team": "${var.t}"}, "references": ["var.t"]}),
        (("tags", Member("Team")), {"constant_value": {"${var.key}": "b"}, "references": ["var.key"]}),
    ],
)
def test_an_expression_in_json_is_no_constant(path: AttributePath, expression: dict[str, Any]) -> None:
    # Terraform 1.11 writes the template of JSON syntax as the constant value.
    full = plan(expressions={str(path[0]): expression})
    full["variables"] = {"n": {"value": 4}, "t": {"value": "x"}, "key": {"value": "Team"}}
    full["configuration"]["root_module"]["module_calls"]["web"]["expressions"] = {
        name: {"references": [f"var.{name}"]} for name in full["variables"]
    }
    assert disposition(path, full, value=4) == "matching"


def test_a_tag_that_is_gone_from_code_too_is_matching() -> None:
    tags = {"tags": {"constant_value": {"Team": "shop"}}}
    assert disposition(("tags", Member("Old")), plan(expressions=tags), value=None) == "matching"
    assert disposition(("tags", Member("Old")), plan(), value=None) == "unset"


def test_a_default_tag_is_never_unset() -> None:
    stack = ("tags_all", Member("Stack"))
    assert disposition(stack, plan()) == "matching"
    assert disposition(stack, plan(), ["tags"]) == "ignored"
    assert disposition(stack, plan(), ['tags["Stack"]']) == "ignored"
    assert disposition(stack, plan(), ['tags["Other"]']) == "matching"
    assert disposition(stack, plan({"tags_all": {"Stack": "b"}}, {"tags_all": {"Stack": "a"}}), ["tags"]) == "reverting"


def test_what_no_code_has_is_unset() -> None:
    full = plan()
    full["configuration"]["root_module"]["module_calls"]["web"]["module"]["resources"] = []
    assert disposition(PUBLIC_IP, full) == "unset"
