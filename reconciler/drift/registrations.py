"""What the registrations of a task definition's revisions say about the content of the live one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reconciler.drift.catalogue import REVISION_ATTRIBUTES, TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.noise.names import same_reference
from reconciler.drift.noise.redacted import REDACTED
from reconciler.drift.paths import overlap
from reconciler.drift.revisions import means_latest
from reconciler.drift.task_definitions import as_terraform
from reconciler.model.drift import AttributeChange, Drift
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json, JsonObject

REGISTRATION: Final = "RegisterTaskDefinition"
_APART: Final = timedelta(seconds=5)
"""How far CloudTrail's time of a call may be from the one that Amazon ECS remembers."""


@dataclass(frozen=True, slots=True)
class Registrar:
    """Who registered a revision, by the ARN that calls have too, and when."""

    arn: str
    time: datetime

    def made(self, event: ChangeEvent) -> bool:
        """Tell whether an event is the registration."""
        is_theirs = event.name == REGISTRATION and event.actor.arn == self.arn
        return is_theirs and abs(event.time - self.time) <= _APART


def registrar(revision: JsonObject) -> Registrar | None:
    """Return who registered a revision, as DescribeTaskDefinition answers; None where it does not tell."""
    arn, time = revision.get("registeredBy"), revision.get("registeredAt")
    if not isinstance(arn, str) or not arn or not isinstance(time, datetime) or time.tzinfo is None:
        return None
    return Registrar(arn, time)


def registered(event: ChangeEvent, revision: Json) -> bool:
    """Tell whether the event's registration made `revision`, an ARN or `family:revision`."""
    answered = _definition(event).get("taskDefinitionArn")
    return any(same_reference(arn, revision) for arn in (answered, *(resource.arn for resource in event.resources)))


def gave(event: ChangeEvent, drift: Drift, change: AttributeChange, events: Sequence[ChangeEvent]) -> bool | None:
    """Tell whether a registration gave a place inside a revision the live value; None where it says nothing.

    The live revision has what is live. Who registered one between it and the state's may have given it part of that:
    people register on top of the latest. A service must have run that one. What the record blanks out is not told.
    """
    own = drift.type == TASK_DEFINITION
    live, state = (side.get("arn" if own else "task_definition") for side in (drift.live, drift.before))
    if registered(event, live):
        return True
    made = _definition(event).get("taskDefinitionArn")
    last = next((each for each in events if each.name == REGISTRATION and registered(each, live)), None)
    if last is None or change.path[0] not in REVISION_ATTRIBUTES or not _is_between(state, made, live):
        return None
    if not own and not _ran(made, state, events):
        return None
    content, latest = as_terraform(_unlike_itself(_definition(event))), as_terraform(_definition(last))
    return not any(overlap(change.path, each.path) for each in find_differences(TASK_DEFINITION, content, latest))


def names_revision(requested: Json, live: Json, event: ChangeEvent, events: Sequence[ChangeEvent]) -> bool:
    """Tell whether an event's request named the live revision.

    A family means its latest revision at that time: the one that the service got by AWS's answer, or else not one that
    was registered in a later second.
    """
    service = event.response.get("service")
    answered = service.get("taskDefinition") if isinstance(service, dict) else None
    if isinstance(answered, str):
        return same_reference(answered, live)
    if not means_latest(requested, live):
        return same_reference(requested, live)
    return not any(
        other.time > event.time and other.name == REGISTRATION and registered(other, live) for other in events
    )


def _definition(event: ChangeEvent) -> JsonObject:
    definition = event.response.get("taskDefinition")
    return definition if isinstance(definition, dict) else {}


def _is_between(state: Json, made: Json, live: Json) -> bool:
    """Tell whether three revisions are of one family and in this order."""
    (first, low), (family, number), (second, high) = map(_numbered, (state, made, live))
    return bool(family) and first == family == second and low < number < high


def _numbered(reference: Json) -> tuple[str, int]:
    family, _, number = str(reference).rpartition("/")[2].rpartition(":")
    return (family, int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else ("", 0)


def _ran(made: Json, state: Json, events: Sequence[ChangeEvent]) -> bool:
    """Tell whether a call moved a service to a revision, and none back to the state's after that."""
    moves = [event for event in events if "task_definition" in event.requested]
    named = [
        revision
        for event in moves
        for revision in (made, state)
        if names_revision(event.requested["task_definition"], revision, event, events)
    ]
    return bool(named) and named[-1] == made


def _unlike_itself(value: Json) -> Json:
    """Return a value whose blanked-out texts differ from any other's: alike in two records, they may be different."""
    if isinstance(value, dict):
        return {key: _unlike_itself(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_unlike_itself(each) for each in value]
    blanked = isinstance(value, str) and any(mark in value for mark in REDACTED)
    return f"{value} elsewhere" if blanked else value
