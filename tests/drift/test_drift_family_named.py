"""A service that somebody moved to a family's latest revision: AWS's answer says which one that was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from attribution_cases import ARN, IMAGE, event, explained

from reconciler.events import parse
from reconciler.model import ChangeEvent, Record, Trust

MOVED = ("task_definition",)


def moves(minute: int, revision: int | None, reference: str = "web") -> ChangeEvent:
    answer = {"service": {"taskDefinition": f"{ARN}{revision}"}} if revision else {}
    return replace(event(minute, task_definition=reference), response=answer)


@pytest.mark.parametrize("path", [MOVED, IMAGE])
def test_who_got_another_revision_did_not_move_it_to_the_live_one(path: Any) -> None:
    live = {"task_definition": f"{ARN}4"}
    assert explained(live, path, moves(1, 3), moves(2, 4)) == "event-2"
    assert explained(live, path, moves(1, 4), moves(2, 3)) is None


def test_who_got_the_live_revision_did_though_it_was_registered_in_a_later_second() -> None:
    live = {"task_definition": f"{ARN}3"}
    made = event(2, "RegisterTaskDefinition", f"{ARN}3", family="web")
    assert explained(live, MOVED, moves(1, 3), made) == "event-1"
    assert explained(live, MOVED, moves(1, None), made) is None


def test_without_an_answer_a_family_means_what_it_may() -> None:
    live = {"task_definition": f"{ARN}4"}
    assert explained(live, MOVED, moves(1, None), moves(2, None)) == "event-1"
    odd = replace(moves(1, None), response={"service": {"taskDefinition": 5}})
    assert explained(live, MOVED, odd) == "event-1"


def record(name: str, asked: dict[str, Any], answered: Any) -> Record:
    body = {
        "eventSource": "ecs.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-01-02T03:04:05Z",
        "eventID": "1",
        "requestParameters": {"service": "web", **asked},
        "responseElements": answered,
    }
    return Record(body, "here")


@pytest.mark.parametrize("name", ["UpdateService", "CreateService"])
def test_of_the_answer_about_a_service_only_the_revision_is_kept(name: str) -> None:
    answered = {"service": {"taskDefinition": f"{ARN}4", "serviceName": "web", "desiredCount": 2}}
    told = parse(record(name, {"taskDefinition": "web"}, answered), Trust())
    assert isinstance(told, ChangeEvent)
    assert told.response == {"service": {"taskDefinition": f"{ARN}4"}}


@pytest.mark.parametrize("answered", [None, "x", {"service": 5}, {"service": {"taskDefinition": {"a": 1}}}])
def test_of_an_answer_of_another_form_nothing_is_kept(answered: Any) -> None:
    told = parse(record("UpdateService", {"taskDefinition": "web"}, answered), Trust())
    assert isinstance(told, ChangeEvent)
    assert told.response == {}


def test_a_call_that_named_no_revision_keeps_none() -> None:
    told = parse(record("UpdateService", {"desiredCount": 2}, {"service": {"taskDefinition": f"{ARN}4"}}), Trust())
    assert isinstance(told, ChangeEvent)
    assert told.response == {}
