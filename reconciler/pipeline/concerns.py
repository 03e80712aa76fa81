"""Events in, concerns out: for each workspace the addresses that events name, and findings where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.match import StateIndex, Target, Unmatched, match_event
from reconciler.model import ChangeEvent, DriftRule, EventTally, Finding, JsonObject
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.known_strays import known_strays, tell_managed
from reconciler.pipeline.strays import Stray, tell_strays, tell_undecided


@dataclass(frozen=True, slots=True)
class Concern:
    """An address and the events that name it, in time order."""

    target: Target
    events: tuple[ChangeEvent, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The concerns of each workspace, a finding for each resource that is in no state, and the events of neither.

    `unrelated` are the calls of other services about what no state relates to ECS.
    """

    concerns: Mapping[str, Sequence[Concern]]
    findings: tuple[Finding, ...]
    unrelated: tuple[ChangeEvent, ...]

    def recount(self, tally: EventTally) -> EventTally:
        """Return the tally with the unrelated events among the records of other services."""
        if not self.unrelated:
            return tally
        others = tally.skipped.get("other_service", 0) + len(self.unrelated)
        skipped = {**tally.skipped, "other_service": others}
        return replace(tally, changes=tally.changes - len(self.unrelated), skipped=skipped)


def addresses(gathered: Gathered) -> Mapping[str, Collection[str]]:
    """Return, by workspace, the addresses that events name."""
    return {name: {each.target.address for each in found} for name, found in gathered.concerns.items()}


@dataclass(slots=True)
class _Sorted:
    targets: dict[tuple[str, str], tuple[Target, list[ChangeEvent]]] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    witnessed: list[Stray] = field(default_factory=list)
    unrelated: list[ChangeEvent] = field(default_factory=list)


def gather(
    events: Sequence[ChangeEvent],
    index: StateIndex,
    doubts: Doubts,
    rules: Sequence[DriftRule] = (),
    witnesses: Sequence[ChangeEvent] = (),
    known: Sequence[JsonObject] = (),
) -> Gathered:
    """Sort the events by what they are about; `doubts` and `rules` are `tell_strays`'.

    `witnesses` are calls of trusted people: what they made or ended is known, and nobody is told of them. `known` are
    the ledger's findings: those of strays end with them.
    """
    found = _Sorted()
    for event in events:
        matches = match_event(event, index)
        if not matches:
            found.unrelated.append(event)
        for match in matches:
            if isinstance(match, Target):
                found.targets.setdefault((match.workspace, match.address), (match, []))[1].append(event)
            else:
                found.strays.append((match, event))
    concerns: dict[str, list[Concern]] = defaultdict(list)
    for target, its_events in found.targets.values():
        concerns[target.workspace].append(Concern(target, tuple(its_events)))
    stray_before = known_strays(known)
    if found.strays or stray_before:
        pairs = ((match, event) for event in witnesses for match in match_event(event, index))
        found.witnessed += ((match, event) for match, event in pairs if isinstance(match, Unmatched))
    strays = tell_strays(found.strays, found.witnessed, doubts, rules, stray_before)
    findings = (*strays, *tell_managed(stray_before, index))
    if doubts.unread and found.unrelated:
        # Nobody can tell that they are unrelated; one finding says so for all of them.
        return Gathered(concerns, (*findings, tell_undecided(found.unrelated, doubts)), ())
    return Gathered(concerns, findings, tuple(found.unrelated))
