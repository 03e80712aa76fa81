"""Sources in, change events out, with every record accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.errors import SourceError
from reconciler.events import parse
from reconciler.model import Broken, ChangeEvent, EventTally, Outcome, Record, Skipped, Trust
from reconciler.ports import EventSource, Ledger


@dataclass(frozen=True, slots=True)
class Intake:
    """What the sources gave: events in time order, the tally, positions to store, sentences about what failed.

    `watched` are the ids of events that came from sources that remember; the others a person handed over.
    """

    events: tuple[ChangeEvent, ...]
    tally: EventTally
    cursors: dict[str, str]
    problems: tuple[str, ...]
    watched: frozenset[str] = frozenset()


def collect(sources: Sequence[EventSource], trust: Trust, ledger: Ledger | None) -> Intake:
    """Read all sources; an event that comes twice, or that the ledger has seen, counts once.

    Raises SourceError for records that a person handed over; a configured source that fails is a problem, and the
    others go on.
    """
    events: dict[str, ChangeEvent] = {}
    watched: set[str] = set()
    skipped: Counter[str] = Counter()
    broken: list[Broken] = []
    read = 0
    cursors: dict[str, str] = {}
    problems: list[str] = []
    for source in sources:
        fresh: list[ChangeEvent] = []
        for outcome in _outcomes(source, trust, ledger, problems):
            read += outcome.count if isinstance(outcome, Skipped) else 1
            match outcome:
                case Skipped():
                    skipped[outcome.reason] += outcome.count
                case Broken():
                    broken.append(outcome)
                case ChangeEvent():
                    fresh.append(outcome)
        seen = ledger.seen([event.id for event in fresh]) if ledger and source.remembers else frozenset()
        for event in fresh:
            if event.id in seen or event.id in events:
                skipped["duplicate"] += 1
            else:
                events[event.id] = event
        if source.remembers:
            watched.update(event.id for event in fresh)
        position = source.cursor()
        if position is not None:
            cursors[source.name] = position
    problems += _broken(broken)
    tally = EventTally(read=read, changes=len(events), skipped=dict(skipped), broken=len(broken))
    # Times are whole seconds; within one, a feed's own order is the best there is.
    in_order = tuple(sorted(events.values(), key=lambda event: event.time))
    return Intake(in_order, tally, cursors, tuple(problems), frozenset(watched))


def _outcomes(source: EventSource, trust: Trust, ledger: Ledger | None, problems: list[str]) -> Iterator[Outcome]:
    cursor = ledger.cursor(source.name) if ledger and source.remembers else None
    try:
        for item in source.records(cursor):
            yield parse(item, trust) if isinstance(item, Record) else item
    except SourceError as error:
        if not source.remembers:
            raise
        problems.append(str(error))


def _broken(broken: Sequence[Broken]) -> list[str]:
    if not broken:
        return []
    first = broken[0]
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return [f"{len(broken)} of the records could not be read: {first.where}: {first.reason}{more}"]
