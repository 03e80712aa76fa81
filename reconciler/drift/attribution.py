"""Which event gave each drifted attribute its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.drift.catalogue import SERVICE, TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.disposition import overlap
from reconciler.drift.noise import RECORD_RULES
from reconciler.drift.noise.names import same_reference
from reconciler.drift.requested import as_blocks, names
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, Drift, Member
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json

_REGISTRATION = "RegisterTaskDefinition"
_REVISION = ("task_definition",)
_TASK_SET = "aws_ecs_task_set"
_POLICIES = frozenset({"inline_policy", "managed_policy_arns", "policy_arns", "policy_names"})
"""Attributes that list the policies of a role, of which a call names one."""
_CREATIONS = frozenset({"CreateCapacityProvider", "CreateService", "CreateTaskSet"})
"""Calls that give every attribute its value: AWS's default to those that they leave out."""


def attribute_events(drift: Drift, events: Sequence[ChangeEvent]) -> Drift:
    """Return the drift with the event of every change that an event explains; `events` are all of one resource.

    In time order, events of the same second in the order given: the call that first asked for the live value wins,
    unless a later one asked for another. Who repeats a value that is there already (the console sends whole forms)
    changed nothing; a call that did not mention the attribute explains nothing, but for one that created the resource
    anew. What is inside a service's task definition was set by the registration of the live revision; when that was
    long ago, by whoever moved the service to it.
    """
    in_order = sorted(events, key=lambda event: event.time)
    return replace(
        drift, changes=tuple(replace(change, event_id=_giver(drift, change, in_order)) for change in drift.changes)
    )


def _giver(drift: Drift, change: AttributeChange, events: Sequence[ChangeEvent]) -> str | None:
    setter = _setter(drift, change, events)
    if setter is None and belongs_to_revision(drift, change):
        moved = AttributeChange(path=_REVISION, state=None, live=drift.live.get("task_definition"))
        return _setter(drift, moved, events)
    return setter


def _setter(drift: Drift, change: AttributeChange, events: Sequence[ChangeEvent]) -> str | None:
    setter: str | None = None
    for position, event in enumerate(events):
        match _asked_for_live(event, drift, change, events[position + 1 :]):
            case True:
                setter = event.id if event.name in _CREATIONS else setter or event.id
            case False:
                setter = None
    return setter


def _asked_for_live(
    event: ChangeEvent, drift: Drift, change: AttributeChange, later: Sequence[ChangeEvent]
) -> bool | None:
    """Tell whether the event asked for the change's live value; None when it did not ask for any."""
    if drift.type == TASK_DEFINITION and event.name == _REGISTRATION:
        return _registered(event, drift.live.get("arn")) or None
    if belongs_to_revision(drift, change):
        made = event.name == _REGISTRATION and _registered(event, drift.live.get("task_definition"))
        return made or None
    name = str(change.path[0])
    if name in _POLICIES:
        return _moved_policy(event, change)
    if drift.type == "aws_ecs_tag":
        tags, key = event.requested.get("tags"), drift.live.get("key")
        return tags[key] == drift.live.get("value") if isinstance(tags, dict) and key in tags else None
    if drift.type == SERVICE and {resource.type for resource in event.resources} == {_TASK_SET}:
        return None  # what a task set is made of shows once it is the primary one
    if name in event.touches:
        return True
    asked = "tags" if name == "tags_all" else name
    created = event.name in _CREATIONS
    if asked not in event.requested and not created:
        return None
    requested, live = event.requested.get(asked), drift.live.get(name)
    if created and not requested:
        return change.live is None or asked != "tags"
    if drift.type == SERVICE and name == "task_definition":
        return _names_revision(requested, live, later)
    if not created and not names(asked, requested, change.path):
        return None
    asked_for = {**drift.live, name: as_blocks(requested, live)}
    found = find_differences(drift.type, asked_for, drift.live, rules=RECORD_RULES)
    return not any(overlap(change.path, difference.path) for difference in found)


def _moved_policy(event: ChangeEvent, change: AttributeChange) -> bool | None:
    """Tell whether a call about one policy of a role gave the role one that is new in the change, or took one away."""
    if not event.resources or event.resources[0].role is None:
        return None
    policy = {event.resources[0].arn, event.resources[0].name} - {None}
    if len(change.path) > 1:
        return (isinstance(change.path[1], Member) and change.path[1].key in policy) or None
    sides = [set(side) if isinstance(side, list) else set() for side in (change.state, change.live)]
    return bool(policy & (sides[0] ^ sides[1])) or None


def _registered(event: ChangeEvent, revision: Json) -> bool:
    """Tell whether the event's registration made `revision`, an ARN or `family:revision`."""
    definition = event.response.get("taskDefinition")
    answered = definition.get("taskDefinitionArn") if isinstance(definition, dict) else None
    return any(same_reference(arn, revision) for arn in (answered, *(resource.arn for resource in event.resources)))


def _names_revision(requested: Json, live: Json, later: Sequence[ChangeEvent]) -> bool:
    """Tell whether a request named the live revision.

    A bare family means its latest revision at that time, which is not one that was registered `later`.
    """
    if not isinstance(requested, str) or not isinstance(live, str):
        return False
    family, _, revision = live.rpartition("/")[2].rpartition(":")
    if requested != family:
        return same_reference(requested, live)
    return bool(revision) and not any(_registered(event, live) for event in later if event.name == _REGISTRATION)
