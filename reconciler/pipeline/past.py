"""What is known of drifts from elsewhere than a cycle's own events: who was named before, and calls of trusted people.

What differs is told in every cycle that plans its workspace, its author's event in the first one only. What is settled,
because the code says the same or ignores it, differs as well, and is drift when the code does so no more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.drift import REVISION_ATTRIBUTES, is_related
from reconciler.match import StateIndex, Target, match_event, users, users_of
from reconciler.model import (
    AttributeChange,
    AttributePath,
    ChangeEvent,
    Drift,
    Json,
    JsonObject,
    ResourceId,
    render_path,
)
from reconciler.model.json import texts_in
from reconciler.pipeline.findings import fingerprint
from reconciler.pipeline.stored import (
    attribute_of,
    attributes_of,
    event_of,
    events_of,
    givers_of,
    is_readable,
    named_by,
    resource_of,
    trusted_in,
)

_SETTLED = frozenset({"matching", "ignored"})
_REGISTRATION = "RegisterTaskDefinition"


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one workspace, by the state's addresses: findings that stand or are settled, and trusted calls.

    The findings are the ledger's; `told` has the addresses that it knows them by, which may be others: of before a
    `terraform state mv`, or the code's where a `moved` block is not applied. The calls tell that a value was another in
    between. They are no drift, and nobody is named for them.

    `registrations` are this cycle's of any task definition, whichever state has that, and `trusted_registrations` those
    of trusted people: services of other workspaces may run the revisions. `used_by` says what of ECS uses a role or a
    registry of these findings.
    """

    standing: Mapping[str, JsonObject] = field(default_factory=dict)
    trusted: Mapping[str, Sequence[ChangeEvent]] = field(default_factory=dict)
    settled: Mapping[str, JsonObject] = field(default_factory=dict)
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    registrations: Sequence[ChangeEvent] = ()
    trusted_registrations: Sequence[ChangeEvent] = ()
    used_by: Mapping[str, str] = field(default_factory=dict)

    def formerly(self, state_address: str, address: str) -> tuple[str, ...]:
        """Return the other addresses that a resource, told at `address` now, was told at before."""
        return tuple(sorted(self.told.get(state_address, frozenset()) - {address}))

    def authors(
        self, workspace: str, drift: Drift, *, show_environment: bool
    ) -> Mapping[AttributePath, Sequence[ChangeEvent]]:
        """Return the event that was named for the same change of value, and those that repeated it, by its path.

        A trusted call that gave it has no id.

        The ledger does not know what is hidden: such a value is the same where all that differs and is shown is. Where
        the state's value is another one, the live value has been in the state since, or was put back.
        """
        finding = self.standing.get(drift.state_address)
        if finding is None or not finding["changes"]:  # one that could not be looked at hides nothing
            finding = self.settled.get(drift.state_address)
        if finding is None:
            return {}
        told = {change["path"]: change for change in finding["changes"]}
        is_same = fingerprint(workspace, finding["address"], drift.changes) == finding["fingerprint"]
        found = {}
        for change in drift.changes:
            before = told.get(render_path(change.path))
            authors = givers_of(before, finding) if before else ()
            if (
                before is not None
                and authors
                and _was_in_the_state(change, before, show_environment)
                and (is_same or _is_shown_alike(change, before, show_environment))
            ):
                found[change.path] = authors
        return found

    def drifted(self) -> Mapping[str, JsonObject]:
        """Return the findings of what was told to be gone, or what an apply reverts, by address.

        What an apply leaves, as the policies that somebody attached to a role, it takes into the state.
        """
        return {
            address: finding for address, finding in self.standing.items() if finding["status"] in ("drift", "deleted")
        }

    def unchecked(self) -> Mapping[str, JsonObject]:
        """Return the findings of what could not be looked at, by address."""
        return {address: finding for address, finding in self.standing.items() if finding["status"] == "not_checked"}

    def attributes(self) -> Mapping[str, frozenset[str]]:
        """Return, by address, the attributes that were told to differ."""
        return {address: attributes_of(finding) for address, finding in self.standing.items()}

    def stands(self, drift: Drift) -> frozenset[str]:
        """Return the attributes of which something still differs as it was told before."""
        told = {change["path"]: change for change in self._told(drift)}
        return frozenset(
            str(change.path[0])
            for change in drift.changes
            if (before := told.get(render_path(change.path))) and _is_shown_alike(change, before, False)
        )

    def names(self, drift: Drift, change: AttributeChange) -> frozenset[str]:
        """Return the members that were told to differ of a change's list, or of what its first two steps lead to."""
        if len(change.path) > 1:
            inside = render_path(change.path[:2])
            return frozenset(inside for told in self._told(drift) if told["path"].startswith(inside))
        told = [each for each in self._told(drift) if each["path"] == render_path(change.path)]
        return frozenset(name for each in told for name in {*texts_in(each["state"])} ^ {*texts_in(each["live"])})

    def enders(self, drift: Drift) -> Sequence[ChangeEvent]:
        """Return the events that ended a resource, where it was told to be gone before."""
        finding = self.standing.get(drift.state_address)
        if finding is None or finding["status"] != "deleted" or not drift.deleted:
            return ()
        return [event for event in events_of(finding).values() if event.effect == "ends"]

    def trusted_ends(self, drift: Drift, identity: ResourceId | None) -> Sequence[ChangeEvent]:
        """Return the trusted calls that ended a resource, of this cycle and as it was told before."""
        finding = self.standing.get(drift.state_address) or {}
        before = trusted_in(finding, finding) if finding.get("status") == "deleted" else ()
        now = (call for call in self.trusted.get(drift.state_address, ()) if call.ends(drift.type))
        return (*before, *(call for call in now if identity is None or _is_of(call, identity)))

    def gone(self, resource_type: str) -> frozenset[str]:
        """Return the addresses of the type that were told to be gone, and have not come back as far as is known."""
        return frozenset(
            address
            for address, finding in self.standing.items()
            if (finding["status"], finding["resource_type"]) == ("deleted", resource_type)
        )

    def _told(self, drift: Drift) -> Sequence[JsonObject]:
        finding = self.standing.get(drift.state_address)
        return finding["changes"] if finding else ()


