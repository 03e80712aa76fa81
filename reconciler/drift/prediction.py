"""What events would have done to a resource, against its state: known at once, and confirmed by nothing yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.drift.attribution import attribute_events
from reconciler.drift.catalogue import TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.noise import RECORD_RULES
from reconciler.drift.noise.names import same_reference
from reconciler.drift.requested import touched, value_after
from reconciler.model.drift import AttributeChange, Drift
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json, JsonObject

_ORDERS = frozenset({"force_new_deployment"})
"""Attributes that tell Terraform to do something once; no resource has them."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A resource as calls leave it."""

    attributes: Mapping[str, Json]
    deleted: bool = False


def predict(
    address: str,
    resource_type: str,
    state: JsonObject,
    events: Sequence[ChangeEvent],
    witnesses: Sequence[ChangeEvent] = (),
) -> Drift | None:
    """Return how the events, all of one resource, should have left it; None where that is as the state has it.

    `state` are the attributes that the state has. Calls are taken at their word, in time order: an attribute that one
    asked for has that value until the next one asks, and nobody knows it once a call changed it without saying how. A
    revision that is registered changes nothing managed. Values that a record blanks out are not predicted. What
    `witnesses` left, calls of trusted people, is no drift.
    """
    in_order = sorted((*events, *witnesses), key=lambda event: event.time)
    trusted = {event.id for event in witnesses}
    value = _Value(state)
    for event in in_order:
        if event.resources and event.resources[0].type == resource_type:
            value = _after(value, event, resource_type, state)
    drift = Drift(
        address=address,
        type=resource_type,
        deleted=value.deleted,
        changes=(),
        before=state,
        live={} if value.deleted else value.attributes,
    )
    if value.deleted:
        by_whom = [event.id for event in in_order if event.effect == "ends"]
        return None if by_whom[-1] in trusted else drift
    found = find_differences(resource_type, state, drift.live, rules=RECORD_RULES)
    changes = tuple(AttributeChange(path=each.path, state=each.before, live=each.after) for each in found)
    told = attribute_events(replace(drift, changes=changes), events, witnesses=witnesses) if changes else drift
    changes = tuple(change for change in told.changes if change.event_id is not None or not trusted)
    return replace(told, changes=changes) if changes else None


def _after(value: _Value, event: ChangeEvent, resource_type: str, state: JsonObject) -> _Value:
    if resource_type == TASK_DEFINITION and (event.effect == "makes" or not _names_revision(event, state)):
        return value
    if event.effect == "ends":
        return replace(value, deleted=True)
    unknown = {name: state[name] for name in touched(event) if name in state}
    asked = {name: _asked(name, wanted, value, state) for name, wanted in _known(event, value.attributes)}
    return _Value({**value.attributes, **unknown, **asked}, value.deleted and event.effect != "makes")


def _names_revision(event: ChangeEvent, state: JsonObject) -> bool:
    """Tell whether a call is about the very revision of a task definition that the state has."""
    return any(
        same_reference(state.get("arn"), resource.arn) or state.get("revision") == resource.revision
        for resource in event.resources
        if resource.revision is not None or resource.arn
    )


def _known(event: ChangeEvent, attributes: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
    return (
        (name, wanted)
        for name, wanted in event.requested.items()
        if name in attributes and name not in _ORDERS and wanted is not None
    )


def _asked(name: str, wanted: Json, value: _Value, state: JsonObject) -> Json:
    if name == "task_definition":
        return _revision(wanted, value.attributes[name], state[name])
    return value_after(name, wanted, value.attributes[name])


def _revision(wanted: Json, now: Json, unknown: Json) -> Json:
    """Return the ARN of the revision asked for; of a bare family nobody knows yet which its latest is."""
    if not isinstance(wanted, str) or not isinstance(now, str):
        return unknown
    if same_reference(wanted, now):
        return now
    family, _, revision = wanted.rpartition("/")[2].partition(":")
    if not revision:
        return unknown if now.rpartition("/")[2].partition(":")[0] == family else wanted
    prefix = now.rpartition("/")[0]
    return f"{prefix}/{wanted}" if prefix.startswith("arn:") and not wanted.startswith("arn:") else wanted
