"""What a cycle has handled, and what it leaves in the ledger for a later one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from reconciler.events import to_be_kept
from reconciler.model import ChangeEvent, Finding, Record
from reconciler.pipeline.collect import Intake, mark_of
from reconciler.pipeline.findings import is_unsettled
from reconciler.pipeline.settle import beside


def leave(
    intake: Intake, findings: Sequence[Finding], held: Iterable[ChangeEvent]
) -> tuple[list[str], dict[str, Record]]:
    """Return what is handled, by what the ledger remembers it by, and the records that wait, without secret values.

    What waits is what the findings leave unsettled, what is `held`, and the trusted calls about the same resources:
    only together do they tell who gave a value. Records that a person tries things with stay news to the feed that
    brings them later.
    """
    unsettled = _unsettled(findings) | {event.id for event in held}
    waiting = {name: record for name, record in intake.watched.items() if name in unsettled}
    events = (*(event for event in intake.events if event.id in waiting), *intake.waiting)
    for call in beside(events, intake.trusted) if events else ():
        if record := intake.marks.get(mark_of(call)):
            with suppress(RecursionError):  # nested too deeply to be kept
                waiting[mark_of(call)] = Record(to_be_kept(record.body, call.id), record.where)
    return [name for name in (*intake.watched, *intake.marks) if name not in waiting], waiting


def _unsettled(findings: Sequence[Finding]) -> frozenset[str]:
    """Return the ids of the events that the next cycle must look at again.

    All those of a workspace, where something that no event explains is unsettled there: it has none of its own.
    """
    again = [finding for finding in findings if is_unsettled(finding)]
    workspaces = {finding.workspace for finding in again if finding.workspace is not None and not finding.events}
    whole = (finding for finding in findings if finding.workspace in workspaces)
    return frozenset(event.id for finding in (*again, *whole) for event in finding.events)
