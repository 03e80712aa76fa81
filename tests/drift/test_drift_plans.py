from __future__ import annotations

from typing import Any

import pytest

from reconciler.drift import planned_changes, read_drifts, sensitive_attributes
from reconciler.model import Member
from reconciler.model.plan_changes import UNKNOWN


def entry(address: str = "aws_ecs_service.web", actions: tuple[str, ...] = ("update",), **rest: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": {"desired_count": 3}, "after": {"desired_count": 5}}
    change |= rest.pop("change", {})
    kind = address.split("[")[0].split(".")[-2]
    return {"address": address, "mode": "managed", "type": kind, "change": change, **rest}


COUNT = {"before": {"desired_count": 3}, "after": {"desired_count": 5}}


def test_a_plan_without_drift_has_none() -> None:
    assert read_drifts({}) == ()
    assert read_drifts({"resource_drift": []}) == ()


def test_other_types_and_data_sources_are_not_reported() -> None:
    plan = {"resource_drift": [entry("aws_lb.main"), entry("data.aws_ecs_service.web", mode="data")]}
    assert read_drifts(plan) == ()


def test_the_address_keeps_module_and_index() -> None:
    address = 'module.a["x.y"].module.b[0].aws_ecs_service.web["k"]'
    (drift,) = read_drifts({"resource_drift": [entry(address, type="aws_ecs_service")]})
    assert drift.address == address


def test_a_deposed_object_is_not_the_resource() -> None:
    assert read_drifts({"resource_drift": [entry(deposed="0a1b2c3d")]}) == ()
    assert read_drifts({"resource_drift": [entry(actions=("delete",), deposed="0a1b2c3d")]}) == ()


def test_sensitive_trees_reach_nested_values() -> None:
    change = {
        "before": {"configuration": [{"kms": "a", "log": "x"}]},
        "after": {"configuration": [{"kms": "b", "log": "y"}]},
        "after_sensitive": {"configuration": [{"kms": True}]},
    }
    (drift,) = read_drifts({"resource_drift": [entry(change=change)]})
    assert {c.path[-1]: c.sensitive for c in drift.changes} == {"kms": True, "log": False}


@pytest.mark.parametrize("tree", [True, {"a": True}, [{"b": [True]}]])
def test_an_attribute_is_sensitive_when_anything_in_it_is(tree: Any) -> None:
    change = {"before_sensitive": {"volume": tree}, "after_sensitive": False}
    found = sensitive_attributes({"resource_changes": [entry(change=change)]})
    assert found == {"aws_ecs_service.web": frozenset({"volume"})}


@pytest.mark.parametrize("tree", [False, {}, [], [{"docker_volume_configuration": []}], {"a": [False]}])
def test_an_attribute_whose_tree_marks_nothing_is_not_sensitive(tree: Any) -> None:
    change = {"before_sensitive": {"volume": tree}, "after_sensitive": {"volume": tree}}
    found = sensitive_attributes({"resource_changes": [entry(change=change)]})
    assert found == {"aws_ecs_service.web": frozenset()}


def test_a_resource_that_a_pending_move_renames_keeps_its_address_in_the_state() -> None:
    moved = entry("aws_ecs_service.new", previous_address="aws_ecs_service.web", change=COUNT)
    (drift,) = read_drifts({"resource_drift": [moved]})
    assert (drift.address, drift.state_address) == ("aws_ecs_service.new", "aws_ecs_service.web")


def test_a_resource_that_stays_has_one_address() -> None:
    (drift,) = read_drifts({"resource_drift": [entry(change=COUNT)]})
    assert drift.state_address == drift.address == "aws_ecs_service.web"


def test_an_update_that_is_nothing_but_noise_is_no_planned_change() -> None:
    change = {"before": {"tags": None}, "after": {"tags": {}}}
    assert planned_changes({"resource_changes": [entry(change=change)]}) == {}


def test_a_creation_deletion_or_replacement_is_never_noise() -> None:
    entries = [
        entry("aws_ecs_service.a", ("create",), change={"before": None, "after": {}}),
        entry("aws_lb.b", ("delete",), change={"before": {"tags": None}, "after": None}),
        entry("aws_lb.c", ("create", "delete"), change={"before": {"tags": None}, "after": {"tags": {}}}),
        entry("aws_lb.d", ("forget",), change={"before": {}, "after": {}}),
    ]
    found = planned_changes({"resource_changes": entries})
    assert {address: change.actions for address, change in found.items()} == {
        "aws_ecs_service.a": ("create",),
        "aws_lb.b": ("delete",),
        "aws_lb.c": ("create", "delete"),
        "aws_lb.d": ("forget",),
    }


def test_reading_and_leaving_alone_are_no_planned_changes() -> None:
    entries = [entry("aws_lb.a", ("no-op",)), entry("aws_lb.b", ("read",)), entry("data.aws_lb.c", mode="data")]
    assert planned_changes({"resource_changes": entries}) == {}


def test_a_deposed_object_and_its_successor_are_two_planned_changes() -> None:
    entries = [entry(), entry(actions=("delete",), change={"after": None}, deposed="0a1b2c3d")]
    assert set(planned_changes({"resource_changes": entries})) == {
        "aws_ecs_service.web",
        "aws_ecs_service.web (deposed 0a1b2c3d)",
    }


def test_unknown_values_appear_at_their_depth() -> None:
    change = {
        "before": {"block": [{"a": 1, "b": 2}], "list": ["x"], "same": 1},
        "after": {"block": [{"a": 1}], "list": ["x", None], "same": 1},
        "after_unknown": {"block": [{"b": True}], "list": [False, True], "arn": True},
    }
    (planned,) = planned_changes({"resource_changes": [entry(change=change)]}).values()
    assert planned.attributes == {
        "block": ([{"a": 1, "b": 2}], [{"a": 1, "b": UNKNOWN}]),
        "list": (["x"], ["x", UNKNOWN]),
        "arn": (None, UNKNOWN),
    }
    assert repr(UNKNOWN) == "(known after apply)"


def test_the_time_of_the_plan_is_not_what_an_apply_of_another_plan_sets() -> None:
    now, own = "2026-01-02T03:04:05Z", {"tags": {"Deployed": "2026-01-01T00:00:00Z"}}
    late = entry(change={"before": own, "after": {"tags": {"Deployed": now}, "desired_count": 5}})
    (change,) = planned_changes({"timestamp": now, "resource_changes": [late]}).values()
    assert change.attributes == {"tags": (own["tags"], {"Deployed": UNKNOWN}), "desired_count": (None, 5)}
    assert change.after["tags"] == {"Deployed": UNKNOWN}


def test_no_value_shows_in_the_repr_of_a_planned_change() -> None:
    change = {"before": {"password": "hunter1"}, "after": {"password": "hunter2"}}
    (planned,) = planned_changes({"resource_changes": [entry(change=change)]}).values()
    assert "hunter" not in repr(planned)


def test_a_plan_from_an_older_terraform_has_no_sensitive_trees() -> None:
    (drift,) = read_drifts({"resource_drift": [entry()]})
    assert [(c.path, c.sensitive) for c in drift.changes] == [(("desired_count",), False)]
    assert not any(isinstance(step, Member) for step in drift.changes[0].path)
