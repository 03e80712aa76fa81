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
    """ECS with the revisions that may be read, by `job2`, or `job` for the latest."""

    def __init__(self, **revisions: dict[str, Any] | None) -> None:
        self._revisions = revisions

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        found = self._revisions.get(arn.rpartition("/")[2].replace(":", ""))
        if found is None:
            raise AwsError(NOT_READ)
        return found


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
    live: dict[str, Any] | None,
    full_plan: dict[str, Any],
    *others: AttributeChange,
    secret: str | None = None,
    managed: bool = True,
    code: str = "",
    **revisions: dict[str, Any] | None,
) -> Confirmed:
    """Confirm the service's move to job:2, which is `live`; ECS has `revisions` beside it.

    The state has job:1 where it is `managed`, and marks its attribute `secret`. `code` is all there is of code.
    """
    state = {"task_definition": f"{ARN}1"}
    definition = {"arn": f"{ARN}1", "family": "job", "revision": 1, "container_definitions": json.dumps([STATE])}
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
            (DEFINITION, "aws_ecs_task_definition", definition),
        )[: 1 + managed]
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
    configuration = Configuration({(): {"main.tf": code.encode()}})
    evidence = Evidence(
        workspace="prod",
        concerns=[Concern(target=target, events=(registered,))],
        index=index,
        revisions=Revisions(workspace, index, full_plan, Aws(job2=live, **revisions), {}, lambda _: configuration),
        planned={},
        unread={},
    )
    return evidence.confirm(drift, Policy())


def dispositions(found: Confirmed) -> dict[str, str | None]:
    return {render_path(change.path): change.disposition for change in found.finding.changes}
