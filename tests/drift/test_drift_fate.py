"""What a plan does to what drifted: the state's value, the live one and the planned one, place by place."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift import dispose, read_drifts
from reconciler.model import render_path
from reconciler.model.plan_changes import UNKNOWN

SERVICE, POLICY, DEFINITION = "aws_ecs_service", "aws_appautoscaling_policy", "aws_ecs_task_definition"


def fates(kind: str, state: Any, live: Any, planned: Any, *, actions: tuple[str, ...] = ("update",)) -> dict[str, bool]:
    """Return, by path, whether the change reverts; UNKNOWN is taken where it stands at the top level."""
    known = {name: value for name, value in planned.items() if value is not UNKNOWN} if planned is not None else None
    unknown = {name: True for name, value in (planned or {}).items() if value is UNKNOWN}
    change = {"before": live, "after": known, "after_unknown": unknown}
    entry = {"address": f"{kind}.x", "mode": "managed", "type": kind}
    plan = {
        "resource_drift": [{**entry, "change": {"actions": ["update"], "before": state, "after": live}}],
        "resource_changes": [{**entry, "change": {"actions": actions, **change}}],
    }
    (drift,) = dispose(read_drifts(plan), plan, {})
    return {render_path(each.path): each.disposition == "reverting" for each in drift.changes}


def groups(*names: str) -> dict[str, Any]:
    return {"network_configuration": [{"subnets": ["s"], "security_groups": list(names)}]}


def targets(*arns: str) -> dict[str, Any]:
    members = [{"target_group_arn": arn, "container_name": "w", "container_port": 80} for arn in arns]
    return {"load_balancer": members}


def spread(*fields: str) -> dict[str, Any]:
    return {"ordered_placement_strategy": [{"type": "spread", "field": field} for field in fields]}


def steps(*adjustments: int) -> dict[str, Any]:
    members = [
        {"metric_interval_lower_bound": str(index), "scaling_adjustment": adjustment}
        for index, adjustment in enumerate(adjustments)
    ]
    return {"step_scaling_policy_configuration": [{"step_adjustment": members}]}


def container(**values: Any) -> dict[str, Any]:
    return {"container_definitions": json.dumps([{"name": "a", "image": "i", **values}])}


LOGS = {"logDriver": "awslogs", "options": {"group": "g"}}


@pytest.mark.parametrize(
    ("kind", "state", "live", "planned"),
    [
        pytest.param(SERVICE, groups("a"), groups("a", "b"), groups("a", "b", "c"), id="a set gets one more"),
        pytest.param(SERVICE, groups("a", "b"), groups("a"), groups("a", "c"), id="a set that lost one gets another"),
        pytest.param(SERVICE, groups("a", "b"), groups("a", "b", "c"), groups("b", "c"), id="a set loses an older one"),
        pytest.param(SERVICE, targets("a", "b"), targets("x", "b"), targets("x", "c"), id="another target group"),
        pytest.param(SERVICE, targets("a", "b"), targets("a"), targets("a", "c"), id="a lost one, a new one"),
        pytest.param(SERVICE, targets("a"), targets("a", "x"), targets("a", "x", "c"), id="one more beside a new one"),
        pytest.param(SERVICE, spread("a", "b"), spread("x", "b"), spread("x", "c"), id="another step of an order"),
        pytest.param(POLICY, steps(1, 2), steps(5, 2), steps(5, 6), id="another step adjustment"),
        pytest.param(SERVICE, {"network_configuration": []}, groups("a"), groups("a", "b"), id="more in a new block"),
        pytest.param(
            DEFINITION,
            container(),
            container(logConfiguration=LOGS),
            container(logConfiguration={**LOGS, "options": {"group": "g", "mode": "non-blocking"}}),
            id="more in a structure that came",
        ),
        pytest.param(
            DEFINITION,
            container(command=["a"]),
            container(command=["a", "b"]),
            container(command=["a", "b", "c"]),
            id="one more word",
        ),
        pytest.param(
            SERVICE, {"tags": {"A": "1"}}, {"tags": {"A": "2"}}, {"tags": {"A": "2", "B": "1"}}, id="another tag"
        ),
        pytest.param(SERVICE, {"tags": {"A": "1"}}, {"tags": {}}, {"tags": {"B": "1"}}, id="a tag that stays away"),
    ],
)
def test_code_beside_what_drifted_reverts_nothing(kind: str, state: Any, live: Any, planned: Any) -> None:
    assert not any(fates(kind, state, live, planned).values())


@pytest.mark.parametrize(
    ("kind", "state", "live", "planned"),
    [
        pytest.param(SERVICE, {"desired_count": 1}, {"desired_count": 5}, {"desired_count": 1}, id="a number"),
        pytest.param(SERVICE, {"desired_count": 1}, {"desired_count": 5}, {"desired_count": 7}, id="a third value"),
        pytest.param(SERVICE, {"launch_type": "EC2"}, {"launch_type": ""}, {"launch_type": UNKNOWN}, id="not known"),
        pytest.param(SERVICE, groups("a"), groups("a", "b"), groups("a"), id="what a set got"),
        pytest.param(SERVICE, groups("a", "b"), groups("a"), groups("a", "b", "c"), id="what a set lost"),
        pytest.param(SERVICE, groups("a"), groups("b"), groups("c"), id="a set of others"),
        pytest.param(SERVICE, groups("a"), groups("b"), {"network_configuration": []}, id="the whole block"),
        pytest.param(SERVICE, groups("a"), {"network_configuration": []}, groups("a", "b"), id="a block that went"),
        pytest.param(SERVICE, {"network_configuration": []}, groups("a"), groups("b"), id="inside a block that came"),
        pytest.param(SERVICE, targets("a", "b"), targets("x", "b"), targets("a", "b"), id="a target group"),
        pytest.param(SERVICE, targets("a", "b"), targets("x"), targets("x", "a"), id="a member comes back"),
        pytest.param(SERVICE, targets("a"), targets("a", "x"), targets("a", "c"), id="what a list got"),
        pytest.param(SERVICE, spread("a", "b"), spread("b", "a"), spread("a", "b"), id="an order"),
        pytest.param(
            DEFINITION,
            container(command=["a", "b"]),
            container(command=["b", "a"]),
            container(command=["a", "b"]),
            id="the order of words",
        ),
        pytest.param(
            DEFINITION, container(logConfiguration=LOGS), container(), container(logConfiguration=LOGS), id="log driver"
        ),
        pytest.param(
            DEFINITION, container(image="x"), container(image="y"), {"container_definitions": UNKNOWN}, id="a document"
        ),
        pytest.param(SERVICE, {"tags": {"A": "1"}}, {"tags": {}}, {"tags": {"A": "1", "B": "1"}}, id="a tag"),
    ],
)
def test_what_the_plan_takes_back_is_reverting(kind: str, state: Any, live: Any, planned: Any) -> None:
    assert any(fates(kind, state, live, planned).values())


def test_a_member_that_stays_is_not_judged_by_one_that_goes_back() -> None:
    found = fates(SERVICE, targets("a", "b"), targets("x", "y"), targets("x", "b"))
    assert found == {"load_balancer[0].target_group_arn": False, "load_balancer[1].target_group_arn": True}


def test_a_replacement_keeps_what_the_code_says_and_a_deletion_nothing() -> None:
    state, live = {"desired_count": 1, "name": "a"}, {"desired_count": 5, "name": "a"}
    assert fates(SERVICE, state, live, {**live, "name": "b"}, actions=("delete", "create")) == {"desired_count": False}
    assert fates(SERVICE, state, live, None, actions=("delete",)) == {"desired_count": True}


def test_a_resource_that_the_code_only_forgets_stays_as_it_is() -> None:
    state, live = {"desired_count": 1}, {"desired_count": 5}
    assert fates(SERVICE, state, live, None, actions=("forget",)) == {"desired_count": False}


def revision(number: int, image: str) -> dict[str, Any]:
    return {"arn": f"arn:aws:ecs:us-east-1:123456789012:task-definition/web:{number}", **container(image=image)}


def test_a_new_revision_takes_back_only_what_the_live_one_consists_of() -> None:
    state, live = revision(1, "a"), revision(2, "b")
    replacing = ("create", "delete")
    kept = {**live, "arn": UNKNOWN, "cpu": "512"}
    assert not any(fates(DEFINITION, state, live, kept, actions=replacing).values())
    back = {**state, "arn": UNKNOWN}
    assert all(fates(DEFINITION, state, live, back, actions=replacing).values())


SETS = st.lists(st.sampled_from("abcd"), max_size=4, unique=True)
MAPS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"), max_size=3)
MEMBERS = st.lists(st.sampled_from("abcd"), max_size=3)


def undone(state: Any, live: Any, planned: Any) -> bool:
    """Return whether a plan takes away a member that was added, or makes one that was taken away."""
    was, now, then = (Counter(values) for values in (state, live, planned))
    return bool((now - was) & (now - then) or (was - now) & (then - now))


@given(state=SETS, live=SETS, planned=SETS)
def test_a_set_reverts_as_its_members_do(state: list[str], live: list[str], planned: list[str]) -> None:
    if set(state) != set(live):
        expected = undone(state, live, planned)
        found = fates(SERVICE, groups(*state), groups(*live), groups(*planned))
        assert any(found.values()) == expected


@given(state=MEMBERS, live=MEMBERS, planned=MEMBERS)
def test_a_list_without_keys_reverts_as_its_members_do(state: list[str], live: list[str], planned: list[str]) -> None:
    if Counter(state) != Counter(live):
        constraints = ([{"type": "memberOf", "expression": each} for each in side] for side in (state, live, planned))
        found = fates(SERVICE, *({"placement_constraints": side} for side in constraints))
        assert any(found.values()) == undone(state, live, planned)


@given(state=MAPS, live=MAPS, planned=MAPS)
def test_a_map_reverts_key_by_key(state: dict[str, str], live: dict[str, str], planned: dict[str, str]) -> None:
    if state != live:
        found = fates(SERVICE, {"tags": state}, {"tags": live}, {"tags": planned})
        changed = [key for key in {*state, *live} if state.get(key) != live.get(key)]
        assert found == {f"tags[{key}]": live.get(key) != planned.get(key) for key in changed}


@given(state=MAPS, live=MAPS, planned=MAPS)
def test_an_environment_reverts_name_by_name(
    state: dict[str, str], live: dict[str, str], planned: dict[str, str]
) -> None:
    if state != live:
        sides = ([{"name": k, "value": v} for k, v in side.items()] for side in (state, live, planned))
        found = fates(DEFINITION, *(container(environment=side) for side in sides))
        changed = [key for key in {*state, *live} if state.get(key) != live.get(key)]
        assert any(found.values()) == any(live.get(key) != planned.get(key) for key in changed)
        assert len(found) == len(changed)
