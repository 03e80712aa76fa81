"""The same event counts once, however often and from wherever it arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model import ChangeEvent, Outcome, Skipped


def distinct(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes, every change after the first with its id as a skipped duplicate.

    Only changes are compared, so that the memory needed grows with them and not with all records.
    """
    seen: set[str] = set()
    for outcome in outcomes:
        if isinstance(outcome, ChangeEvent):
            if outcome.id in seen:
                yield Skipped(reason="duplicate", where=outcome.where, event_id=outcome.id, name=outcome.name)
                continue
            seen.add(outcome.id)
        yield outcome
