"""One cycle over the sources, and the parts of it that `reconcile` shares.

What only the result of a plan needs is imported where it is used: terraform starts sooner.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce

from reconciler.errors import LedgerError, SourceError
from reconciler.match import Target, match_event
from reconciler.model import EventTally, Finding, JsonObject, PlanTally, RunReport
from reconciler.pipeline.collect import Intake, collect
from reconciler.pipeline.concerns import gather
from reconciler.pipeline.doubts import Doubts, doubts_of
from reconciler.pipeline.job import Outcome, do, jobs_of
from reconciler.pipeline.parallel import in_parallel
from reconciler.pipeline.past import Past, overtaken, recall
from reconciler.pipeline.settle import Settling, settle
from reconciler.pipeline.states import Indexing
from reconciler.pipeline.tools import Policy, Tools
from reconciler.pipeline.waiting import leave
from reconciler.ports import EventSource

_LOG = logging.getLogger(__name__)
NO_EVENTS = EventTally(read=0, changes=0, skipped={}, broken=0)
"""What a report says that is of no records."""


def run_cycle(tools: Tools, policy: Policy, *, postponed: bool = False) -> RunReport:
    """Read the sources, confirm, prove, propose, remember, and acknowledge the sources last.

    With `postponed`, the events that an earlier cycle could not settle are looked at again. Raises ReconcilerError only
    before anything was decided; later failures are `problems` of the report.
    """
    started = tools.now()
    intake = collect(tools.sources, policy.trust, tools.ledger, postponed=postponed)
    tally, problems = intake.tally, list(intake.problems)
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    indexing = Indexing(tools)
    if policy.predict and intake.news:
        _foretell(intake, indexing, tools, policy)
    settling = settle(intake.events, intake.watched, policy.settle, tools.now())
    if settling.until is not None and not policy.hold:
        settling = _wait(intake, settling.until, tools)
        indexing = Indexing(tools)  # states move meanwhile
    known = _known(intake, settling, indexing, tools)
    past: Mapping[str, Past] = {}
    if settling.ready or known:
        with indexing.opened() as opened:
            doubts = doubts_of(opened, tools)
            gathered = gather(settling.ready, opened.index, doubts, policy.rules, intake.trusted, known)
            past = recall(known, intake.trusted, opened.index, gathered.concerns, intake.events)
            jobs = jobs_of(gathered.concerns, settling.held, past, opened, tools)
        problems += opened.unread.values() if settling.ready else ()
        findings += gathered.findings
        tally = gathered.recount(tally)
        if findings and jobs:
            tools.known(make_report(started, tools, NO_EVENTS, PlanTally(), findings, ()))
        tell = partial(_tell, started, tools)
        outcomes = in_parallel(partial(do, tools, policy), jobs, policy.parallelism, tools.stop, tell)
    findings += [finding for outcome in outcomes for finding in outcome.findings]
    problems += [problem for outcome in outcomes for problem in outcome.problems]
    plans = reduce(add, (outcome.plans for outcome in outcomes), PlanTally())
    report = make_report(started, tools, _without(tally, settling), plans, findings, problems)
    report = replace(report, held_until=settling.until)
    # What was found is worth more than the memory of it; the events come again.
    return _remember(report, intake, settling, past, tools, policy)


def add(plans: PlanTally, others: PlanTally) -> PlanTally:
    """Return the sum of two tallies."""
    return PlanTally(
        refresh_only=plans.refresh_only + others.refresh_only,
        full=plans.full + others.full,
        proof=plans.proof + others.proof,
    )


def _tell(started: datetime, tools: Tools, outcome: Outcome, left: int) -> None:
    """Tell what became of one job while others are at work; the last one is told with the whole."""
    counted = Counter(finding.status for finding in outcome.findings)
    found = ", ".join(f"{number} {status}" for status, number in counted.items())
    tools.progress(f"{outcome.workspace}: {found or 'nothing found'}{f'; {left} more to come' if left else ''}")
    if left:
        tools.known(make_report(started, tools, NO_EVENTS, outcome.plans, outcome.findings, outcome.problems))


def make_report(
    started: datetime,
    tools: Tools,
    tally: EventTally,
    plans: PlanTally,
    findings: Sequence[Finding],
    problems: Sequence[str],
) -> RunReport:
    """Return a run's report, the gravest findings first and each problem once."""
    from reconciler.report import sorted_findings

    return RunReport(
        started_at=started,
        finished_at=tools.now(),
        events=tally,
        plans=plans,
        findings=tuple(sorted_findings(findings)),
        problems=tuple(dict.fromkeys(problems)),
    )


