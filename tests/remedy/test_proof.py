"""What plans of the untouched and the edited tree prove, and what refutes."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import AttributeChange
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.remedy.proof import Claim, Registration, prove

WEB, API, DEFINITION = "aws_ecs_service.web", "aws_ecs_service.api", "aws_ecs_task_definition.api"
LIVE = "arn:aws:ecs:us-east-1:123456789012:task-definition/api:2"


def planned(address: str, actions: tuple[str, ...] = ("update",), **attributes: tuple[Any, Any]) -> PlannedChange:
    type_ = address.split(".")[0]
    return PlannedChange(address=address, type=type_, actions=actions, attributes=attributes, replace_paths=())


def by_address(*changes: PlannedChange) -> dict[str, PlannedChange]:
    return {change.address: change for change in changes}


COUNT = Claim(address=WEB, attributes=frozenset({"desired_count"}))
REVERTS = planned(WEB, desired_count=(5, 3))
OTHER = planned(API, enable_execute_command=(True, False))


def test_a_closed_drift_and_nothing_else_is_proven() -> None:
    assert prove(COUNT, by_address(REVERTS), {}).result == "proven"


def test_other_planned_changes_that_stay_as_they_were_do_not_hinder() -> None:
    proof = prove(COUNT, by_address(REVERTS, OTHER), by_address(OTHER))
    assert proof.result == "proven"
    assert "1 other planned change is as before" in proof.reason


def test_outputs_that_follow_the_live_value_are_named() -> None:
    proof = prove(COUNT, by_address(REVERTS), {}, {"web_size"})
    assert proof.result == "proven"
    assert proof.reason.endswith("outputs that follow: web_size")


REFUTED = {
    "the attribute would still change": (by_address(REVERTS), by_address(REVERTS), "still change desired_count"),
    "it would change to yet another value": (
        by_address(REVERTS),
        by_address(planned(WEB, desired_count=(5, 4))),
        "still change desired_count",
    ),
    "another attribute of the resource moves": (
        by_address(REVERTS),
        by_address(planned(WEB, launch_type=("FARGATE", "EC2"))),
        "also change launch_type",
    ),
    "another resource moves": (by_address(REVERTS), by_address(OTHER), "also update aws_ecs_service.api"),
    "another resource's planned change vanishes": (by_address(REVERTS, OTHER), {}, "no longer change"),
    "the resource would be replaced": (
        by_address(REVERTS),
        by_address(planned(WEB, ("delete", "create"))),
        "delete and create",
    ),
    "there was nothing to close": ({}, {}, "nothing to close"),
}


@pytest.mark.parametrize("situation", REFUTED)
def test_refuted_because(situation: str) -> None:
    untouched, edited, reason = REFUTED[situation]
    proof = prove(COUNT, untouched, edited)
    assert proof.result == "refuted"
    assert reason in proof.reason


MOVE = Claim(
    address=API,
    attributes=frozenset({"task_definition"}),
    registration=Registration(address=DEFINITION, live_name="api:2", differences=()),
)
MOVES_BACK = planned(API, task_definition=(LIVE, "arn:…:1"))
MOVES_ON = planned(API, task_definition=(LIVE, UNKNOWN))
REGISTERS = planned(DEFINITION, ("create", "delete"), container_definitions=("a", "b"))


def test_registering_an_equal_revision_and_moving_the_service_to_it_is_proven() -> None:
    proof = prove(MOVE, by_address(MOVES_BACK), by_address(MOVES_ON, REGISTERS))
    assert proof.result == "proven"
    assert "equal to api:2" in proof.reason


def test_a_revision_that_would_differ_from_the_live_one_is_refuted_with_the_difference() -> None:
    change = AttributeChange(path=("cpu",), state="256", live="512")
    registration = Registration(address=DEFINITION, live_name="api:2", differences=(change,))
    claim = Claim(address=API, attributes=MOVE.attributes, registration=registration)
    proof = prove(claim, by_address(MOVES_BACK), by_address(MOVES_ON, REGISTERS))
    assert proof.result == "refuted"
    assert "differs from api:2: cpu" in proof.reason


def test_a_second_service_that_would_move_too_refutes() -> None:
    other = planned(WEB, task_definition=("arn:…:1", UNKNOWN))
    proof = prove(MOVE, by_address(MOVES_BACK), by_address(MOVES_ON, REGISTERS, other))
    assert proof.result == "refuted"
    assert WEB in proof.reason


ELSEWHERE = planned(API, task_definition=(LIVE, "arn:…:7"))


@pytest.mark.parametrize(
    "edited",
    [by_address(MOVES_ON), by_address(REGISTERS), by_address(ELSEWHERE, REGISTERS)],
    ids=["no revision", "not moved", "moved to another one"],
)
def test_half_of_the_move_refutes(edited: dict[str, PlannedChange]) -> None:
    assert prove(MOVE, by_address(MOVES_BACK), edited).result == "refuted"


REPLACES = planned(
    WEB, ("delete", "create"), desired_count=(5, 3), id=("arn:…:web", UNKNOWN), deployment_controller=([{}], [])
)
FOLLOWS = planned("aws_appautoscaling_target.web", resource_id=("service/main/web", UNKNOWN))


def test_what_only_a_replacement_would_have_changed_ends_with_it() -> None:
    proof = prove(COUNT, by_address(REPLACES, FOLLOWS, OTHER), by_address(OTHER))
    assert proof.result == "proven"
    assert "nor to replace it, nor aws_appautoscaling_target.web, which follows it" in proof.reason
    assert "the 1 other planned change is as before" in proof.reason


STILL_MOVES = {
    "it would still be replaced": (by_address(REPLACES), by_address(REPLACES)),
    "a known value of another resource no longer moves": (by_address(REPLACES, OTHER), {}),
    "a follower would now move to a known value": (
        by_address(REPLACES, FOLLOWS),
        by_address(planned("aws_appautoscaling_target.web", resource_id=("service/main/web", "service/main/api"))),
    ),
    "an unknown value vanishes without a replacement": (by_address(REVERTS, FOLLOWS), {}),
}


@pytest.mark.parametrize("situation", STILL_MOVES)
def test_an_ended_replacement_excuses_nothing_else(situation: str) -> None:
    untouched, edited = STILL_MOVES[situation]
    assert prove(COUNT, untouched, edited).result == "refuted"
