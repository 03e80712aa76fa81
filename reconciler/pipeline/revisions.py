"""A service that moved to a revision Terraform does not know: what is different inside, and who registered it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from reconciler.drift import (
    Ahead,
    Coming,
    as_terraform,
    beside,
    compare_task_definitions,
    left_open,
    planned_address,
    sensitive_attributes,
)
from reconciler.drift.registrations import registrar
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
from reconciler.pipeline.code import definition_behind
from reconciler.pipeline.described import Described
from reconciler.ports import TaskDefinitions

MOVED = ("task_definition",)
"""Where a service's drift tells that it runs another revision."""
_SERVICE = "aws_ecs_service"
_DEFINITION = "aws_ecs_task_definition"
_GONE = ("INACTIVE", "DELETE_IN_PROGRESS")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html
_RETIRED = "tasks go on and may be scaled, but nothing new can be started from it"
_MERGED = (
    "the code, which is not applied yet, already says what is inside {}; terraform apply registers that as a new "
    "revision"
)
_NO_REVISION = "the code names no revision, and terraform apply takes the latest one"
_NAMED = "terraform apply moves the service to {}"
_DONE = {
    ("RegisterTaskDefinition",): "registered outside Terraform, and no service in this state runs {them} now",
    ("DeregisterTaskDefinition",): "deregistered outside Terraform",
    ("DeleteTaskDefinitions",): "deleted outside Terraform",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The live revision behind a service's drifted `task_definition`.

    `name` is its family:revision, `live` the API's object, `changes` lead to it from what the service ran by its state,
    `events` registered it. `kept` says that `terraform apply` takes nothing of it back, and `told` why, or what else
    the apply moves the service to.
    """

    name: str
    live: JsonObject
    changes: tuple[AttributeChange, ...]
    events: tuple[ChangeEvent, ...]
    kept: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Moved):
    """A live revision in the place of one that the same state has: `managed` is that one's task definition."""

    managed: Entry


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
        self._full_plan = full_plan
        coming = Coming(full_plan)
        says = definition_behind(full_plan, read_configuration, workspace, coming.attribute)
        self._ahead = Ahead(full_plan, coming, says)
        self._described = Described(workspace, Asking(workspace, read_configuration), full_plan, task_definitions)
        self._secret = sensitive_attributes(full_plan)

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what could not be looked at, and why."""
        return tuple(self._described.unread.values())

    def unread(self, drift: Drift) -> str | None:
        """Return why the revision that a drifted service runs could not be looked at, None when it was."""
        unread = self._described.unread
        return next((unread.get(str(change.live)) for change in drift.changes if change.path == MOVED), None)

    def of(self, drift: Drift, events: Sequence[ChangeEvent]) -> Moved | None:
        """Return the revision that a drifted service runs, None when this drift is about something else."""
        moved = next((change for change in drift.changes if change.path == MOVED), None)
        if drift.type != _SERVICE or moved is None or not moved.live:
            return None
        reference, former = str(moved.live), str(moved.state or "")
        service = self._index.at(self._workspace.name, drift.state_address)
        registered = tuple(event for event in events if short_name(_registered(event)) == short_name(reference))
        managed = self._managed(service, former)
        live = self._described.revision(service, reference, registered)
        if live is None:
            return None
        before = managed.resource.attributes if managed else self._former(service, former)
        secret = self._hidden_in(managed) if managed else frozenset()
        certain = reference not in self._described.unread
        try:
            different = compare_task_definitions(before, live) if before is not None else ()
        except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
            if certain:
                raise
            return None  # What a record tells may be anything.
        changes = tuple(
            replace(change, disposition=moved.disposition, sensitive=change.sensitive or change.path[0] in secret)
            for change in different
        )
        found = Moved(name=short_name(reference), live=live, changes=changes, events=registered)
        if managed is not None:
            found = Revision(name=found.name, live=live, changes=changes, events=registered, managed=managed)
        if certain and moved.disposition == "reverting":
            found = self._judged(found, drift, service)
        return found if before is not None or found.kept else None

    def _judged(self, found: Moved, drift: Drift, service: Entry | None) -> Moved:
        """Return a revision that the plan moves a service from, with what an apply leaves of it."""
        contents = self._ahead.registers(drift)
        if not contents and self._ahead.takes_latest(drift):
            latest = self._described.latest(service, found.live)
            if latest is None:
                return replace(found, told=f"{_NO_REVISION}: nobody could tell which that is")
            return _moved_on(found, short_name(str(latest["taskDefinitionArn"])), latest, f"{_NO_REVISION}, {{}}")
        if named := self._ahead.names(drift):
            return _moved_on(found, short_name(named), self._described.revision(service, named), _NAMED)
        changes = beside(contents, found.changes, found.live)
        if changes and _all_kept(changes):
            return replace(found, changes=changes, kept=True, told=_MERGED.format(found.name))
        return replace(found, changes=changes, told=self._open(found, drift, contents))

    def _open(self, found: Moved, drift: Drift, contents: Sequence[JsonObject]) -> str:
        """Return what only an apply will tell of what it moves a service to."""
        names = left_open(contents, found.changes, found.live)
        if not names and (contents or not self._ahead.is_open(drift)):
            return ""
        what = f"what the code makes of {', '.join(names)}" if names else "which task definition the code means"
        return f"{what} is known only after the apply"

    def _hidden_in(self, managed: Entry) -> frozenset[str]:
        """Return the attributes of a task definition that the state or the plan marks as sensitive."""
        return managed.resource.sensitive | self._secret.get(managed.resource.address, frozenset())

    def _former(self, service: Entry | None, reference: str) -> JsonObject | None:
        """Return the revision that the service ran by its state as Terraform would have it, where no definition has."""
        described = self._described.revision(service, reference) if reference else None
        return as_terraform(described) if described is not None else None

    def _managed(self, service: Entry | None, reference: str) -> Entry | None:
        """Return the task definition in this workspace's state that the service ran, by ARN or family:revision.

        Its address is the one that the plan, and so the code, has for it.
        """
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


def note_on_registrar(drift: Drift, revision: Moved | None) -> str | None:
    """Return who registered a revision, as Amazon ECS says, where no event tells who gave it what is inside."""
    who = registrar(revision.live) if revision is not None else None
    inside = {change.path for change in revision.changes} if revision is not None else ()
    if revision is None or who is None or not any(each.path in inside and not each.event_id for each in drift.changes):
        return None
    return f"{revision.name} was registered by {who.arn} at {who.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


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
    named = {short_name(str(name)) for move in moves for name in (move.requested.get("task_definition"), _ran(move))}
    return tuple(event for event in events if short_name(_registered(event)) in named - {""})


def short_name(reference: str | None) -> str:
    """Return `family:revision` of an ARN or of itself."""
    return (reference or "").rpartition("/")[2]


def _moved_on(found: Moved, name: str, ahead: JsonObject | None, told: str) -> Moved:
    """Return a revision beside another one in AWS, which the plan moves the service to; None where nobody can look."""
    changes = beside([as_terraform(ahead)] if ahead is not None else [], found.changes, found.live)
    kept = _all_kept(changes) and (bool(changes) or name == found.name)
    return replace(found, changes=changes, kept=kept, told=told.format(name))


def _all_kept(changes: Sequence[AttributeChange]) -> bool:
    return all(change.disposition == "matching" for change in changes)


def _ran(move: ChangeEvent) -> str:
    """Return the revision that a service got by AWS's answer to a call, which may have named a family only."""
    service = move.response.get("service")
    return str(service.get("taskDefinition") or "") if isinstance(service, dict) else ""


def _registered(event: ChangeEvent) -> str | None:
    definition = event.response.get("taskDefinition") if event.name == "RegisterTaskDefinition" else None
    return str(definition.get("taskDefinitionArn")) if isinstance(definition, dict) else None
