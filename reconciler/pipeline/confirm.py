"""A drift in, its finding out: who did it, what Terraform would do about it, how much it matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.drift import attribute_events, severity_of, with_granted
from reconciler.match import StateIndex
from reconciler.model import AttributeChange, ChangeEvent, Drift, Finding, JsonObject, ResourceId
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.findings import fingerprint, status_of
from reconciler.pipeline.past import NOTHING, Past
from reconciler.pipeline.reasons import complete, note_unread, weigh
from reconciler.pipeline.relations import served
from reconciler.pipeline.revisions import (
    MOVED,
    Moved,
    Revision,
    Revisions,
    note_on_registrar,
    note_on_revision,
    registered_for,
)
from reconciler.pipeline.tools import Policy

_SOON = "the policies are in resources of the code that were never applied; terraform apply writes them as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A finding about a drift, with what a remedy needs to know of it.

    `drift` holds the address's own changes; those inside a task definition that it moved to are the revision's.
    `unread` says why that one could not be looked at in AWS; without `compared`, nobody knows what is different in it.
    """

    finding: Finding
    drift: Drift
    revision: Revision | None = None
    unread: str | None = None
    compared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the drifts of a workspace are judged by.

    `planned` are the changes of the full `plan`, none where none was made; `unread` are the `unread_files` of the code;
    `past` is what is known from elsewhere than the events of this cycle.
    """

    workspace: str
    concerns: Sequence[Concern]
    index: StateIndex
    revisions: Revisions
    planned: Mapping[str, PlannedChange]
    unread: Mapping[tuple[str, ...], Sequence[str]]
    plan: JsonObject = field(default_factory=dict)
    past: Past = NOTHING

    def confirm(self, drift: Drift, policy: Policy) -> Confirmed:
        """Return a drift, with its dispositions, as a finding that names people, severity and reasons."""
        revision = self.revisions.of(drift, self._registrations(drift))
        whole = replace(drift, changes=(*_own_changes(drift, revision), *(revision.changes if revision else ())))
        known = self.past.authors(self.workspace, whole, show_environment=policy.show_environment)
        whole = attribute_events(
            whole,
            self._events(drift, revision),
            witnesses=self._trusted(drift),
            known=known,
            revision=revision.live if revision else {},
        )
        own_changes = len(drift.changes)
        return Confirmed(
            finding=note_unread(self._finding(whole, revision, known.values(), policy), self.unread),
            drift=replace(whole, changes=whole.changes[:own_changes]),
            revision=replace(revision, changes=whole.changes[own_changes:]) if isinstance(revision, Revision) else None,
            unread=self.revisions.unread(drift),
            compared=revision is not None or not _is_moved(drift),
        )

    def _finding(
        self, drift: Drift, revision: Moved | None, known: Iterable[Sequence[ChangeEvent]], policy: Policy
    ) -> Finding:
        planned = self.planned.get(drift.address)
        given = with_granted(drift, self.planned, self.plan)
        note = note_on_revision(drift, revision, self.revisions.running) if given == drift else _SOON
        drift = given
        events = self._all_events(drift, revision, known)
        ended = self._trusted_end(drift, events)
        end = f"a trusted call ({ended.name}) ended it" if ended else None
        notes = filter(None, (note, note_on_registrar(drift, revision), end))
        status, reason = status_of(drift, planned)
        reason = _with_told(reason, drift, revision)
        severity, rule, because = weigh(status, severity_of(drift, policy.rules, policy.registries), planned)
        reason = served(self._own(drift), reason, self.past.used_by.get(drift.state_address, ""))
        entry = self.index.at(self.workspace, drift.state_address)
        return Finding(
            fingerprint=fingerprint(self.workspace, drift.address, drift.changes),
            status=status,
            reason=complete(status, reason, drift, because, planned, *notes),
            workspace=self.workspace,
            address=drift.address,
            resource_type=drift.type,
            identity=entry.identity if entry else ResourceId(type=drift.type),
            severity=severity,
            rule=rule,
            changes=drift.changes,
            events=events,
            trusted=ended,
        )

    def _trusted_end(self, drift: Drift, events: Iterable[ChangeEvent]) -> ChangeEvent | None:
        """Return the trusted call that ended what is gone, where none of the `events` ended it later."""
        if not drift.deleted:
            return None
        entry = self.index.at(self.workspace, drift.state_address)
        calls = self.past.trusted_ends(drift, entry.identity if entry else None)
        last = max((event.time for event in events if event.ends(drift.type)), default=None)
        later = (call for call in calls if last is None or call.time > last)
        return max(later, key=lambda call: call.time, default=None)

    def _registrations(self, drift: Drift) -> Sequence[ChangeEvent]:
        """Return the calls that may have registered what a service was moved to."""
        if not _is_moved(drift):
            return ()
        named = (event for concern in self.concerns for event in concern.events)
        unique = {event.id: event for event in (*named, *self.past.registrations)}
        return self._around(drift, unique.values())

    def _around(self, drift: Drift, events: Iterable[ChangeEvent]) -> Sequence[ChangeEvent]:
        """Return the calls made where a drifted resource is: another account may have a revision of the same name."""
        entry = self.index.at(self.workspace, drift.state_address)
        place = (entry.identity.account, entry.identity.region) if entry else (None, None)
        return [
            event
            for event in events
            if all(not here or not there or here == there for here, there in zip(place, _place(event), strict=True))
        ]

    def _trusted(self, drift: Drift) -> Sequence[ChangeEvent]:
        """Return the trusted calls about a drifted resource, with the registrations of what a service runs."""
        own = self.past.trusted.get(drift.state_address, ())
        if not _is_moved(drift):
            return own
        around = self._around(drift, self.past.trusted_registrations)
        return (*around, *(event for event in own if event not in around))

    def _own(self, drift: Drift) -> Sequence[Concern]:
        return [concern for concern in self.concerns if concern.target.address == drift.state_address]

    def _all_events(
        self, drift: Drift, revision: Moved | None, known: Iterable[Sequence[ChangeEvent]]
    ) -> tuple[ChangeEvent, ...]:
        """Return the events of this cycle, and those of earlier ones that still explain something."""
        events = self._events(drift, revision)
        named = {change.event_id for change in drift.changes}
        earlier = [event for told in known for event in told if event.id in named]
        if not any(event.ends(drift.type) for event in events):
            earlier += self.past.enders(drift)
        unique = {event.id: event for event in (*earlier, *events)}
        return tuple(sorted(unique.values(), key=lambda event: event.time))

    def _events(self, drift: Drift, revision: Moved | None) -> tuple[ChangeEvent, ...]:
        own = [event for concern in self._own(drift) for event in concern.events]
        # Within one second, a revision is registered before a service moves to it.
        registered = (*registered_for(own, self._registrations(drift)), *revision.events) if revision else ()
        events = (*registered, *own)
        unique = {event.id: event for event in events}
        return tuple(sorted(unique.values(), key=lambda event: event.time))


def _is_moved(drift: Drift) -> bool:
    return any(change.path == MOVED for change in drift.changes)


def _place(event: ChangeEvent) -> tuple[str, str]:
    return event.account, event.region


def _own_changes(drift: Drift, revision: Moved | None) -> tuple[AttributeChange, ...]:
    """Return a drift's changes; nothing takes back the move to a revision of which an apply keeps all."""
    if revision is None or not revision.kept:
        return drift.changes
    return tuple(
        replace(change, disposition="matching") if change.path == MOVED else change for change in drift.changes
    )


def _with_told(reason: str, drift: Drift, revision: Moved | None) -> str:
    """Return a reason that says what an apply makes of the revision; `drift` has all its changes."""
    if revision is None or not revision.told:
        return reason
    is_all = all(change.disposition == "matching" for change in drift.changes)
    return revision.told if is_all else f"{reason}; {revision.told}"