NOTHING = Past()


def recall(
    known: Iterable[JsonObject],
    trusted: Sequence[ChangeEvent],
    index: StateIndex,
    workspaces: Iterable[str] = (),
    events: Sequence[ChangeEvent] = (),
) -> Mapping[str, Past]:
    """Return what is known of each workspace, at least of these `workspaces`.

    `known` are the ledger's findings, `trusted` the trusted calls, and `events` this cycle's others.
    """
    standing: dict[str, dict[str, JsonObject]] = defaultdict(dict)
    settled: dict[str, dict[str, JsonObject]] = defaultdict(dict)
    told: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    used_by: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in known:
        if is_readable(finding):
            among = settled if finding["status"] in _SETTLED else standing
            workspace, address = finding["workspace"], _state_address(finding, index)
            among[workspace].setdefault(address, finding)  # the ledger tells the newest first
            told[workspace][address] = told[workspace].get(address, frozenset()) | {finding["address"]}
            if found := users(resource_of(finding), index) if is_related(finding["resource_type"]) else ():
                used_by[workspace][address] = users_of(found)
    calls: dict[str, dict[str, list[ChangeEvent]]] = defaultdict(lambda: defaultdict(list))
    for event in trusted:
        for match in match_event(event, index):
            if isinstance(match, Target):
                calls[match.workspace][match.address].append(event)
    registered, by_trusted = ([event for event in of if event.name == _REGISTRATION] for of in (events, trusted))
    return {
        name: Past(standing[name], calls[name], settled[name], told[name], registered, by_trusted, used_by[name])
        for name in {*standing, *settled, *calls, *workspaces}
    }


def _state_address(finding: JsonObject, index: StateIndex) -> str:
    """Return where the state has what a finding is about; its own address where nobody can tell."""
    identity, told = resource_of(finding), str(finding["address"])
    there = {
        entry.resource.address
        for entry in (index.find(identity) if identity.label else ())
        if entry.resource.workspace == finding["workspace"] and entry.identity == identity
    }
    return there.pop() if len(there) == 1 else told


def overtaken(past: Past) -> list[JsonObject]:
    """Return the findings without the authors whose value a trusted call changed since.

    The next who set the same value is then its author: who did so already and was told before the call was, or whoever
    does.
    """
    amended: list[JsonObject] = []
    for address, finding in (*past.standing.items(), *past.settled.items()):
        calls = past.trusted.get(address, ())
        changes = [_overtaken(change, finding, calls) if calls else change for change in finding["changes"]]
        if changes != finding["changes"]:
            now = {change["event_id"] for change in changes}
            told = (each for change in finding["changes"] for each in named_by(change, finding) if each["id"] in now)
            events = {each["id"]: each for each in (*finding["events"], *told)}
            amended.append({**finding, "changes": changes, "events": list(events.values())})
    return amended


def _overtaken(change: JsonObject, finding: JsonObject, calls: Iterable[ChangeEvent]) -> JsonObject:
    told = named_by(change, finding)
    left = [
        each for each in told if not any(_speaks_of(call, change["path"], event_of(each, finding)) for call in calls)
    ]
    if left[:1] == told[:1]:
        return change
    return {**change, "event_id": left[0]["id"] if left else None, "repeated_by": left[1:]}


def _is_of(call: ChangeEvent, identity: ResourceId) -> bool:
    """Tell whether a call is about a task definition's very revision, where it is about one."""
    named = {(each.family, each.revision) for each in call.resources}
    return identity.revision is None or (identity.family, identity.revision) in named


def _speaks_of(call: ChangeEvent, path: str, author: ChangeEvent) -> bool:
    name = attribute_of(path).replace("tags_all", "tags")
    said = {*call.touches, *(each for each, value in call.requested.items() if value is not None)}
    is_said = name in said or ("task_definition" in said and name in REVISION_ATTRIBUTES)
    return call.time > author.time and (is_said or call.effect != "changes")


def _is_shown_alike(change: AttributeChange, told: JsonObject, show_environment: bool) -> bool:
    from reconciler.report import SENSITIVE

    live = _shown(change, show_environment)[1]
    return SENSITIVE not in live and live == _text(told["live"])


def _was_in_the_state(change: AttributeChange, told: JsonObject, show_environment: bool) -> bool:
    return _shown(change, show_environment)[0] == _text(told["state"])


def _shown(change: AttributeChange, show_environment: bool) -> tuple[str, str]:
    from reconciler.report import masked_values

    state, live = masked_values(change, show_environment=show_environment)
    return _text(state), _text(live)


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, default=str)
