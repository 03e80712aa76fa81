"""Which event gave each drifted attribute its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.drift.catalogue import SERVICE, TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.disposition import overlap
from reconciler.drift.noise import RECORD_RULES
from reconciler.drift.noise.names import same_reference
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, Drift, Member
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json

_REGISTRATION = "RegisterTaskDefinition"


def attribute_events(drift: Drift, events: Sequence[ChangeEvent]) -> Drift:
    """Return the drift with the event of every change that an event explains; `events` are all of one resource.

    The last event that asked for the live value wins, in time order; a call that asked for another value explains
    nothing, nor does one that did not mention the attribute. What is inside a task definition was set by the
    registration of the live revision.
    """
    newest_first = sorted(events, key=lambda event: event.time, reverse=True)
    return replace(
        drift,
        changes=tuple(
            replace(
                change,
                event_id=next((event.id for event in newest_first if _explains(event, drift, change)), None),
            )
            for change in drift.changes
        ),
    )


def _explains(event: ChangeEvent, drift: Drift, change: AttributeChange) -> bool:
    if drift.type == TASK_DEFINITION and event.name == _REGISTRATION:
        return _registered(event, drift.live.get("arn"))
    if belongs_to_revision(drift, change):
        return event.name == _REGISTRATION and _registered(event, drift.live.get("task_definition"))
    name = str(change.path[0])
    asked = "tags" if name == "tags_all" else name
    if asked not in event.requested:
        return False
    requested, live = event.requested[asked], drift.live.get(name)
    if drift.type == SERVICE and name == "task_definition":
        return _names_revision(requested, live)
    if asked == "tags" and not _mentions(requested, change):
        return False
    asked_for = {**drift.live, name: _as_blocks(requested, live)}
    found = find_differences(drift.type, asked_for, drift.live, rules=RECORD_RULES)
    return not any(overlap(change.path, difference.path) for difference in found)


def _registered(event: ChangeEvent, revision: Json) -> bool:
    """Tell whether the event's registration made `revision`, an ARN or `family:revision`."""
    answered = (event.response.get("taskDefinition") or {}).get("taskDefinitionArn")
    return any(same_reference(arn, revision) for arn in (answered, *(resource.arn for resource in event.resources)))


def _names_revision(requested: Json, live: Json) -> bool:
    """Tell whether a request named the live revision; a bare family means its latest revision at that time."""
    if not isinstance(requested, str) or not isinstance(live, str):
        return False
    family, _, revision = live.rpartition("/")[2].rpartition(":")
    return same_reference(requested, live) or (bool(revision) and requested == family)


def _mentions(tags: Json, change: AttributeChange) -> bool:
    """Tell whether a call names the changed tag: tagging one leaves the others as they are."""
    key = change.path[1] if len(change.path) > 1 else None
    return isinstance(tags, dict) and isinstance(key, Member) and key.key in tags


def _as_blocks(requested: Json, live: Json) -> Json:
    """Return a requested structure in the shape of the live value: Terraform shows a single block as a list of one."""
    if isinstance(requested, dict) and isinstance(live, list):
        return [_as_blocks(requested, live[0] if live else {})]
    if isinstance(requested, dict) and isinstance(live, dict):
        return {name: _as_blocks(value, live.get(name)) for name, value in requested.items()}
    return requested