def _foretell(intake: Intake, indexing: Indexing, tools: Tools, policy: Policy) -> None:
    """Tell what the events should have done, before anything is waited for."""
    from reconciler.pipeline.predictions import tell_predictions

    try:
        with indexing.opened() as opened:
            concerns = gather(intake.events, opened.index, Doubts()).concerns
            past = recall((), intake.trusted, opened.index)
        tell_predictions(concerns, past, intake.news, tools, policy)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        # States and records may say anything. What is only foretold must not cost the plan that tells.
        _LOG.exception("a bug in reconciler; please report it with this")


def _wait(intake: Intake, until: datetime, tools: Tools) -> Settling:
    """Wait until what sources brought has settled, where unsettled events may not be held for a later cycle."""
    seconds = (until - tools.now()).total_seconds()
    tools.progress(f"waiting {seconds:.0f} s for the newest change to settle")
    tools.wait(max(0.0, seconds))
    return Settling(ready=intake.events, held=(), until=None)


def _without(tally: EventTally, settling: Settling) -> EventTally:
    """Leave held events out: they are counted in the cycle that looks at them."""
    held = len(settling.held)
    return replace(tally, read=tally.read - held, changes=tally.changes - held)


def _known(intake: Intake, settling: Settling, indexing: Indexing, tools: Tools) -> Sequence[JsonObject]:
    """Return the ledger's findings of the workspaces that the events name, and of strays; raises LedgerError.

    Read while the index is closed: it may be in the same file, which only one opens at a time.
    """
    events = (*settling.ready, *intake.trusted)
    if tools.ledger is None or not events:
        return ()
    with indexing.opened() as opened:
        matches = [match for event in events for match in match_event(event, opened.index)]
    named = {match.workspace for match in matches if isinstance(match, Target)}
    return (*tools.ledger.strays(), *tools.ledger.findings_of(named))


def _remember(
    report: RunReport,
    intake: Intake,
    settling: Settling,
    past: Mapping[str, Past],
    tools: Tools,
    policy: Policy,
) -> RunReport:
    """Store the cycle, then acknowledge the sources; returns the report with what failed there.

    What could not be settled, or has not settled yet, is kept in the ledger: it holds back neither the feeds nor other
    workspaces.
    """
    if tools.ledger is None:
        return report
    from reconciler.report import run_json

    handled, waiting = leave(intake, report.findings, settling.held)
    listed = policy.list_quiet or not report.is_old_news(policy.told)
    amended = [finding for known in past.values() for finding in overtaken(known)]
    try:
        if amended:
            tools.ledger.amend(amended)
        if listed or handled or waiting or intake.cursors:
            told = run_json(report, show_environment=policy.show_environment)
            tools.ledger.store(told, handled, intake.cursors, waiting, listed=listed)
    except LedgerError as error:
        return replace(report, problems=(*report.problems, str(error)), stored=False)
    return replace(report, problems=(*report.problems, *_acknowledge(tools.sources)))


def _acknowledge(sources: Sequence[EventSource]) -> Iterator[str]:
    for source in sources:
        try:
            source.acknowledge()
        except SourceError as error:
            yield str(error)
