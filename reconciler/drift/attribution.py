"""Which event gave each drifted attribute its value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Final

from reconciler.drift.answers import Answer, answer_of
from reconciler.drift.registrations import Registrar, registrar
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, AttributePath, Drift
from reconciler.model.events import ChangeEvent
from reconciler.model.json import JsonObject

_REVISION: Final = ("task_definition",)
_CREATIONS: Final = frozenset({"CreateCapacityProvider", "CreateService", "CreateTaskSet"})
"""Calls that only make what was not there: some that make a resource change it where it is."""
_REPEATS_KEPT: Final = 10
"""Of those that repeated a value, so many of the newest: programs do so every minute, and records come minutes late."""


def attribute_events(
    drift: Drift,
    events: Sequence[ChangeEvent],
    *,
    witnesses: Sequence[ChangeEvent] = (),
    known: Mapping[AttributePath, Sequence[ChangeEvent]] = MappingProxyType({}),
    revision: JsonObject = MappingProxyType({}),
) -> Drift:
    """Return the drift with the events of every change that events explain; all events are of one resource.

    Each event gives one of few answers about each change (`answers`). In time order, those of one second as the live
    value proves them: the first that names the live value explains it, until a later one names another. Who repeats a
    value that is there already (the console sends whole forms) changed nothing. A call that may have changed the
    attribute, without saying to what, explains only what no call names. What is inside a service's task definition was
    set by the registrations of the revisions that it ran (`registrations`), or else by whoever moved the service to it,
    unless Amazon ECS says that somebody else registered it: `revision` is the one that the service runs, described.

    `witnesses` are calls that count in this and are never named: the change is told to be a trusted call's. `known` are
    the events that earlier cycles named for the same live values, and those that repeated them; one without an id was a
    witness.
    """
    named = {event.id for event in (*events, *(each for told in known.values() for each in told))} - {""}
    fold = _Fold(drift, sorted((*events, *witnesses), key=lambda event: event.time), known, registrar(revision))
    return replace(drift, changes=tuple(_explained(change, fold.givers(change), named) for change in drift.changes))


def _explained(change: AttributeChange, givers: Sequence[ChangeEvent], named: Collection[str]) -> AttributeChange:
    if not givers or givers[0].id not in named:
        return replace(change, event_id=None, repeated_by=(), trusted=givers[0] if givers else None)
    repeated_by = tuple(event for event in givers[1:] if event.id in named)
    return replace(change, event_id=givers[0].id, repeated_by=repeated_by[-_REPEATS_KEPT:])


class _Fold:
    """The events of a drifted resource in time order, asked about one change after the other."""

    def __init__(
        self,
        drift: Drift,
        events: Sequence[ChangeEvent],
        known: Mapping[AttributePath, Sequence[ChangeEvent]],
        registered_by: Registrar | None,
    ) -> None:
        self._drift = drift
        self._events = events
        self._known = known
        self._registered_by = registered_by
        self._ends = [event.time for event in events if event.ends(drift.type)]

    def givers(self, change: AttributeChange) -> Sequence[ChangeEvent]:
        """Return the event that gave a change its live value, if any, and those that repeated it."""
        givers = self._givers(change)
        return self._givers_of_revision() if not givers and belongs_to_revision(self._drift, change) else givers

    def _givers_of_revision(self) -> Sequence[ChangeEvent]:
        """Return the live revision's registration as earlier cycles told it, or who moved the service to it."""
        who = self._registered_by
        if who is not None:
            told = (event for events in self._known.values() for event in events)
            if made := next((event for event in told if who.made(event)), None):
                return [made]
        live = self._drift.live.get("task_definition")
        movers = self._givers(AttributeChange(path=_REVISION, state=None, live=live))
        return movers if who is None or (movers and movers[0].actor.arn == who.arn) else ()

    def _givers(self, change: AttributeChange) -> Sequence[ChangeEvent]:
        since: list[tuple[Answer, ChangeEvent]] = []
        for answer, event in self._answers(change):
            if self._is_creation(event) or answer is Answer.OTHER:
                since.clear()
            if answer is not Answer.OTHER:
                since.append((answer, event))
        first = next((place for place, (answer, _) in enumerate(since) if answer is Answer.NAMED), -1)
        return [event for _, event in since[first:]]

    def _answers(self, change: AttributeChange) -> Sequence[tuple[Answer, ChangeEvent]]:
        answers = []
        for told in self._known.get(change.path, ()):
            if all(event.id != told.id for event in self._events):
                answers.append((Answer.NAMED, told))
        for event in self._events:
            answer = answer_of(event, self._drift, change, self._events, creation=self._is_creation(event))
            if answer is not None:
                answers.append((answer, event))
        answers.sort(key=self._place)
        return [each for _, second in groupby(answers, key=lambda each: each[1].time) for each in _in_order(second)]

    def _place(self, answered: tuple[Answer, ChangeEvent]) -> tuple[datetime, bool]:
        """Return what puts answers in order: nothing of a creation's second comes before it, but for an end."""
        event = answered[1]
        return event.time, not self._is_creation(event) or event.time in self._ends

    def _is_creation(self, event: ChangeEvent) -> bool:
        """Tell whether nothing of before is left after an event of this cycle or of an earlier one."""
        is_made_again = event.effect == "makes" and any(event.time >= end for end in self._ends[:1])
        return event.name in _CREATIONS or is_made_again


def _in_order(second: Iterable[tuple[Answer, ChangeEvent]]) -> Sequence[tuple[Answer, ChangeEvent]]:
    """Return one second's answers as given, unless the live value proves that another one was the last."""
    given = list(second)
    return sorted(given, key=lambda each: each[0]) if given[-1][0] is Answer.OTHER else given
