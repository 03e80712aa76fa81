"""A service that moved to a revision Terraform does not know: what is different inside, and who registered it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.drift import as_terraform, compare_task_definitions, planned_address, sensitive_attributes
from reconciler.errors import AwsError
from reconciler.match import Entry, StateIndex
from reconciler.model import (
    AttributeChange,
    ChangeEvent,
    Configuration,
    Drift,
    JsonObject,
    ResourceId,
    State,
    Workspace,
)
from reconciler.pipeline.asking import Asking
from reconciler.pipeline.merged import against_code
from reconciler.ports import TaskDefinitions

MOVED = ("task_definition",)
"""Where a service's drift tells that it runs another revision."""
_SERVICE = "aws_ecs_service"
_DEFINITION = "aws_ecs_task_definition"
_GONE = ("INACTIVE", "DELETE_IN_PROGRESS")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html
_RETIRED = "tasks go on and may be scaled, but nothing new can be started from it"
_DONE = {
    ("RegisterTaskDefinition",): "registered outside Terraform, and no service in this state runs {them} now",
    ("DeregisterTaskDefinition",): "deregistered outside Terraform",
    ("DeleteTaskDefinitions",): "deleted outside Terraform",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The live revision behind a service's drifted `task_definition`.

    `name` is its family:revision, `live` the API's object, `changes` lead to it from what the service ran by its state,
    `events` registered it.
    """

    name: str
    live: JsonObject
    changes: tuple[AttributeChange, ...]
    events: tuple[ChangeEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Moved):
    """A live revision in the place of one that the same state has: `managed` is that one's task definition.

    `merged` tells that the code, which is not applied, gives the task definition what is different inside.
    """

    managed: Entry
    merged: bool = False


class Revisions:
    """Looks live revisions up, each once. `running` is what `running_revisions` returns."""

    def __init__(
        self,
        workspace: Workspace,
        index: StateIndex,
        full_plan: JsonObject,
        task_definitions: TaskDefinitions,
        running: Mapping[str, str],
        read_configuration: Callable[[Workspace], Configuration],
    ) -> None:
        self.running = running
        self._workspace = workspace
        self._index = index
        self._task_definitions = task_definitions
        self._asking = Asking(workspace, read_configuration)
        self._full_plan = full_plan
        self._secret = sensitive_attributes(full_plan)
        self._described: dict[str, JsonObject | None] = {}
        self._unread: dict[str, str] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what could not be looked at, and why."""
        return tuple(self._unread.values())

    def unread(self, drift: Drift) -> str | None:
        """Return why the revision that a drifted service runs could not be looked at, None when it was."""
        return next((self._unread.get(str(change.live)) for change in drift.changes if change.path == MOVED), None)

    def of(self, drift: Drift, events: Sequence[ChangeEvent]) -> Moved | None:
        """Return the revision that a drifted service runs, None when this drift is about something else."""
        moved = next((change for change in drift.changes if change.path == MOVED), None)
        if drift.type != _SERVICE or moved is None or not moved.live:
            return None
        reference, former = str(moved.live), str(moved.state or "")
        registered = tuple(event for event in events if short_name(_registered(event)) == short_name(reference))
        managed = self._managed(drift, former)
        live = self._describe(drift, reference, registered)
        if live is None:
            return None
        before = managed.resource.attributes if managed else self._former(drift, former)
        if before is None:
            return None
        secret = self._hidden_in(managed) if managed else frozenset()
        try:
            different = compare_task_definitions(before, live)
        except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
            if reference not in self._unread:
                raise
            return None  # What a record tells may be anything.
        changes = tuple(
            replace(change, disposition=moved.disposition, sensitive=change.sensitive or change.path[0] in secret)
            for change in different
        )
        found = Moved(name=short_name(reference), live=live, changes=changes, events=registered)
        certain = moved.disposition == "reverting" and reference not in self._unread
        return found if managed is None else self._against(managed, found, drift, certain=certain)

    def _against(self, managed: Entry, found: Moved, drift: Drift, *, certain: bool) -> Revision:
        """Return a live revision beside the managed one; only of a `certain` one it is known what an apply undoes."""
        changes = found.changes
        if certain:
            changes = against_code(changes, found.live, drift, managed.resource, self._full_plan)
        merged = certain and bool(changes) and all(change.disposition == "matching" for change in changes)
        return Revision(
            name=found.name, managed=managed, live=found.live, changes=changes, events=found.events, merged=merged
        )

    def _hidden_in(self, managed: Entry) -> frozenset[str]:
        """Return the attributes of a task definition that the state or the plan marks as sensitive."""
        return managed.resource.sensitive | self._secret.get(managed.resource.address, frozenset())

    def _former(self, drift: Drift, reference: str) -> JsonObject | None:
        """Return the revision that the service ran by its state as Terraform would have it, where no definition has."""
        described = self._describe(drift, reference, ()) if reference else None
        return as_terraform(described) if described is not None else None

    def _managed(self, drift: Drift, reference: str) -> Entry | None:
        """Return the task definition in this workspace's state that the service ran, by ARN or family:revision.

        Its address is the one that the plan, and so the code, has for it.
        """
        service = self._index.at(self._workspace.name, drift.state_address)
        identity = ResourceId(
            type=_DEFINITION,
            account=service.identity.account if service else None,
            region=service.identity.region if service else None,
            family=short_name(reference).partition(":")[0],
        )
        for entry in self._index.find(identity):
            resource = entry.resource
            if resource.workspace == self._workspace.name and short_name(entry.identity.arn) == short_name(reference):
                address = planned_address(self._full_plan, resource.address)
                return replace(entry, resource=replace(resource, address=address))
        return None

    def _describe(self, drift: Drift, reference: str, registered: Sequence[ChangeEvent]) -> JsonObject | None:
        if reference not in self._described:
            self._described[reference] = self._look_up(drift, reference, registered)
        return self._described[reference]

    def _look_up(self, drift: Drift, reference: str, registered: Sequence[ChangeEvent]) -> JsonObject | None:
        service = self._index.at(self._workspace.name, drift.state_address)
        workspace, region, asked = self._workspace, "", reference
        if service is not None:
            workspace = self._asking.about(service, self._full_plan)
            region, asked = service.identity.region or "", _in_full(reference, service.identity.arn)
        try:
            return self._task_definitions.describe(workspace, region, asked)
        except AwsError as error:
            self._unread[reference] = f"what changed inside the task definition is not certain: {error}"
            # The event tells the same, environment values excepted; but it is a hint, from whoever sends records.
            return dict(registered[-1].response["taskDefinition"]) if registered else None


def running_revisions(state: State, drifts: Sequence[Drift]) -> Mapping[str, str]:
    """Return the revision that each managed service runs now, `family:revision` by the service's address."""
    services = {each.address: each.attributes for each in state.resources if each.type == _SERVICE}
    now = services | {drift.state_address: drift.live for drift in drifts if drift.type == _SERVICE}
    named = ((address, service.get("task_definition")) for address, service in now.items())
    return {address: short_name(reference) for address, reference in named if isinstance(reference, str)}


def note_on_revision(drift: Drift, revision: Moved | None, running: Mapping[str, str]) -> str | None:
    """Return what is wrong with the very revision: that it was deregistered, and which services run it all the same."""
    if drift.type == _DEFINITION and drift.deleted:
        name = short_name(str(drift.before.get("arn")))
        users = sorted(address for address, used in running.items() if used == name)
        if not users:
            return f"{name} was deregistered or deleted; no service in this state runs it"
        verb = "runs" if len(users) == 1 else "run"
        return f"{name} was deregistered or deleted, and {', '.join(users)} still {verb} it: {_RETIRED}"
    if revision is not None and revision.live.get("status") in _GONE:
        return f"{revision.name} was deregistered: {_RETIRED}"
    return None


def tell_revisions(family: str | None, events: Sequence[ChangeEvent]) -> str | None:
    """Return what was done to revisions of a family that nothing drifted to, None when it was something else."""
    parts = []
    for calls, done in _DONE.items():
        revisions = (each for event in events if event.name in calls for each in event.resources)
        names = dict.fromkeys(f"{each.family}:{each.revision}" for each in revisions if each.family == family)
        if names:
            verb, them = ("was", "it") if len(names) == 1 else ("were", "them")
            parts.append(f"{', '.join(names)} {verb} {done.format(them=them)}")
    return "; ".join([*parts, "the revision in the state is as it was"]) if parts else None


def registered_for(moves: Sequence[ChangeEvent], events: Sequence[ChangeEvent]) -> tuple[ChangeEvent, ...]:
    """Return the events that registered what a service's `moves` name by revision, which it ran for a while."""
    named = {short_name(str(move.requested.get("task_definition"))) for move in moves}
    return tuple(event for event in events if short_name(_registered(event)) in named - {""})


def short_name(reference: str | None) -> str:
    """Return `family:revision` of an ARN or of itself."""
    return (reference or "").rpartition("/")[2]


def _in_full(reference: str, service: str | None) -> str:
    """Return the ARN of `family:revision` beside a service's: another account may have a revision of that name."""
    place, found, _ = (service or "").partition(":service/")
    return f"{place}:task-definition/{reference}" if found and re.fullmatch(r"[\w-]+:\d+", reference) else reference


def _registered(event: ChangeEvent) -> str | None:
    definition = event.response.get("taskDefinition") if event.name == "RegisterTaskDefinition" else None
    return str(definition.get("taskDefinitionArn")) if isinstance(definition, dict) else None
