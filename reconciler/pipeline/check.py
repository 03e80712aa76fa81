"""One workspace: the refresh-only plan confirms, the full plan tells dispositions, each concern gets its finding."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reconciler.drift import dispose, planned_changes, read_drifts
from reconciler.errors import ReconcilerError, StateError
from reconciler.match import build_index
from reconciler.model import (
    Configuration,
    Drift,
    Finding,
    JsonObject,
    PlanTally,
    State,
    StateSummary,
    Status,
    Workspace,
)
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.confirm import Confirmed, Evidence
from reconciler.pipeline.findings import fingerprint, sentence
from reconciler.pipeline.refresh import Refreshed, refuse_locked_state
from reconciler.pipeline.relations import concerning_ecs, without_mirrors
from reconciler.pipeline.revisions import Revisions, running_revisions, tell_revisions
from reconciler.pipeline.tools import Policy, Tools
from reconciler.remedy.ignore_changes import ignored_attributes, unread_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one workspace's plans told. `confirmed` may get a remedy; `settled` are final.

    Without a full plan (nothing drifted, or everything that did is gone) no remedy is sought.
    """

    workspace: Workspace
    settled: tuple[Finding, ...]
    plans: PlanTally
    confirmed: tuple[Confirmed, ...] = ()
    state: State | None = None
    full_plan: JsonObject | None = None
    configuration: Configuration | None = None
    problems: tuple[str, ...] = ()


def check_workspace(
    workspace: Workspace,
    known: State | StateSummary,
    refreshed: Refreshed,
    concerns: Sequence[Concern],
    tools: Tools,
    policy: Policy,
) -> Checked:
    """Say what became of every concern, by one refresh-only plan whatever the number of events.

    `known` is the state that the concerns were found in. A plan that failed, or a state that moved while it was
    planned, makes every concern `not_checked`; nothing is raised for it.
    """
    tally = PlanTally(refresh_only=int(refreshed.begun))
    plan = refreshed.plan
    if plan is None:
        return unchecked(workspace, concerns, refreshed.reason, tally)
    full_plan: JsonObject | None = None
    configuration: Configuration | None = None
    try:
        drifts = read_drifts(plan.json) if plan.changed else ()
        if not drifts:
            return Checked(workspace=workspace, settled=_healed(concerns, ()), plans=tally)
        state = _unmoved_state(workspace, known, tools)
        index = build_index([state], {workspace.name: workspace.account})
        drifts = concerning_ecs(drifts, concerns, index, workspace.name)
        # The provider takes two minutes to believe that a service is gone, in every plan: one tells all there is.
        if not all(drift.deleted for drift in drifts):
            tally = replace(tally, full=1)
            full_plan = _plan_fully(workspace, drifts, tools)
            state = _unmoved_state(workspace, state, tools)
            configuration = tools.read_configuration(workspace.path)
            # A full plan is of the whole, and newer: somebody may have put things right since, or changed them again.
            drifts = concerning_ecs(read_drifts(full_plan), concerns, index, workspace.name)
            drifts = without_mirrors(dispose(drifts, full_plan, ignored_attributes(configuration)), concerns)
    except (ReconcilerError, OSError) as error:
        return unchecked(workspace, concerns, sentence(error), tally)
    running = running_revisions(state, drifts)
    revisions = Revisions(workspace, index, full_plan or {}, tools.task_definitions, running)
    evidence = Evidence(
        workspace=workspace.name,
        concerns=concerns,
        index=index,
        revisions=revisions,
        planned=planned_changes(full_plan) if full_plan else {},
        unread=unread_files(configuration) if configuration else {},
    )
    confirmed = tuple(evidence.confirm(drift, policy) for drift in drifts)
    return Checked(
        workspace=workspace,
        settled=_healed(concerns, confirmed),
        plans=tally,
        confirmed=confirmed,
        state=state,
        full_plan=full_plan,
        configuration=configuration,
        problems=revisions.problems,
    )


def without(checked: Checked, held: Collection[str]) -> Checked:
    """Return the outcome without what drifted at addresses where somebody is still at work: a later cycle tells it."""
    return replace(checked, confirmed=tuple(c for c in checked.confirmed if c.drift.state_address not in held))


def unchecked(workspace: Workspace, concerns: Sequence[Concern], reason: str, plans: PlanTally) -> Checked:
    """Return the outcome of a workspace that could not be looked at."""
    findings = tuple(_finding(concern, "not_checked", reason) for concern in concerns)
    return Checked(workspace=workspace, settled=findings, plans=plans, problems=(reason,))


def _plan_fully(workspace: Workspace, drifts: Sequence[Drift], tools: Tools) -> JsonObject:
    places = f"{len(drifts)} address{'' if len(drifts) == 1 else 'es'}"
    tools.progress(f"{workspace.name}: drift at {places}; terraform plan")
    return tools.terraform.plan(workspace, "full", show="always").json


def _unmoved_state(workspace: Workspace, known: State | StateSummary, tools: Tools) -> State:
    """Return the state; raises StateError when an apply has written it meanwhile: its changes would look like drift."""
    # In this order: an apply writes the state before it gives the lock back.
    refuse_locked_state(workspace, tools)
    now = tools.states.read(workspace)
    if (now.lineage, now.serial) != (known.lineage, known.serial):
        raise StateError(
            f"the state of {workspace.name} moved from serial {known.serial} to {now.serial} while it was planned: "
            "terraform apply is at work there; the next run looks again"
        )
    return now


def _healed(concerns: Sequence[Concern], confirmed: Sequence[Confirmed]) -> tuple[Finding, ...]:
    drifted = {item.drift.state_address for item in confirmed}
    told = {event.id for item in confirmed for event in item.finding.events}
    left = (
        # A revision that a service moved to is told with the service.
        replace(concern, events=tuple(event for event in concern.events if event.id not in told))
        if _is_task_definition(concern)
        else concern
        for concern in concerns
        if concern.target.address not in drifted
    )
    return tuple(_heal(concern) for concern in left if concern.events)


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
        severity="info" if status == "healed" else concern.events[-1].severity,
        events=concern.events,
    )


def _is_task_definition(concern: Concern) -> bool:
    return concern.target.identity.type == "aws_ecs_task_definition"
