"""One workspace: its plans are compared, and each concern gets its finding."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from reconciler.drift import planned_changes
from reconciler.errors import ReconcilerError
from reconciler.model import (
    ChangeEvent,
    Finding,
    PlanTally,
    ResourceId,
    State,
    StateSummary,
    Status,
    Workspace,
)
from reconciler.pipeline.checked import Checked
from reconciler.pipeline.compare import Comparison, Seen
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.confirm import Confirmed, Evidence
from reconciler.pipeline.findings import fingerprint, gravest, sentence
from reconciler.pipeline.past import NOTHING, Past
from reconciler.pipeline.refresh import Refreshed
from reconciler.pipeline.revisions import Revisions, running_revisions, tell_revisions
from reconciler.pipeline.scope import WHOLE, Scope
from reconciler.pipeline.stood import with_what_stood
from reconciler.pipeline.tools import Policy, Tools
from reconciler.pipeline.unseen import with_unseen
from reconciler.remedy.ignore_changes import unread_files


def check_workspace(
    workspace: Workspace,
    known: State | StateSummary,
    refreshed: Refreshed,
    concerns: Sequence[Concern],
    tools: Tools,
    policy: Policy,
    scope: Scope = WHOLE,
    past: Past = NOTHING,
) -> Checked:
    """Say what became of every concern, and what else drifted in `scope`, by one refresh-only plan.

    `known` is the state that the concerns were found in. A plan that failed, or a state that moved while it was
    planned, makes every concern `not_checked`; nothing is raised for it. What stood before, and the plan looked at and
    finds nothing of, is `healed`.
    """
    tally = PlanTally(refresh_only=int(refreshed.begun))
    if refreshed.plan is None:
        return unchecked(workspace, concerns, refreshed.reason, tally)
    comparison = Comparison(workspace, concerns, tools, scope, past)
    try:
        seen = comparison.compare(refreshed.plan, known)
    except (ReconcilerError, OSError) as error:
        return unchecked(workspace, concerns, sentence(error), replace(tally, full=comparison.full_plans))
    tally = replace(tally, full=comparison.full_plans)
    if seen is None:
        checked = Checked(workspace=workspace, settled=_healed(concerns, ()), plans=tally)
    else:
        checked = replace(_confirm(workspace, seen, concerns, tools, policy, tally, past), known=known)
    state = checked.state
    settled = (with_unseen(each, past, lambda: state or tools.states.read(workspace)) for each in checked.settled)
    checked = replace(checked, settled=tuple(settled))
    return with_what_stood(checked, refreshed.plan, comparison, tools, scope, past)


def without(checked: Checked, held: Collection[str]) -> Checked:
    """Return the outcome without what drifted at addresses where somebody is still at work: a later cycle tells it."""
    return replace(
        checked,
        settled=tuple(
            each for each in checked.settled if each.events or each.status != "healed" or each.address not in held
        ),
        confirmed=tuple(c for c in checked.confirmed if c.drift.state_address not in held),
    )


def readdressed(checked: Checked, past: Past) -> Checked:
    """Return the outcome with the other addresses that earlier runs told the same by."""
    return replace(
        checked,
        settled=tuple(_readdressed(each, each.address or "", past) for each in checked.settled),
        confirmed=tuple(
            replace(each, finding=_readdressed(each.finding, each.drift.state_address, past))
            for each in checked.confirmed
        ),
    )


def _readdressed(finding: Finding, state_address: str, past: Past) -> Finding:
    return replace(finding, formerly=past.formerly(state_address, finding.address or ""))


def unchecked(workspace: Workspace, concerns: Sequence[Concern], reason: str, plans: PlanTally) -> Checked:
    """Return the outcome of a workspace that could not be looked at."""
    findings = tuple(_finding(concern, "not_checked", reason) for concern in concerns)
    return Checked(workspace=workspace, settled=findings, plans=plans, problems=(reason,))


def _confirm(
    workspace: Workspace,
    seen: Seen,
    concerns: Sequence[Concern],
    tools: Tools,
    policy: Policy,
    plans: PlanTally,
    past: Past,
) -> Checked:
    full_plan = seen.full.json if seen.full else None
    revisions = Revisions(
        workspace,
        seen.index,
        seen.told,
        tools.task_definitions,
        running_revisions(seen.state, seen.drifts),
        tools.read_configuration,
    )
    evidence = Evidence(
        workspace=workspace.name,
        concerns=concerns,
        index=seen.index,
        revisions=revisions,
        planned={**seen.forgotten, **planned_changes(seen.told)},
        plan=seen.told,
        unread=unread_files(seen.configuration) if seen.configuration else {},
        past=past,
    )
    confirmed = tuple(evidence.confirm(drift, policy) for drift in seen.drifts)
    doubted = (_doubted(address, doubt, seen, concerns) for address, doubt in seen.doubts.items())
    told = {item.drift.state_address for item in confirmed}.union(seen.doubts)
    return Checked(
        workspace=workspace,
        settled=(*_healed([each for each in concerns if each.target.address not in told], confirmed), *doubted),
        plans=plans,
        confirmed=confirmed,
        state=seen.state,
        full_plan=full_plan,
        targets=seen.full.targets if seen.full else (),
        configuration=seen.configuration,
        problems=(*revisions.problems, *seen.doubts.values()),
    )


def _healed(concerns: Sequence[Concern], confirmed: Sequence[Confirmed]) -> tuple[Finding, ...]:
    # A revision that a service moved to is told with the service, what a call did to another family is not.
    told = {(event.id, each.finding.identity.family) for each in confirmed for event in each.finding.events}
    left = (
        replace(concern, events=tuple(event for event in concern.events if not _is_told(event, concern, told)))
        if _is_task_definition(concern)
        else concern
        for concern in concerns
    )
    return tuple(_heal(concern) for concern in left if concern.events)


def _is_told(event: ChangeEvent, concern: Concern, told: Collection[tuple[str, str | None]]) -> bool:
    return not {(event.id, None), (event.id, concern.target.identity.family)}.isdisjoint(told)


def _heal(concern: Concern) -> Finding:
    revisions = tell_revisions(concern.target.identity.family, concern.events) if _is_task_definition(concern) else None
    reason = revisions or "the resource is as its state says: nothing drifted, or it has been put right since"
    return _finding(concern, "healed", reason)


def _finding(concern: Concern, status: Status, reason: str) -> Finding:
    target = concern.target
    return Finding(
        fingerprint=fingerprint(target.workspace, target.address, ()),
        status=status,
        reason=reason,
        workspace=target.workspace,
        address=target.address,
        resource_type=target.identity.type,
        identity=target.identity,
        severity="info" if status == "healed" else gravest(concern.events),
        events=concern.events,
    )


def _doubted(address: str, doubt: str, seen: Seen, concerns: Sequence[Concern]) -> Finding:
    named = next((concern for concern in concerns if concern.target.address == address), None)
    if named is not None:
        return _finding(named, "not_checked", doubt)
    entry = seen.index.at(seen.state.workspace, address)
    identity = entry.identity if entry else ResourceId(type=None)
    return Finding(
        fingerprint=fingerprint(seen.state.workspace, address, ()),
        status="not_checked",
        reason=doubt,
        workspace=seen.state.workspace,
        address=address,
        resource_type=identity.type,
        identity=identity,
        severity="high",
    )


def _is_task_definition(concern: Concern) -> bool:
    return concern.target.identity.type == "aws_ecs_task_definition"
