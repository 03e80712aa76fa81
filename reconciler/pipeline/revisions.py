"""A service that moved to a revision Terraform does not know: what is different inside, and who registered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconciler.drift import compare_task_definitions
from reconciler.errors import AwsError
from reconciler.match import Entry, StateIndex
from reconciler.model import AttributeChange, ChangeEvent, Drift, JsonObject, Workspace
from reconciler.ports import TaskDefinitions

_MOVED = ("task_definition",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The live revision behind a service's drifted `task_definition`.

    `managed` is the task definition that the state's revision belongs to, `live` the API's object, `changes` lead from
    one to the other, `events` registered the live one.
    """

    arn: str
    managed: Entry
    live: JsonObject
    changes: tuple[AttributeChange, ...]
    events: tuple[ChangeEvent, ...]


class Revisions:
    """Looks live revisions up, each once. `problems` collects what could not be looked at."""

    def __init__(self, workspace: Workspace, index: StateIndex, task_definitions: TaskDefinitions) -> None:
        self._workspace = workspace
        self._index = index
        self._task_definitions = task_definitions
        self._described: dict[str, JsonObject | None] = {}
        self.problems: list[str] = []

    def of(self, drift: Drift, events: Sequence[ChangeEvent]) -> Revision | None:
        """Return the revision that a drifted service runs, None when this drift is about something else."""
        moved = next((change for change in drift.changes if change.path == _MOVED), None)
        if drift.type != "aws_ecs_service" or moved is None:
            return None
        arn, before = str(moved.live or ""), str(moved.state or "")
        managed = next((e for e in self._index.by_arn(before) if e.resource.workspace == self._workspace.name), None)
        registered = tuple(event for event in events if _registered(event) == arn)
        live = self._describe(arn, registered)
        if managed is None or live is None:
            return None
        changes = tuple(
            replace(change, disposition=moved.disposition)
            for change in compare_task_definitions(managed.resource.attributes, live)
        )
        return Revision(arn=arn, managed=managed, live=live, changes=changes, events=registered)

    def _describe(self, arn: str, registered: Sequence[ChangeEvent]) -> JsonObject | None:
        if arn not in self._described:
            self._described[arn] = self._look_up(arn, registered)
        return self._described[arn]

    def _look_up(self, arn: str, registered: Sequence[ChangeEvent]) -> JsonObject | None:
        parts = arn.split(":")
        region = parts[3] if len(parts) > 3 else ""
        try:
            return self._task_definitions.describe(self._workspace, region, arn)
        except AwsError as error:
            # The event tells the same, environment values excepted.
            if registered:
                return dict(registered[-1].response["taskDefinition"])
            self.problems.append(f"what changed inside the task definition is unknown: {error}")
            return None


def _registered(event: ChangeEvent) -> str | None:
    definition = event.response.get("taskDefinition") if event.name == "RegisterTaskDefinition" else None
    return str(definition.get("taskDefinitionArn")) if isinstance(definition, dict) else None
