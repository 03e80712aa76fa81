"""Who is named where calls leave things out, say null, only touch, or meet within one second; and who is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.drift import attribute_events, read_drifts
from reconciler.model import ChangeEvent, Drift, ResourceId, render_path
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:"
SERVICE: dict[str, Any] = {
    "name": "web",
    "desired_count": 3,
    "enable_execute_command": False,
    "launch_type": "FARGATE",
    "capacity_provider_strategy": [],
    "task_definition": f"{ARN}1",
    "network_configuration": [{"subnets": ["a"], "security_groups": ["sg"], "assign_public_ip": False}],
    "load_balancer": [{"target_group_arn": each, "container_name": "w", "container_port": 80} for each in ("a", "b")],
    "volume_configuration": [{"name": "ebs", "managed_ebs_volume": [{"size_in_gb": 10, "throughput": 125}]}],
    "service_connect_configuration": [],
    "tags": {},
    "tags_all": {"Cost": "cc"},
}
ACTION: dict[str, Any] = {"name": "n", "schedule": "rate(1 hour)", "start_time": "2030-01-01T00:00:00Z"}


def drift(state: dict[str, Any], live: dict[str, Any], kind: str = "aws_ecs_service") -> Drift:
    shown = {"actions": ["update"], "before": state, "after": {**state, **live}}
    entry = {"address": f"{kind}.x", "mode": "managed", "type": kind, "change": shown}
    (found,) = read_drifts({"resource_drift": [entry]})
    return found


def call(second: int, name: str = "UpdateService", kind: str = "aws_ecs_service", **requested: Any) -> ChangeEvent:
    return change_event(
        ResourceId(type=kind, name="web"),
        id=f"e{second}",
        name=name,
        source="autoscaling.amazonaws.com" if "Scal" in name or "Sched" in name else "ecs.amazonaws.com",
        time=datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC),
        requested=requested,
    )


def named(live: dict[str, Any], *events: ChangeEvent, state: dict[str, Any] = SERVICE, **more: Any) -> dict[str, Any]:
    found = attribute_events(drift(state, live, **more), events)
    return {render_path(change.path): change.event_id for change in found.changes}


CREATED = (call(1, "DeleteService"), call(2, "CreateService", desired_count=3))
OPENED = {"enable_execute_command": True}


def test_a_creation_is_not_to_blame_for_what_it_left_out() -> None:
    assert named(OPENED, *CREATED, call(3, enable_execute_command=True)) == {"enable_execute_command": "e3"}
    assert named(OPENED, *CREATED) == {"enable_execute_command": None}
    assert named(OPENED, call(0, enable_execute_command=True), *CREATED) == {"enable_execute_command": None}


def test_what_aws_chose_for_a_creation_is_the_creators_until_somebody_names_it() -> None:
    live = {"launch_type": "EC2"}
    assert named(live, *CREATED) == {"launch_type": "e2"}
    assert named(live, *CREATED, call(3, launch_type="EC2")) == {"launch_type": "e3"}


def test_null_is_no_request() -> None:
    assert named({"desired_count": 5}, call(1, desired_count=5), call(2, desired_count=None)) == {"desired_count": "e1"}
    network = {"subnets": ["a"], "security_groups": None, "assign_public_ip": True}
    live = {"network_configuration": [{**network, "security_groups": ["sg"]}]}
    assert named(live, call(1, network_configuration=network), call(2, network_configuration=None)) == {
        "network_configuration[0].assign_public_ip": "e1"
    }


@pytest.mark.parametrize("stop", ["ROLLBACK", "ABORT"])
def test_who_named_the_revision_comes_before_who_only_stopped_a_deployment(stop: str) -> None:
    live, other = {"task_definition": f"{ARN}5"}, call(0, task_definition="web:9")
    stopped = replace(call(1, "StopServiceDeployment", stop_type=stop), touches=("task_definition",))
    assert named(live, other, stopped, call(2, task_definition="web:5")) == {"task_definition": "e2"}
    assert named(live, call(0, task_definition="web:5"), stopped) == {"task_definition": "e0"}
    assert named(live, other, stopped) == {"task_definition": "e1" if stop == "ROLLBACK" else None}


def test_within_one_second_the_live_value_tells_who_was_last() -> None:
    calls = [replace(call(1, desired_count=count), id=str(count)) for count in (3, 5, 4)]
    for order in (calls, calls[::-1], [calls[2], calls[0], calls[1]]):
        assert named({"desired_count": 4}, *order) == {"desired_count": "4"}
    assert named({"desired_count": 4}, *calls, call(2, desired_count=5)) == {"desired_count": None}


def test_within_one_second_the_order_given_counts_where_it_can_be_right() -> None:
    fought = [replace(call(1, desired_count=count), id=str(n)) for n, count in enumerate((3, 1, 3, 3))]
    state = {**SERVICE, "desired_count": 1}
    assert named({"desired_count": 3}, *fought, state=state) == {"desired_count": "2"}


def test_a_strategy_empties_the_launch_type() -> None:
    spot = [{"capacity_provider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    live = {"capacity_provider_strategy": spot, "launch_type": ""}
    assert set(named(live, call(1, capacity_provider_strategy=spot)).values()) == {"e1"}
    assert named({"launch_type": "EC2"}, call(1, capacity_provider_strategy=spot)) == {"launch_type": None}


def test_members_without_a_key_belong_to_who_asked_for_their_values() -> None:
    def balancers(*arns: str) -> list[dict[str, Any]]:
        return [{**SERVICE["load_balancer"][0], "target_group_arn": arn} for arn in arns]

    calls = call(1, load_balancer=balancers("x", "b")), call(2, load_balancer=balancers("x", "c"))
    assert named({"load_balancer": balancers("x", "c")}, *calls) == {
        "load_balancer[0].target_group_arn": "e1",
        "load_balancer[1].target_group_arn": "e2",
    }


def test_single_blocks_inside_members_of_a_list() -> None:
    live = {"volume_configuration": [{"name": "ebs", "managed_ebs_volume": [{"size_in_gb": 20, "throughput": 125}]}]}
    path = "volume_configuration[ebs].managed_ebs_volume[0].size_in_gb"
    bigger, smaller = (
        call(second, volume_configuration=[{"name": "ebs", "managed_ebs_volume": {"size_in_gb": size}}])
        for second, size in ((1, 20), (2, 15))
    )
    assert named(live, bigger) == {path: "e1"}
    assert named(live, bigger, smaller) == {path: None}


def test_a_block_that_came_whole_with_what_aws_filled_in() -> None:
    asked = {"enabled": True, "namespace": "ns", "service": [{"port_name": "http", "unknown": 1}]}
    inside = {"port_name": "http", "discovery_name": "http", "ingress_port_override": 0}
    arn = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1"
    live = {"service_connect_configuration": [{"enabled": True, "namespace": arn, "service": [inside]}]}
    other = {**asked, "service": [{"port_name": "grpc"}]}
    path = "service_connect_configuration[0]"
    assert named(live, call(1, service_connect_configuration=asked)) == {path: "e1"}
    assert named(live, call(1, service_connect_configuration=other)) == {path: None}
    off, with_it = call(2, service_connect_configuration={"enabled": False}), {**SERVICE, **live}
    assert named({"service_connect_configuration": []}, off, state=with_it) == {path: "e2"}


def test_a_tag_that_equals_the_providers_default() -> None:
    state = {**SERVICE, "tags": {"Cost": "own"}, "tags_all": {"Cost": "own"}}
    live = {"tags": {}, "tags_all": {"Cost": "cc"}}
    tagged, other = (call(n, "TagResource", tags={"Cost": value}) for n, value in ((1, "cc"), (2, "x")))
    assert named(live, tagged, state=state) == {"tags[Cost]": "e1"}
    assert named(live, tagged, other, state=state) == {"tags[Cost]": None}


def test_a_scheduled_action_put_without_times_has_none() -> None:
    kind = {"state": ACTION, "kind": "aws_appautoscaling_scheduled_action"}
    put = call(1, "PutScheduledAction", kind["kind"], schedule="rate(1 hour)")
    assert named({"start_time": None}, put, **kind) == {"start_time": "e1"}
    assert named({"start_time": "2031-01-01T00:00:00Z"}, put, **kind) == {"start_time": None}


def test_a_target_registered_again_has_no_tags_of_the_former_one() -> None:
    kind = "aws_appautoscaling_target"
    state = {"max_capacity": 4, "tags": {"Team": "x"}, "tags_all": {"Team": "x"}}
    live = {"tags": {}, "tags_all": {}}
    again = call(2, "RegisterScalableTarget", kind, max_capacity=4)
    assert named(live, call(1, "DeregisterScalableTarget", kind), again, state=state, kind=kind) == {"tags[Team]": "e2"}
    assert named(live, again, state=state, kind=kind) == {"tags[Team]": None}


def test_one_users_own_setting_is_not_the_accounts() -> None:
    kind = "aws_ecs_account_setting_default"
    state, live = {"name": "containerInsights", "value": "disabled"}, {"value": "enabled"}
    default = call(1, "PutAccountSettingDefault", kind, value="enabled")
    roots = call(2, "PutAccountSetting", kind, value="disabled")
    own = replace(roots, resources=(ResourceId(type=None, name="containerInsights"),))
    assert named(live, default, own, state=state, kind=kind) == {"value": "e1"}
    assert named(live, default, roots, state=state, kind=kind) == {"value": None}


def test_a_policy_that_was_detached_in_between_is_the_second_ones() -> None:
    def attached(second: int, name: str) -> ChangeEvent:
        policy = ResourceId(type="aws_iam_role_policy_attachment", arn="p2", name="p2", role="r")
        return replace(call(second, name), resources=(policy,), effect="makes" if name[0] == "A" else "ends")

    kind, live = "aws_iam_role", {"managed_policy_arns": ["p1", "p2"]}
    calls = [attached(1, "AttachRolePolicy"), attached(2, "DetachRolePolicy"), attached(3, "AttachRolePolicy")]
    state = {"managed_policy_arns": ["p1"]}
    assert named(live, *calls, state=state, kind=kind) == {"managed_policy_arns": "e3"}
    assert named(live, *calls[:2], state=state, kind=kind) == {"managed_policy_arns": None}


def test_a_version_that_is_not_the_default_changes_no_policy() -> None:
    kind, state, live = "aws_iam_policy", {"policy": '{"Statement": []}'}, {"policy": '{"Statement": [{"Sid": "a"}]}'}
    written = call(1, "CreatePolicyVersion", kind, policy=live["policy"], set_as_default=False)
    chosen = replace(call(2, "SetDefaultPolicyVersion", kind), touches=("policy",))
    assert named(live, written, chosen, state=state, kind=kind) == {"policy": "e2"}
    at_once = call(3, "CreatePolicyVersion", kind, policy=live["policy"], set_as_default=True)
    assert named(live, written, chosen, at_once, state=state, kind=kind) == {"policy": "e3"}
    assert named(live, written, state=state, kind=kind) == {"policy": None}
