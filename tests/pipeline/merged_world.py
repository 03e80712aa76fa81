"""A service that moved to a hotfix's revision, and merged code that nobody has applied yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
    address: str = DEFINITION,
    **definition: Any,
) -> dict[str, Any]:
    """Return a full plan: `refers` is what the service's code names, `definition` is added to the task definition's."""
    was = {"family": "job", "container_definitions": json.dumps([STATE]), "network_mode": "bridge"}
    wanted = {"family": "job", "container_definitions": json.dumps([code])}
    made = {"actions": list(actions), "before": was, "after": wanted if "create" in actions else None}
    moved = {"actions": ["update"], "before": {"task_definition": f"{ARN}2"}, "after": {"task_definition": pointer}}
    expression = {"references": [f"{refers}.arn", refers]}
    service = {"address": SERVICE, "mode": "managed", "expressions": {"task_definition": expression}}
    return {
        "resource_changes": [
            {
                "address": address,
                "type": "aws_ecs_task_definition",
                "change": {**made, "after_unknown": {"arn": True, "network_mode": True, **(unknown or {})}},
                **definition,
            },
            {
                "address": SERVICE,
                "type": "aws_ecs_service",
                "change": {**moved, "after_unknown": {"task_definition": pointer is None}},
            },
        ],
        "configuration": {"root_module": {"resources": [service]}},
    }


def confirmed(
    live: dict[str, Any] | None, full_plan: dict[str, Any], *others: AttributeChange, secret: str | None = None
) -> Confirmed:
    """Confirm the service's move; `secret` is the attribute that the state marks in the task definition."""
    state = {"task_definition": f"{ARN}1"}
    managed = {"arn": f"{ARN}1", "family": "job", "revision": 1, "container_definitions": json.dumps([STATE])}
    resources = (
        StateResource(
            workspace="prod",
            address=address,
            type=kind,
            provider="aws",
            attributes=attributes,
            sensitive=frozenset({secret} & attributes.keys()),
        )
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
