"""Sources in, change events out, with every record accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.errors import SourceError
from reconciler.events import parse, to_be_kept
from reconciler.model import Broken, ChangeEvent, EventTally, Record, Skipped, Trust
from reconciler.ports import EventSource, Ledger


@dataclass(frozen=True, slots=True)
class Intake:
    """What the sources gave: events in time order, the tally, positions to store, sentences about what failed.

    `watched` has what the ledger is to remember, with their records less any secret values: the events that came from
    sources that remember, and those postponed earlier; the others a person handed over. `news` are the ids of all but
    those postponed. `trusted` are calls of trusted people and of Terraform, which explain what is no drift; `marks` has
    the records, as they came, of those that the ledger is to remember, by what it remembers them by. `waiting` are the
    postponed events that this cycle does not look at, where it has marks.
    """

    events: tuple[ChangeEvent, ...]
    tally: EventTally
    cursors: dict[str, str]
    problems: tuple[str, ...]
    watched: Mapping[str, Record] = field(default_factory=dict)
    news: frozenset[str] = frozenset()
    trusted: tuple[ChangeEvent, ...] = ()
    marks: Mapping[str, Record] = field(default_factory=dict)
    waiting: tuple[ChangeEvent, ...] = ()


@dataclass(slots=True)
class _Collected:
    events: dict[str, ChangeEvent] = field(default_factory=dict)
    watched: dict[str, Record] = field(default_factory=dict)
    trusted: dict[str, ChangeEvent] = field(default_factory=dict)
    marks: dict[str, Record] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    read: int = 0

    def count(self, outcome: Skipped | Broken) -> None:
        if isinstance(outcome, Broken):
            self.broken.append(outcome)
        else:
            self.skipped[outcome.reason] += outcome.count


def collect(sources: Sequence[EventSource], trust: Trust, ledger: Ledger | None, *, postponed: bool = False) -> Intake:
    """Read all sources; an event that comes twice, or that the ledger has seen, counts once.

    With `postponed`, the events that an earlier cycle could not settle come first. Raises SourceError for records that
    a person handed over; a configured source that fails is a problem, and the others go on.
    """
    collected = _Collected()
    if ledger and postponed:
        _take_postponed(ledger, trust, collected)
    old = frozenset(collected.events)
    for source in sources:
        _take(source, trust, ledger, collected)
    tally = EventTally(
        read=collected.read,
        changes=len(collected.events),
        skipped=dict(collected.skipped),
        broken=len(collected.broken),
    )
    # Times are whole seconds; within one, a feed's own order is the best there is.
    in_order = tuple(sorted(collected.events.values(), key=lambda event: event.time))
    problems = (*collected.problems, *_broken(collected.broken))
    return Intake(
        in_order,
        tally,
        collected.cursors,
        problems,
        collected.watched,
        frozenset(collected.events) - old,
        tuple(collected.trusted.values()),
        collected.marks,
        _left_waiting(ledger, trust) if ledger and collected.marks and not postponed else (),
    )


def mark_of(call: ChangeEvent) -> str:
    """Return what the ledger remembers a trusted call by: once nobody trusts its like any more, it is news."""
    return f"trusted:{call.id}"


def _take_postponed(ledger: Ledger, trust: Trust, collected: _Collected) -> None:
    for name, record in ledger.postponed().items():
        collected.read += 1
        collected.watched[name] = record
        outcome = parse(record, trust)  # the configuration may trust others by now
        if isinstance(outcome, ChangeEvent):
            collected.events[outcome.id] = outcome
            collected.watched[outcome.id] = record
        else:
            collected.count(outcome)
            if event := _trusted(outcome, record):
                collected.trusted[event.id] = event
                collected.marks[mark_of(event)] = record


def _left_waiting(ledger: Ledger, trust: Trust) -> tuple[ChangeEvent, ...]:
    outcomes = (parse(record, trust) for record in ledger.postponed().values())
    return tuple(outcome for outcome in outcomes if isinstance(outcome, ChangeEvent))


def _take(source: EventSource, trust: Trust, ledger: Ledger | None, collected: _Collected) -> None:
    fresh: list[tuple[ChangeEvent, Record]] = []
    trusted: dict[str, tuple[ChangeEvent, Record]] = {}
    for item in _items(source, ledger, collected.problems):
        collected.read += item.count if isinstance(item, Skipped) else 1
        outcome = parse(item, trust) if isinstance(item, Record) else item
        if isinstance(outcome, ChangeEvent) and isinstance(item, Record):
            try:
                fresh.append((outcome, Record(to_be_kept(item.body, outcome.id), item.where)))
            except RecursionError:
                collected.count(Broken(f"{outcome.name}: nested too deeply to be kept", item.where))
        elif not isinstance(outcome, ChangeEvent):
            collected.count(outcome)
            if isinstance(item, Record) and (event := _trusted(outcome, item)):
                trusted[mark_of(event)] = event, item
    ids = [*(event.id for event, _ in fresh), *trusted]
    seen = ledger.seen(ids) if ledger and source.remembers else frozenset()
    for mark, (event, record) in trusted.items():
        if mark not in seen:
            collected.trusted[event.id] = event
            if source.remembers:
                collected.marks[mark] = record
    for event, record in fresh:
        if source.remembers and event.id not in seen:
            collected.watched.setdefault(event.id, record)
        if event.id in seen or event.id in collected.events:
            collected.skipped["duplicate"] += 1
        else:
            collected.events[event.id] = event
    position = source.cursor()
    if position is not None:
        collected.cursors[source.name] = position


def _trusted(outcome: Skipped | Broken, record: Record) -> ChangeEvent | None:
    """Return the change that a record tells of, where it was skipped for who made it."""
    if not isinstance(outcome, Skipped) or outcome.reason not in ("trusted", "terraform"):
        return None
    event = parse(record, Trust())
    return event if isinstance(event, ChangeEvent) else None


def _items(source: EventSource, ledger: Ledger | None, problems: list[str]) -> Iterator[Record | Skipped | Broken]:
    cursor = ledger.cursor(source.name) if ledger and source.remembers else None
    try:
        yield from source.records(cursor)
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
