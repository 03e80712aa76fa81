"""Revisions as Amazon ECS describes them, each asked for once, as the provider of the service that runs it asks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconciler.errors import AwsError
from reconciler.match import Entry
from reconciler.model import ChangeEvent, JsonObject, Workspace
from reconciler.pipeline.asking import Asking
from reconciler.ports import TaskDefinitions


class Described:
    """Asks about the revisions of one workspace's services; `unread` says by reference why there was no answer."""

    def __init__(
        self, workspace: Workspace, asking: Asking, full_plan: JsonObject, task_definitions: TaskDefinitions
    ) -> None:
        self.unread: dict[str, str] = {}
        self._workspace = workspace
        self._asking = asking
        self._full_plan = full_plan
        self._task_definitions = task_definitions
        self._known: dict[tuple[str, str], JsonObject | None] = {}

    def revision(
        self, service: Entry | None, reference: str, registered: Sequence[ChangeEvent] = ()
    ) -> JsonObject | None:
        """Return a revision by its ARN or `family:revision`, as `registered` has it where ECS does not tell."""
        arn = service.identity.arn if service else None
        found = self._ask(service, reference, _in_full(reference, arn), "what changed inside the task definition")
        if found is None and registered:
            # The event tells the same, environment values excepted; but it is a hint, from whoever sends records.
            return dict(registered[-1].response["taskDefinition"])
        return found

    def latest(self, service: Entry | None, revision: JsonObject) -> JsonObject | None:
        """Return the latest active revision of another one's family, None where nobody can tell."""
        arn = _without_number(revision)
        family = arn.rpartition("/")[2]
        found = self._ask(service, family, family, f"which revision of {family} is the latest") if family else None
        return found if found is not None and _without_number(found) == arn else None

    def _ask(self, service: Entry | None, reference: str, asked: str, matter: str) -> JsonObject | None:
        region = (service.identity.region if service else None) or ""
        if (region, asked) not in self._known:
            workspace = self._asking.about(service, self._full_plan) if service else self._workspace
            try:
                self._known[region, asked] = self._task_definitions.describe(workspace, region, asked)
            except AwsError as error:
                self._known[region, asked] = None
                self.unread[reference] = f"{matter} is not certain: {error}"
        return self._known[region, asked]


def _in_full(reference: str, service: str | None) -> str:
    """Return the ARN of `family:revision` beside a service's: another account may have a revision of that name."""
    place, found, _ = (service or "").partition(":service/")
    return f"{place}:task-definition/{reference}" if found and re.fullmatch(r"[\w-]+:\d+", reference) else reference


def _without_number(revision: JsonObject) -> str:
    return str(revision.get("taskDefinitionArn") or "").rpartition(":")[0]
