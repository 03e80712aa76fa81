"""A hotfix that the merged code has as well, before anybody applied it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import AwsError
from reconciler.match import Target, build_index
from reconciler.model import (
    AttributeChange,
    Configuration,
    Drift,
    ResourceId,
    State,
    StateResource,
    Workspace,
    render_path,
)
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.confirm import Confirmed, Evidence
from reconciler.pipeline.revisions import Revisions
from reconciler.pipeline.tools import Policy
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/job:"
SERVICE, DEFINITION = "aws_ecs_service.a", "aws_ecs_task_definition.job"
STATE = {"name": "job", "image": "job:1", "memory": 128}
HOTFIX = {**STATE, "image": "job:2"}
NOT_READ = "job:2 could not be described"


class Aws:
    """ECS with one live revision, or none that may be read."""

    def __init__(self, live: dict[str, Any] | None) -> None:
        self._live = live

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        if self._live is None:
            raise AwsError(NOT_READ)
        return self._live


def revision(container: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"family": "job", "taskDefinitionArn": f"{ARN}2", "containerDefinitions": [container], **members}


def plan(
    code: dict[str, Any],
    *,
    refers: str = DEFINITION,
    pointer: str | None = None,
    actions: tuple[str, ...] = ("delete", "create"),
    unknown: dict[str, Any] | None = None,
) -> dict[str, Any]:
    was = {"family": "job", "container_definitions": json.dumps([STATE]), "network_mode": "bridge"}
    wanted = {"family": "job", "container_definitions": json.dumps([code])}
    made = {"actions": list(actions), "before": was, "after": wanted if "create" in actions else None}
    moved = {"actions": ["update"], "before": {"task_definition": f"{ARN}2"}, "after": {"task_definition": pointer}}
    expression = {"references": [f"{refers}.arn", refers]}
    service = {"address": SERVICE, "mode": "managed", "expressions": {"task_definition": expression}}
    return {
        "resource_changes": [
            {
                "address": DEFINITION,
                "type": "aws_ecs_task_definition",
                "change": {**made, "after_unknown": {"arn": True, "network_mode": True, **(unknown or {})}},
            },
            {
                "address": SERVICE,
                "type": "aws_ecs_service",
                "change": {**moved, "after_unknown": {"task_definition": pointer is None}},
            },
        ],
        "configuration": {"root_module": {"resources": [service]}},
    }


def confirmed(live: dict[str, Any] | None, full_plan: dict[str, Any], *others: AttributeChange) -> Confirmed:
    state = {"task_definition": f"{ARN}1"}
    managed = {"arn": f"{ARN}1", "family": "job", "revision": 1, "container_definitions": json.dumps([STATE])}
    resources = (
        StateResource(workspace="prod", address=address, type=kind, provider="aws", attributes=attributes)
        for address, kind, attributes in (
            (SERVICE, "aws_ecs_service", state),
            (DEFINITION, "aws_ecs_task_definition", managed),
        )
    )
    index = build_index([State(workspace="prod", serial=1, lineage="l", resources=tuple(resources))], {})
    pointer = AttributeChange(path=("task_definition",), state=f"{ARN}1", live=f"{ARN}2", disposition="reverting")
    drift = Drift(
        address=SERVICE,
        type="aws_ecs_service",
        deleted=False,
        changes=(pointer, *others),
        before=state,
        live={"task_definition": f"{ARN}2"},
    )
    registered = change_event(
        ResourceId(type="aws_ecs_task_definition", arn=f"{ARN}2"),
        name="RegisterTaskDefinition",
        response={"taskDefinition": revision(HOTFIX)},
    )
    target = Target(workspace="prod", address=DEFINITION, identity=registered.resources[0])
    workspace = Workspace(name="prod", path=Path("/nowhere"))
    evidence = Evidence(
        workspace="prod",
        concerns=[Concern(target=target, events=(registered,))],
        index=index,
        revisions=Revisions(workspace, index, full_plan, Aws(live), {}, lambda _workspace: Configuration({})),
        planned={},
        unread={},
    )
    return evidence.confirm(drift, Policy())


def dispositions(found: Confirmed) -> dict[str, str | None]:
    return {render_path(change.path): change.disposition for change in found.finding.changes}


def test_what_the_merged_code_has_as_well_is_not_reverted() -> None:
    found = confirmed(revision(HOTFIX, networkMode="bridge"), plan(HOTFIX))
    assert dispositions(found) == {"task_definition": "matching", "container_definitions[job].image": "matching"}
    assert (found.finding.status, found.finding.severity) == ("matching", "info")
    assert found.finding.reason == (
        "the code, which is not applied yet, already says what is inside job:2; terraform apply registers that as a "
        "new revision"
    )


def test_code_that_has_more_than_the_hotfix_takes_nothing_of_it_back() -> None:
    more = {**HOTFIX, "memory": 256, "environment": [{"name": "A", "value": "1"}]}
    assert confirmed(revision(HOTFIX), plan(more)).finding.status == "matching"


def test_what_else_drifted_is_told_as_before() -> None:
    count = AttributeChange(path=("desired_count",), state=1, live=5, disposition="reverting")
    found = confirmed(revision(HOTFIX), plan(HOTFIX), count)
    assert found.finding.status == "drift"
    assert dispositions(found)["task_definition"] == "matching"
    assert "terraform apply would revert them; the code, which is not applied yet, already" in found.finding.reason


@pytest.mark.parametrize(
    ("live", "full_plan"),
    [
        (revision(HOTFIX), plan({**STATE, "image": "job:3"})),
        (revision({**HOTFIX, "memory": 256}), plan(HOTFIX)),
        (revision({**HOTFIX, "command": ["x"]}), plan({**HOTFIX, "command": ["x", "y"]})),
        (revision(HOTFIX, networkMode="awsvpc"), plan(HOTFIX)),
        (revision(HOTFIX), plan(HOTFIX, unknown={"container_definitions": True})),
        (revision(HOTFIX), plan(HOTFIX, pointer=f"{ARN}1")),
        (revision(HOTFIX), plan(HOTFIX, refers="aws_ecs_task_definition.other")),
        (revision(HOTFIX), plan(HOTFIX, refers="module.job")),
        (revision(HOTFIX), plan(HOTFIX, actions=("delete",))),
        (revision(STATE), plan({**STATE, "memory": 256})),
        (None, plan(HOTFIX)),
        (revision(HOTFIX), {}),
    ],
    ids=[
        "a third image",
        "memory that the code has not",
        "another command",
        "a network mode that the code leaves to AWS",
        "known only after the apply",
        "the service goes back",
        "the service goes to another task definition",
        "the service goes to a module's task definition",
        "the task definition goes",
        "nothing different inside",
        "only a record tells of the revision",
        "no full plan",
    ],
)
def test_it_is_drift_where_an_apply_would_undo_any_of_it(live: Any, full_plan: Any) -> None:
    found = confirmed(live, full_plan)
    assert set(dispositions(found).values()) == {"reverting"}
    assert found.finding.status == "drift"
    assert "the code, which" not in found.finding.reason
