"""What stood before and does not drift any more: put right, or only taken into the state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, change, quiet, record, service
from test_pipeline_standing import BESIDE, DEPLOYED, SCALED, cycle

from reconciler.errors import TerraformError
from reconciler.model import Plan, State, Workspace
from reconciler.pipeline.put_right import put_right


@pytest.mark.parametrize(("attribute", "stands"), [("desired_count", True), ("enable_execute_command", False)])
def test_live_values_that_were_taken_into_the_state_are_put_right_only_where_the_code_leaves_them(
    attribute: str, stands: bool
) -> None:
    """As after `terraform apply -refresh-only`: nothing drifts any more."""
    memory, made = Memory(), []
    cycle(memory, record("scaled", "web"), SCALED)

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        made.append(kind)
        planned = change("web", {"name": "web", attribute: 5}, {"name": "web", attribute: 1})
        return Plan(kind, kind == "full", {"resource_changes": [planned]} if kind == "full" else {})

    report = World(plan, prod=[service("prod", "web"), service("prod", "api")]).run(Feed(BESIDE), memory)
    assert ("aws_ecs_service.web" in {finding.address for finding in report.findings}) is not stands
    assert (("prod", "aws_ecs_service.web") in memory.standing) is stands
    assert (made, report.plans.full) == (["refresh-only", "full"], 1)


def test_what_is_in_the_state_as_it_was_is_put_right_whatever_code_nobody_has_applied_says() -> None:
    memory, made = Memory(), []
    cycle(memory, record("scaled", "web"), SCALED)

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        made.append(kind)
        return Plan(kind, False, {})

    state = [service("prod", "web", desired_count=3), service("prod", "api")]
    report = World(plan, prod=state).run(Feed(BESIDE), memory)
    assert [finding.status for finding in report.findings if finding.address == "aws_ecs_service.web"] == ["healed"]
    assert (memory.standing, made) == ({}, ["refresh-only"])


def test_a_call_on_what_the_state_took_over_and_the_code_would_change_ends_nothing() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        planned = change("web", {"name": "web", "desired_count": 5}, {"name": "web", "desired_count": 1})
        return Plan(kind, kind == "full", {"resource_changes": [planned]} if kind == "full" else {})

    state = [service("prod", "web", desired_count=5), service("prod", "api")]
    report = World(plan, prod=state).run(Feed(DEPLOYED), memory)
    assert report.findings == ()
    assert ("prod", "aws_ecs_service.web") in memory.standing


def test_what_is_out_of_the_state_drifts_no_more() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    World(quiet, prod=[service("prod", "api")]).run(Feed(BESIDE), memory)
    assert memory.standing == {}


def test_what_was_gone_and_is_there_again_is_put_right_where_nothing_else_drifts() -> None:
    memory = Memory()
    gone = change("web", {"name": "web"}, None)
    gone["change"]["actions"] = ["delete"]
    state = [service("prod", "web"), service("prod", "api")]

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        return Plan(kind, True, {"resource_drift": [gone], "resource_changes": []})

    World(plan, prod=state).run(Feed(record("d", "web", eventName="DeleteService")), memory)
    memory.standing["prod", "aws_ecs_service.web"]["resource_type"] = "aws_ecs_cluster"  # a service's plan is parted
    World(quiet, prod=state).run(Feed(BESIDE), memory)
    assert memory.standing == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("desired_count", 3),
        ("tags[Team]", "a"),
        ("tags[Gone]", None),
        ("load_balancer[app].container_port", 80),
        ("network_configuration[0].subnets", ["s"]),
        ("container_definitions[app].image", "nginx:1"),
        ("container_definitions[app].environment[A].value", "1"),
    ],
)
def test_the_states_value_is_found_at_a_path_as_findings_print_it(path: str, value: Any) -> None:
    containers = '[{"name": "app", "image": "nginx:1", "environment": [{"name": "A", "value": "1"}]}]'
    attributes = {
        "desired_count": 3,
        "tags": {"Team": "a"},
        "load_balancer": [{"container_name": "x"}, {"container_name": "app", "container_port": 80}],
        "network_configuration": [{"subnets": ["s"]}],
        "container_definitions": containers,
    }
    resource = replace(service("prod", "web"), attributes=attributes)
    there = State(workspace="prod", serial=1, lineage="l", resources=(resource,))
    known = {"status": "drift", "changes": [{"path": path, "state": value}]}
    moved = {**known, "changes": [{"path": path, "state": "another"}]}
    for finding, ended in ((known, [resource.address]), (moved, [])):
        assert list(put_right({resource.address: finding}, there, lambda _address: None)) == ended


@pytest.mark.parametrize("proposed", [True, False])
@pytest.mark.parametrize("event", [BESIDE, DEPLOYED], ids=["an event beside it", "one of its own"])
def test_what_is_put_right_names_the_pull_request_that_would_bring_it_back(event: Any, proposed: bool) -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)
    if proposed:
        opened = {"url": "", "branch": "drift/prod/web-1", "state": "created"}
        memory.standing["prod", "aws_ecs_service.web"]["remedy"] = {"pull_request": opened}
    state = [service("prod", "web", desired_count=3), service("prod", "api")]
    findings = World(quiet, prod=state).run(Feed(event), memory).findings
    (healed,) = (finding for finding in findings if finding.address == "aws_ecs_service.web")
    assert healed.status == "healed"
    sentence = "; its pull request, drift/prod/web-1, is open and would bring what drifted into the code: close it"
    assert healed.reason.endswith(sentence) is proposed


def test_where_the_code_cannot_be_asked_what_stood_stands() -> None:
    memory = Memory()
    cycle(memory, record("scaled", "web"), SCALED)

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        if kind == "full":
            raise TerraformError("terraform plan failed in prod: no such variable")
        return Plan(kind, False, {})

    report = World(plan, prod=[service("prod", "web"), service("prod", "api")]).run(Feed(BESIDE), memory)
    assert ("prod", "aws_ecs_service.web") in memory.standing
    assert (report.findings[0].address, report.problems) == ("aws_ecs_service.api", ())


def test_nothing_that_stands_costs_no_full_plan() -> None:
    made = []

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        made.append(kind)
        return Plan(kind, False, {})

    World(plan, prod=[service("prod", "web"), service("prod", "api")]).run(Feed(BESIDE), Memory())
    assert made == ["refresh-only"]
