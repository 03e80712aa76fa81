"""What a cycle has to do in one workspace: plan it, confirm, propose.

What only the result of a plan needs is imported where it is used: terraform starts sooner.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reconciler.errors import ReconcilerError
from reconciler.model import ChangeEvent, Finding, PlanTally, StateSummary, Workspace
from reconciler.pipeline.concerns import Concern, addresses, gather
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.narrow import narrow, tell
from reconciler.pipeline.past import NOTHING, Past
from reconciler.pipeline.refresh import refresh
from reconciler.pipeline.scope import WHOLE, Scope
from reconciler.pipeline.states import OpenedIndex
from reconciler.pipeline.tools import Policy, Tools

if TYPE_CHECKING:
    from reconciler.pipeline.checked import Checked
    from reconciler.pipeline.propose import Proposed

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A workspace with its concerns, in the state that they were found in.

    `targets` are the addresses to plan, none for the whole workspace; `held` those where somebody is still at work.
    `scope` parts a workspace's jobs, where it has two; `past` is what is known of it beside its concerns.
    """

    workspace: Workspace
    state: StateSummary
    concerns: Sequence[Concern]
    targets: Sequence[str]
    held: Collection[str]
    scope: Scope = WHOLE
    past: Past = NOTHING


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job."""

    workspace: str
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    plans: PlanTally


def jobs_of(
    concerns: Mapping[str, Sequence[Concern]],
    held: Sequence[ChangeEvent],
    past: Mapping[str, Past],
    opened: OpenedIndex,
    tools: Tools,
) -> list[Job]:
    """Return a job for each workspace that has concerns, in the order to do them; `held` are the unsettled events.

    A workspace where a service was deleted, now or before, beside other changes has two jobs: a quick one for what need
    not wait.
    """
    busy = addresses(gather(held, opened.index, Doubts()))
    jobs = []
    for name, found in concerns.items():
        known = past.get(name, NOTHING)
        whole = Job(
            workspace=tools.workspaces[name],
            state=opened.summaries[name],
            concerns=found,
            targets=narrow(opened.summaries[name], found, opened.index),
            held=busy.get(name, frozenset()),
            scope=Scope(deleted=_deleted(found, known)),
            past=known,
        )
        jobs += _parted(whole, opened, tools) if whole.scope.deleted else [whole]
    return sorted(jobs, key=lambda job: (bool(job.scope.deleted) and not job.scope.only, job.workspace.name))


def _deleted(concerns: Sequence[Concern], past: Past) -> frozenset[str]:
    """Return the addresses of services that are gone: by these events, or by earlier ones where these do not tell."""
    named = {concern.target.address for concern in concerns}
    now = {concern.target.address for concern in concerns if _is_slow(concern)}
    return frozenset(now | (past.gone("aws_ecs_service") - named))


def _parted(whole: Job, opened: OpenedIndex, tools: Tools) -> list[Job]:
    """Return the quick job and the slow one, or the whole where everything must wait for what is gone."""
    if all(map(_is_slow, whole.concerns)):
        return [whole]
    from reconciler.pipeline.apart import Apart

    try:
        state = tools.states.read(whole.workspace)
    except (ReconcilerError, OSError):
        return [whole]  # the plan will say so
    deleted = whole.scope.deleted
    apart = Apart(state, deleted)
    around = [
        (concern, apart.surroundings(concern.target.address, moved=_is_moved(concern))) for concern in whole.concerns
    ]
    quick = [concern for concern, found in around if found]
    slow = [concern for concern, found in around if not found]
    if not quick:
        return [whole]
    targets = frozenset(address for _, found in around for address in found or ())
    return [
        replace(whole, concerns=quick, targets=sorted(targets), scope=Scope(only=targets, deleted=deleted)),
        replace(
            whole,
            concerns=slow,
            targets=narrow(whole.state, slow, opened.index),
            scope=Scope(elsewhere=targets, deleted=deleted),
        ),
    ]


def do(tools: Tools, policy: Policy, job: Job) -> Outcome:
    """Check a workspace, and propose what was confirmed; raises nothing."""
    checked, proposed = _do(tools, policy, job)
    if proposed is None:
        return Outcome(job.workspace.name, checked.settled, checked.problems, checked.plans)
    return Outcome(
        workspace=job.workspace.name,
        findings=(*checked.settled, *proposed.findings),
        problems=(*checked.problems, *proposed.problems),
        plans=replace(checked.plans, proof=proposed.proofs),
    )


def _do(tools: Tools, policy: Policy, job: Job) -> tuple[Checked, Proposed | None]:
    plans = PlanTally()
    try:
        refreshed = refresh(job.workspace, tools, job.targets)
        plans = PlanTally(refresh_only=int(refreshed.begun))
        from reconciler.pipeline.check import check_workspace, readdressed, without
        from reconciler.pipeline.stood import with_open_proposals

        checked = check_workspace(job.workspace, job.state, refreshed, job.concerns, tools, policy, job.scope, job.past)
        if not job.scope.only:  # what a quick job leaves out, the slow one looks at
            checked = tell(checked, refreshed.plan, job.state)
        checked = with_open_proposals(readdressed(without(checked, job.held), job.past), job.past)
        if not checked.confirmed:
            return checked, None
        from reconciler.pipeline.propose import propose

        return checked, propose(checked, tools, policy)
    except Exception as error:
        from reconciler.pipeline.check import unchecked

        # One workspace's surprise must not take the others' findings along, nor come back in every cycle.
        _LOG.exception("a bug in reconciler; please report it with this")
        bug = f"a bug in reconciler ({type(error).__name__})"
        reason = f"{job.workspace.name} could not be checked because of {bug}"
        return unchecked(job.workspace, job.concerns, reason, plans), None


def _is_slow(concern: Concern) -> bool:
    """Tell whether a service was deleted and not made again: a plan of it then takes two minutes."""
    steps = [event.name for event in concern.events if event.name in ("CreateService", "DeleteService")]
    return steps[-1:] == ["DeleteService"]


def _is_moved(concern: Concern) -> bool:
    """Tell whether a service may have been moved to another revision."""
    return any("task_definition" in event.requested for event in concern.events)
