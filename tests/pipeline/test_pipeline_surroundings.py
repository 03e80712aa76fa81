"""What an edit may move is planned with it, or waits where that is part of what is gone."""

from __future__ import annotations

from typing import Any

import pytest
from apart_world import CLUSTER, DEFINITION, GONE, SERIAL, SERVICE, TARGET, Targeted, placed, resource
from pipeline_world import Feed, World, change, record
from planned_cycle import cycle

from reconciler.model import Drift, Plan, State, StateResource, Workspace
from reconciler.pipeline.apart import Apart, targets_beside


def state(*resources: StateResource) -> State:
    return State(workspace="prod", serial=1, lineage="l", resources=resources)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (
            "aws_ecs_service.web",
            {"aws_ecs_service.web", "aws_ecs_task_definition.web", "aws_appautoscaling_target.web"},
        ),
        ("aws_ecs_service.api", None),  # shares its task definition with the one that is gone
        ("aws_ecs_service.old", None),
        ("aws_appautoscaling_target.old", None),
        ("aws_ecs_cluster.prod", None),
        ("aws_ecs_service.unknown", None),
    ],
)
def test_what_an_edit_may_move_is_planned_with_it_or_it_waits(address: str, found: set[str] | None) -> None:
    web, shared = f"{DEFINITION}.web", f"{DEFINITION}.shared"
    apart = Apart(
        state(
            resource(CLUSTER),
            resource(web),
            resource(shared),
            resource(f"{SERVICE}.web", CLUSTER, web),
            resource(f"{SERVICE}.api", CLUSTER, shared),
            resource(f"{SERVICE}.old", CLUSTER, shared),
            resource(f"{TARGET}.web", CLUSTER, web, f"{SERVICE}.web"),
            resource(f"{TARGET}.old", CLUSTER, shared, f"{SERVICE}.old"),
        ),
        {f"{SERVICE}.old"},
    )
    assert apart.surroundings(address, moved=True) == found


def test_a_service_that_runs_its_revision_is_not_edited_in_a_shared_task_definition() -> None:
    shared = f"{DEFINITION}.shared"
    there = state(resource(shared), resource(f"{SERVICE}.web", shared), resource(f"{SERVICE}.old", shared))
    apart = Apart(there, {f"{SERVICE}.old"})
    assert apart.surroundings(f"{SERVICE}.web", moved=False) == {f"{SERVICE}.web"}
    assert apart.surroundings(f"{SERVICE}.web", moved=True) is None


def test_a_move_that_no_event_names_is_planned_with_all_that_shares_the_task_definition() -> None:
    def moved(workspace: Workspace, kind: Any, *, targets: Any = (), **_options: Any) -> Plan:
        entry = change("web", {"name": "web", "task_definition": "x:1"}, {"name": "web", "task_definition": "x:2"})
        return Plan(kind, True, {"resource_drift": [entry]}, tuple(targets))

    shared = f"{DEFINITION}.shared"
    terraform = Targeted(moved)
    resources = [resource(shared), placed("web", shared), placed("old", shared)]
    cycle(World(moved, prod=resources), terraform, Feed(GONE, record("2", "web")), SERIAL)
    assert terraform.made[:2] == [("prod", "refresh-only", (f"{SERVICE}.web",)), ("prod", "full", ())]


def of_module(key: str) -> list[StateResource]:
    code = "module.shop.module.app"
    at = f'module.shop["{key}"].module.app[0]'
    return [
        resource(f"{at}.{DEFINITION}.this"),
        resource(f"{at}.{SERVICE}.this", f"{code}.{DEFINITION}.this"),
        resource(f"{at}.{TARGET}.this", f"{code}.{SERVICE}.this"),
    ]


def test_instances_of_a_module_do_not_refer_to_each_other() -> None:
    here, there = of_module("a.b]"), of_module("c")
    apart = Apart(state(*here, *there), {there[1].address})
    assert apart.surroundings(here[1].address, moved=True) == {each.address for each in here}
    assert apart.surroundings(there[2].address, moved=True) is None


def test_instances_of_a_resource_may_and_so_may_what_is_beside_a_module() -> None:
    here, there = of_module("a"), of_module("c")
    alarm = resource("aws_cloudwatch_dashboard.all", f"module.shop.module.app.{SERVICE}.this")
    assert Apart(state(*here, *there, alarm), {there[1].address}).surroundings(here[1].address, moved=True) is None
    counted = [resource(f"{SERVICE}.web[{number}]") for number in (0, 1)]
    targets = [resource(f"{TARGET}.web[{number}]", f"{SERVICE}.web") for number in (0, 1)]
    assert Apart(state(*counted, *targets), {counted[0].address}).surroundings(counted[1].address, moved=True) is None


def test_instances_of_one_block_are_edited_together() -> None:
    web = [resource(f'{SERVICE}.web["{key}"]', CLUSTER) for key in "abc"]
    there = state(resource(CLUSTER), *web, resource(f"{SERVICE}.old", CLUSTER))
    assert Apart(there, {web[0].address}).surroundings(web[1].address, moved=True) is None
    beside = Apart(there, {f"{SERVICE}.old"}).surroundings(web[1].address, moved=True)
    assert beside == {each.address for each in web}


def test_a_state_that_tells_no_dependencies_parts_nothing() -> None:
    apart = Apart(state(resource(f"{SERVICE}.web"), resource(f"{SERVICE}.old")), {f"{SERVICE}.old"})
    assert apart.surroundings(f"{SERVICE}.web", moved=True) is None


def drift(address: str, *, deleted: bool = False) -> Drift:
    return Drift(address=address, type=address.split(".")[0], deleted=deleted, changes=(), before={}, live={})


def test_without_a_service_that_is_gone_everything_is_planned() -> None:
    there = state(resource(CLUSTER), resource(f"{SERVICE}.web", CLUSTER))
    assert targets_beside(there, [drift(f"{SERVICE}.web")], ()) == ()
    assert targets_beside(there, [drift(f"{SERVICE}.web"), drift(f"{DEFINITION}.x", deleted=True)], ()) == ()
    assert targets_beside(there, [drift(CLUSTER), drift(f"{SERVICE}.web", deleted=True)], ()) == ()
