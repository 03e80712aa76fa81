"""Real plans of `stack/`, recorded by record_plans.py: first as applied, then changed outside Terraform."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.drift import compare_task_definitions, dispose, planned_changes, planned_outputs, read_drifts
from reconciler.model import Drift, render_path
from reconciler.model.plan_changes import UNKNOWN

RECORDED = Path(__file__).parent / "recorded"
IGNORED = {"module.app.aws_ecs_service.this": ["desired_count", "network_configuration[0].assign_public_ip"]}


@cache
def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@cache
def drifts(full: str = "changed.full") -> dict[str, Drift]:
    found = dispose(read_drifts(recorded("changed.refresh_only")), recorded(full), IGNORED)
    return {drift.address: drift for drift in found}


def changes(address: str, full: str = "changed.full") -> dict[str, tuple[Any, Any, str | None]]:
    return {render_path(c.path): (c.state, c.live, c.disposition) for c in drifts(full)[address].changes}


def test_right_after_an_apply_nothing_has_drifted_although_terraform_says_so() -> None:
    plan = recorded("after_apply.refresh_only")
    assert len(plan["resource_drift"]) >= 10
    assert read_drifts(plan) == ()


def test_the_drifted_addresses_and_no_others() -> None:
    assert set(drifts()) == {
        "aws_appautoscaling_target.web",
        "aws_ecs_capacity_provider.ec2",
        "aws_ecs_cluster.main",
        "aws_ecs_cluster_capacity_providers.main",
        "aws_ecs_service.moved",
        "aws_ecs_service.web",
        "aws_ecs_service.worker",
        "aws_ecs_task_definition.deregistered",
        "aws_ecs_task_definition.secretive",
        "aws_ecs_task_definition.tracked",
        'module.app["a"].aws_ecs_service.this[0]',
        'module.app["b"].aws_ecs_service.this[0]',
    }


def test_desired_count_execute_command_and_tags_of_a_service() -> None:
    assert changes("aws_ecs_service.web") == {
        "desired_count": (3, 5, "reverting"),
        "enable_execute_command": (False, True, "reverting"),
        "tags[Team]": ("shop", "sales", "reverting"),
        "tags[Owner]": (None, "jane", "reverting"),
    }


def test_a_service_moved_to_another_revision() -> None:
    assert changes("aws_ecs_service.moved") == {"task_definition": ("web:1", "web:2", "reverting")}


def test_capacity_providers_with_a_new_default_strategy() -> None:
    assert changes("aws_ecs_cluster_capacity_providers.main") == {
        "capacity_providers": (["FARGATE"], ["FARGATE", "FARGATE_SPOT"], "reverting"),
        "default_capacity_provider_strategy[FARGATE_SPOT]": (
            None,
            {"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1},
            "reverting",
        ),
    }


def test_container_insights() -> None:
    assert changes("aws_ecs_cluster.main") == {"setting[containerInsights].value": ("disabled", "enabled", "reverting")}


def test_ignored_attributes_inside_a_module_with_for_each_and_count() -> None:
    assert changes('module.app["a"].aws_ecs_service.this[0]') == {
        "desired_count": (2, 6, "ignored"),
        "network_configuration[0].assign_public_ip": (False, True, "ignored"),
    }


def test_an_attribute_that_is_not_ignored_beside_ignored_ones() -> None:
    ((path, (_, _, disposition)),) = changes('module.app["b"].aws_ecs_service.this[0]').items()
    assert (path, disposition) == ("task_definition", "reverting")


def test_computed_attributes_that_the_code_leaves_open_are_unset() -> None:
    scaling = "auto_scaling_group_provider[0].managed_scaling[0]"
    assert changes("aws_ecs_capacity_provider.ec2") == {
        f"{scaling}.status": ("DISABLED", "ENABLED", "unset"),
        f"{scaling}.target_capacity": (100, 80, "unset"),
    }


def test_code_that_has_caught_up_is_matching() -> None:
    assert changes("aws_ecs_service.worker") == {"desired_count": (1, 4, "reverting")}
    assert changes("aws_ecs_service.worker", "caught_up.full") == {"desired_count": (1, 4, "matching")}


def test_a_new_revision_of_a_tracked_definition_is_told_by_what_is_inside() -> None:
    found = changes("aws_ecs_task_definition.tracked")
    assert found["container_definitions[job].image"] == ("job:1", "job:2", "reverting")
    assert found["arn"][1].endswith(":task-definition/tracked:2")
    assert set(found) == {"arn", "container_definitions[job].image", "tags_all[Stack]"}


def test_a_value_from_a_sensitive_variable_is_flagged() -> None:
    flags = {render_path(c.path): c.sensitive for c in drifts()["aws_ecs_task_definition.secretive"].changes}
    assert flags["container_definitions[job].environment[TOKEN].value"] is True
    assert flags["arn"] is False


def test_a_deregistered_revision_is_deleted() -> None:
    drift = drifts()["aws_ecs_task_definition.deregistered"]
    assert (drift.deleted, drift.changes, drift.live) == (True, (), {})
    assert drift.before["revision"] == 1


def test_planned_changes_cover_every_address_that_the_plan_would_touch() -> None:
    planned = planned_changes(recorded("changed.full"))
    untouched = {"aws_ecs_capacity_provider.ec2", 'module.app["a"].aws_ecs_service.this[0]'}
    assert set(planned) == set(drifts()) - untouched
    assert planned["aws_ecs_service.web"].attributes["desired_count"] == (5, 3)
    assert set(planned["aws_ecs_service.web"].attributes) == {"desired_count", "enable_execute_command", "tags"}
    replaced = planned["aws_ecs_task_definition.tracked"]
    assert replaced.actions == ("delete", "create")
    assert replaced.replace_paths == (("container_definitions",),)
    assert replaced.attributes["arn"][1] is UNKNOWN
    assert planned["aws_ecs_task_definition.deregistered"].actions == ("create",)
    assert planned["aws_ecs_service.worker"].attributes["task_definition"][1] is UNKNOWN


def test_outputs_that_would_change() -> None:
    assert planned_outputs(recorded("changed.full")) == frozenset()
    assert planned_outputs(recorded("caught_up.full")) == {"worker_count"}


@pytest.mark.parametrize("name", ["web:1", "tracked:1"])
def test_the_revision_that_terraform_registered_equals_what_it_manages(name: str) -> None:
    (managed,) = (r for r in _state("after_apply.refresh_only") if r["address"].endswith(name.split(":")[0]))
    assert compare_task_definitions(managed["values"], recorded("revisions")[name]) == ()


def test_the_revision_that_a_person_registered_is_told_by_what_is_inside() -> None:
    (managed,) = (r for r in _state("after_apply.refresh_only") if r["address"].endswith("definition.web"))
    found = compare_task_definitions(managed["values"], recorded("revisions")["web:2"])
    assert {render_path(c.path) for c in found} == {
        "container_definitions[nginx].image",
        "container_definitions[probe]",
        "memory",
    }


def test_the_definition_that_a_plan_would_register_is_compared_with_its_unknowns() -> None:
    planned = planned_changes(recorded("changed.full"))["aws_ecs_task_definition.tracked"]
    assert planned.after["network_mode"] is UNKNOWN
    assert compare_task_definitions(planned.after, recorded("revisions")["tracked:1"]) == ()


def test_recordings_hold_no_place_of_the_machine_that_made_them() -> None:
    for file in RECORDED.glob("*.json"):
        text = file.read_text()
        assert "127.0.0.1" not in text
        assert "/tmp/" not in text
        assert "/home/" not in text


def _state(name: str) -> list[dict[str, Any]]:
    resources = recorded(name)["prior_state"]["values"]["root_module"]["resources"]
    return [r for r in resources if r["type"] == "aws_ecs_task_definition"]
