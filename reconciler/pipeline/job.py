"""What a cycle has to do in one workspace: plan it, confirm, propose.

What only the result of a plan needs is imported where it is used: terraform starts sooner.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.model import ChangeEvent, PlanTally, StateSummary, Workspace
from reconciler.pipeline.concerns import Concern, addresses, gather
from reconciler.pipeline.narrow import narrow, tell
from reconciler.pipeline.refresh import refresh
from reconciler.pipeline.states import OpenedIndex
from reconciler.pipeline.tools import Policy, Tools

if TYPE_CHECKING:
    from reconciler.pipeline.check import Checked
    from reconciler.pipeline.propose import Proposed

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A workspace with its concerns, in the state that they were found in.

    `targets` are the addresses to plan, none for the whole workspace; `held` those where somebody is still at work.
    """

    workspace: Workspace
    state: StateSummary
    concerns: Sequence[Concern]
    targets: Sequence[str]
    held: Collection[str]


def jobs_of(
    concerns: Mapping[str, Sequence[Concern]], held: Sequence[ChangeEvent], opened: OpenedIndex, tools: Tools
) -> list[Job]:
    """Return a job for each workspace that has concerns, in the order to do them; `held` are the unsettled events."""
    busy = addresses(gather(held, opened.index, {}))
    jobs = (
        Job(
            workspace=tools.workspaces[name],
            state=opened.summaries[name],
            concerns=found,
            targets=narrow(opened.summaries[name], found, opened.index),
            held=busy.get(name, frozenset()),
        )
        for name, found in concerns.items()
    )
    return sorted(jobs, key=lambda job: (_is_slow(job), job.workspace.name))


def do(tools: Tools, policy: Policy, job: Job) -> tuple[Checked, Proposed | None]:
    """Check a workspace, and propose what was confirmed; raises nothing."""
    try:
        refreshed = refresh(job.workspace, tools, job.targets)
        from reconciler.pipeline.check import check_workspace, without

        checked = check_workspace(job.workspace, job.state, refreshed, job.concerns, tools, policy)
        checked = without(tell(checked, refreshed.plan, job.state), job.held)
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
        return unchecked(job.workspace, job.concerns, reason, PlanTally()), None


def _is_slow(job: Job) -> bool:
    """Tell whether a service was deleted: a plan then takes two minutes."""
    return any(event.name == "DeleteService" for concern in job.concerns for event in concern.events)
