"""Revisions beside the managed one: registered and not used, deregistered and still in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import task_definition

from reconciler.errors import AwsError
from reconciler.match import Entry, build_index
from reconciler.model import (
    AttributeChange,
    ChangeEvent,
    Configuration,
    Drift,
    ResourceId,
    State,
    StateResource,
    Workspace,
    render_path,
)
from reconciler.pipeline.revisions import (
    Moved,
    Revision,
    Revisions,
    note_on_revision,
    running_revisions,
    tell_revisions,
)
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/"


def event(name: str, *revisions: str) -> ChangeEvent:
    named = [revision.split(":") for revision in revisions]
    resources = (
        ResourceId(type="aws_ecs_task_definition", family=name, revision=int(number)) for name, number in named
    )
    return change_event(*resources, id=f"{name}-{revisions}", name=name)


def state(**services: str) -> State:
    resources = tuple(
        StateResource(
            workspace="prod",
            address=f"aws_ecs_service.{name}",
            type="aws_ecs_service",
            provider="aws",
            attributes={"task_definition": reference},
        )
        for name, reference in services.items()
    )
    return State(workspace="prod", serial=1, lineage="l", resources=resources)


def drift(kind: str, address: str, *, deleted: bool = False, before: Any = None, live: Any = None) -> Drift:
    return Drift(address=address, type=kind, deleted=deleted, changes=(), before=before or {}, live=live or {})


def test_a_revision_registered_and_not_used_is_named() -> None:
    assert tell_revisions("web", [event("RegisterTaskDefinition", "web:2")]) == (
        "web:2 was registered outside Terraform, and no service in this state runs it now; "
        "the revision in the state is as it was"
    )


def test_several_are_told_together() -> None:
    told = tell_revisions(
        "web",
        [
            event("RegisterTaskDefinition", "web:2"),
            event("RegisterTaskDefinition", "web:3"),
            event("DeregisterTaskDefinition", "web:2"),
            event("DeleteTaskDefinitions", "web:2", "other:1"),
        ],
    )
    assert told is not None
    assert "web:2, web:3 were registered outside Terraform, and no service in this state runs them now; " in told
    assert "web:2 was deregistered outside Terraform; web:2 was deleted outside Terraform; " in told
    assert "other" not in told


def test_other_calls_are_not_about_revisions() -> None:
    assert tell_revisions("web", [event("TagResource", "web:1")]) is None
    assert tell_revisions("web", [event("RegisterTaskDefinition", "other:1")]) is None


def test_a_service_runs_what_is_live_not_what_the_state_says() -> None:
    moved = drift("aws_ecs_service", "aws_ecs_service.a", live={"task_definition": f"{ARN}web:2"})
    running = running_revisions(state(a=f"{ARN}web:1", b="web:1", c=""), [moved])
    assert running == {"aws_ecs_service.a": "web:2", "aws_ecs_service.b": "web:1", "aws_ecs_service.c": ""}


def test_a_service_that_is_gone_runs_nothing() -> None:
    gone = drift("aws_ecs_service", "aws_ecs_service.a", deleted=True)
    assert running_revisions(state(a=f"{ARN}web:1"), [gone]) == {}


def test_a_deregistered_revision_in_use_names_the_services() -> None:
    definition = drift("aws_ecs_task_definition", "t.n", deleted=True, before={"arn": f"{ARN}web:1"})
    told = note_on_revision(definition, None, {"aws_ecs_service.b": "web:1", "aws_ecs_service.a": "web:1"})
    assert told is not None
    assert told.startswith("web:1 was deregistered or deleted, and aws_ecs_service.a, aws_ecs_service.b still run it")
    unused = note_on_revision(definition, None, {"aws_ecs_service.a": "web:10"})
    assert unused == "web:1 was deregistered or deleted; no service in this state runs it"


def revision(status: str) -> Revision:
    identity = ResourceId(type="aws_ecs_task_definition", family="web")
    managed = StateResource(
        workspace="prod", address="t.n", type="aws_ecs_task_definition", provider="aws", attributes={}
    )
    return Revision(name="web:2", managed=Entry(identity, managed), live={"status": status}, changes=(), events=())


def test_a_service_moved_to_a_revision_that_was_deregistered_since() -> None:
    service = drift("aws_ecs_service", "aws_ecs_service.a")
    assert "web:2 was deregistered" in (note_on_revision(service, revision("INACTIVE"), {}) or "")
    assert note_on_revision(service, revision("ACTIVE"), {}) is None
    assert note_on_revision(service, None, {}) is None


WORKSPACE = Workspace(name="prod", path=Path("/nowhere"))


class Registered:
    """What ECS tells of the revisions of `job`: the image has the revision's number."""

    def __init__(self, *revisions: str) -> None:
        self._revisions = revisions

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        name = arn.rpartition("/")[2]
        if name not in self._revisions:
            raise AwsError(f"{name} could not be described")
        family, _, number = name.partition(":")
        return {
            "family": family,
            "taskDefinitionArn": f"{ARN}{name}",
            "containerDefinitions": [{"name": "job", "image": f"job:{number}", "privileged": number == "2"}],
        }


def moved(aws: Registered, *managed: StateResource, former: str | None = "job:1") -> tuple[Moved | None, Revisions]:
    before = {"task_definition": former}
    states = [State(workspace="prod", serial=1, lineage="l", resources=(*state(a="job:1").resources, *managed))]
    revisions = Revisions(WORKSPACE, build_index(states, {}), {}, aws, {}, lambda _workspace: Configuration({}))
    pointer = AttributeChange(path=("task_definition",), state=former, live="job:2", disposition="reverting")
    found = drift("aws_ecs_service", "aws_ecs_service.a", before=before, live={"task_definition": "job:2"})
    return revisions.of(replace(found, changes=(pointer,)), ()), revisions


MANAGED = task_definition("prod", "job", container_definitions='[{"name": "job", "image": "job:1"}]')


@pytest.mark.parametrize("managed", [(), (MANAGED,)], ids=["of nobody's", "of the state's"])
def test_what_is_different_inside_is_told_whoever_manages_the_revision_before(managed: Any) -> None:
    found, revisions = moved(Registered("job:1", "job:2"), *managed)
    assert found is not None
    assert {render_path(each.path): (each.state, each.live, each.disposition) for each in found.changes} == {
        "container_definitions[job].image": ("job:1", "job:2", "reverting"),
        "container_definitions[job].privileged": (False if not managed else None, True, "reverting"),
    }
    assert isinstance(found, Revision) is bool(managed)
    assert revisions.problems == ()


def test_a_revision_before_that_is_gone_is_a_problem_and_no_difference() -> None:
    found, revisions = moved(Registered("job:2"))
    assert found is None
    assert revisions.problems == (
        "what changed inside the task definition is not certain: job:1 could not be described",
    )
    nothing, quiet = moved(Registered("job:2"), former=None)
    assert (nothing, quiet.problems) == (None, ())
