"""Real plans of `spellings/`, recorded by record_plans.py: the same in other words, and every way to ignore."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.drift import (
    attribute_events,
    compare_task_definitions,
    dispose,
    planned_changes,
    read_drifts,
    severity_of,
)
from reconciler.model import AttributeChange, Drift, render_path

HERE = Path(__file__).parent
CODE = {  # what the code says; tests/remedy/test_ignore_changes.py shows how it is read
    "aws_ecs_service.deployed": ["task_definition", "desired_count"],
    "aws_ecs_service.everything": ["all"],
    "aws_ecs_service.json": ["desired_count"],
    "aws_ecs_service.overridden": ["desired_count"],
    "aws_ecs_service.tagged": ['tags["Team"]'],
    "module.ports.aws_ecs_service.this": ["network_configuration[0].subnets"],
}


@cache
def recorded(name: str) -> Any:
    return json.loads((HERE / "recorded" / f"{name}.json").read_text())


@cache
def drifts() -> dict[str, Drift]:
    found = dispose(read_drifts(recorded("ignored.refresh_only")), recorded("ignored.full"), CODE)
    return {drift.address: drift for drift in found}


def changes(address: str) -> dict[str, tuple[Any, Any, str | None]]:
    return {render_path(c.path): (c.state, c.live, c.disposition) for c in drifts()[address].changes}


def managed(name: str) -> Any:
    resources = recorded("spelled_again.refresh_only")["prior_state"]["values"]["root_module"]["resources"]
    return next(each["values"] for each in resources if each["address"] == f"aws_ecs_task_definition.{name}")


def test_other_words_for_the_same_are_no_drift() -> None:
    plan = recorded("spelled_again.refresh_only")
    phantoms = {entry["address"] for entry in plan["resource_drift"]}
    assert {"aws_ecs_service.web", "aws_ecs_task_definition.odd"} <= phantoms
    (tracked,) = read_drifts(plan)
    # Another revision of the same content: nothing but its number.
    assert (tracked.address, [change.path for change in tracked.changes]) == (
        "aws_ecs_task_definition.odd",
        [("arn",)],
    )


def test_the_revision_in_other_words_has_the_content_of_the_managed_one() -> None:
    for name in ("odd:1", "odd:2"):
        assert compare_task_definitions(managed("odd"), recorded("spelled_revisions")[name]) == ()


def test_what_terraform_would_register_anew_is_its_word_whatever_the_content() -> None:
    # The provider takes ports in another order, and `privileged: false`, for another content.
    ((path, (_, _, disposition)),) = changes("aws_ecs_task_definition.odd").items()
    assert (path, disposition) == ("arn", "reverting")
    planned = planned_changes(recorded("ignored.full"))["aws_ecs_task_definition.odd"]
    assert planned.replace_paths == (("container_definitions",),)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("aws_ecs_service.everything", {"desired_count": "ignored", "enable_execute_command": "ignored"}),
        ("aws_ecs_service.deployed", {"desired_count": "ignored", "task_definition": "ignored"}),
        ("aws_ecs_service.overridden", {"desired_count": "ignored", "enable_execute_command": "reverting"}),
        ("aws_ecs_service.json", {"desired_count": "ignored", "enable_execute_command": "reverting"}),
        (
            "aws_ecs_service.tagged",
            {"tags[Team]": "ignored", "tags[Owner]": "reverting", "tags[Stack]": "reverting"},
        ),
        (
            'module.ports["one"].aws_ecs_service.this',
            {"network_configuration[0].subnets": "ignored", "network_configuration[0].assign_public_ip": "reverting"},
        ),
    ],
)
def test_what_terraform_would_do_with_each_attribute(address: str, expected: dict[str, str]) -> None:
    assert {path: disposition for path, (_, _, disposition) in changes(address).items()} == expected


def test_a_constant_tells_that_something_is_ignored_even_where_nothing_could_be_read() -> None:
    found = dispose(read_drifts(recorded("ignored.refresh_only")), recorded("ignored.full"), {})
    told = {drift.address: {render_path(c.path): c.disposition for c in drift.changes} for drift in found}
    assert told["aws_ecs_service.everything"]["desired_count"] == "ignored"
    assert told["aws_ecs_service.overridden"] == {"desired_count": "ignored", "enable_execute_command": "reverting"}
    assert "reverting" not in told["aws_ecs_service.deployed"].values()


def test_code_that_nobody_applied_is_no_drift() -> None:
    assert changes("aws_ecs_service.web") == {"enable_execute_command": (False, True, "reverting")}
    assert "propagate_tags" in planned_changes(recorded("ignored.full"))["aws_ecs_service.web"].attributes


def moved() -> tuple[AttributeChange, ...]:
    return compare_task_definitions(managed("web"), recorded("spelled_revisions")["spelled-web:2"])


def test_every_change_inside_a_revision_is_found() -> None:
    assert {render_path(change.path) for change in moved()} == {
        "container_definitions[web].image",
        "container_definitions[web].logConfiguration",
        "container_definitions[web].portMappings[80].hostPort",
        "container_definitions[web].privileged",
        "container_definitions[web].readonlyRootFilesystem",
        "container_definitions[web].user",
        "pid_mode",
        "volume[root]",
    }


def test_each_of_them_but_the_host_port_is_grave_by_itself() -> None:
    severities = {
        render_path(change.path): severity_of(
            Drift(address="t.n", type="aws_ecs_task_definition", deleted=False, changes=(change,), before={}, live={}),
            (),
        ).severity
        for change in moved()
    }
    assert severities.pop("container_definitions[web].portMappings[80].hostPort") == "medium"
    assert set(severities.values()) == {"high"}


def test_nobody_is_named_for_what_no_event_explains() -> None:
    for drift in drifts().values():
        assert {change.event_id for change in attribute_events(drift, ()).changes} <= {None}
