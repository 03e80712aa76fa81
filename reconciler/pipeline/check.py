"""One workspace: the refresh-only plan confirms, the full plan tells dispositions, each concern gets its finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.drift import attribute_events, dispose, planned_changes, read_drifts, severity_of
from reconciler.errors import ReconcilerError, StateError
from reconciler.match import StateIndex, build_index
from reconciler.model import (
    ChangeEvent,
    Configuration,
    Drift,
    Finding,
    JsonObject,
    PlanTally,
    ResourceId,
    State,
    StateSummary,
    Workspace,
)
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.findings import fingerprint, sentence, status_of
from reconciler.pipeline.reasons import complete, note_unread, weigh
from reconciler.pipeline.refresh import Refreshed, refuse_locked_state
from reconciler.pipeline.relations import concerning_ecs, served, without_mirrors
from reconciler.pipeline.revisions import (
    Revision,
    Revisions,
    note_on_revision,
    running_revisions,
    tell_revisions,
)
from reconciler.pipeline.tools import Policy, Tools
from reconciler.remedy.ignore_changes import ignored_attributes, unread_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A finding about a drift, with what a remedy needs to know of it.

    `drift` holds the address's own changes; those inside a task definition that it moved to are the revision's.
    `unread` says why that one could not be looked at in AWS.
    """

    finding: Finding
    drift: Drift
    revision: Revision | None = None
    unread: str | None = None


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
    try:
        drifts = read_drifts(plan.json) if plan.changed else ()
        if not drifts:
            return Checked(workspace=workspace, settled=_healed(concerns, ()), plans=tally)
        state = _unmoved_state(workspace, known, tools)
        index = build_index([state], {workspace.name: workspace.account})
        drifts = concerning_ecs(drifts, concerns, index, workspace.name)
        if not drifts:
            return Checked(workspace=workspace, settled=_healed(concerns, ()), plans=tally)
        if all(drift.deleted for drift in drifts):
            # The provider takes two minutes to believe that a service is gone, in every plan: one tells all there is.
            return _deleted(drifts, workspace, concerns, index, running_revisions(state, drifts), tools, policy, tally)
        tally = PlanTally(refresh_only=1, full=1)
        places = f"{len(drifts)} address{'' if len(drifts) == 1 else 'es'}"
        tools.progress(f"{workspace.name}: drift at {places}; terraform plan")
        full_plan = tools.terraform.plan(workspace, "full", show="always").json
        if plan.targets:  # a full plan is of the whole, and tells its drift too
            drifts = concerning_ecs(read_drifts(full_plan), concerns, index, workspace.name)
        configuration = tools.read_configuration(workspace.path)
        disposed = without_mirrors(dispose(drifts, full_plan, ignored_attributes(configuration)), concerns)
    except (ReconcilerError, OSError) as error:
        return unchecked(workspace, concerns, sentence(error), tally)
    running = running_revisions(state, drifts)
    revisions = Revisions(workspace, index, full_plan, tools.task_definitions, running)
    planned = planned_changes(full_plan)
    found = (_confirm(drift, workspace, concerns, index, revisions, planned, policy) for drift in disposed)
    unread = unread_files(configuration)
    confirmed = tuple(replace(item, finding=note_unread(item.finding, unread)) for item in found)
    return Checked(
        workspace=workspace,
        settled=_healed(concerns, confirmed),
        plans=tally,
        confirmed=confirmed,
        state=state,
        full_plan=full_plan,
        configuration=configuration,
        problems=tuple(revisions.problems),
    )


def without(checked: Checked, held: Collection[str]) -> Checked:
    """Return the outcome without what drifted at addresses where somebody is still at work: a later cycle tells it."""
    return replace(checked, confirmed=tuple(c for c in checked.confirmed if c.drift.state_address not in held))


def unchecked(workspace: Workspace, concerns: Sequence[Concern], reason: str, plans: PlanTally) -> Checked:
    """Return the outcome of a workspace that could not be looked at."""
    findings = tuple(_not_checked(concern, reason) for concern in concerns)
    return Checked(workspace=workspace, settled=findings, plans=plans, problems=(reason,))


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


def _deleted(
    drifts: Sequence[Drift],
    workspace: Workspace,
    concerns: Sequence[Concern],
    index: StateIndex,
    running: Mapping[str, str],
    tools: Tools,
    policy: Policy,
    tally: PlanTally,
) -> Checked:
    revisions = Revisions(workspace, index, {}, tools.task_definitions, running)
    confirmed = tuple(_confirm(drift, workspace, concerns, index, revisions, {}, policy) for drift in drifts)
    return Checked(workspace=workspace, settled=_healed(concerns, confirmed), plans=tally, confirmed=confirmed)


def _confirm(
    drift: Drift,
    workspace: Workspace,
    concerns: Sequence[Concern],
    index: StateIndex,
    revisions: Revisions,
    planned: Mapping[str, PlannedChange],
    policy: Policy,
) -> Confirmed:
    every_event = [event for concern in concerns for event in concern.events]
    revision = revisions.of(drift, every_event)
    own = [concern for concern in concerns if concern.target.address == drift.state_address]
    # Within one second, a revision is registered before a service moves to it.
    events = _in_order(
        [*(revision.events if revision else ()), *(event for concern in own for event in concern.events)]
    )
    whole = replace(drift, changes=(*drift.changes, *(revision.changes if revision else ())))
    whole = attribute_events(whole, events)
    status, reason = status_of(whole, planned.get(drift.address))
    reason = served(own, reason)
    severity, rule, because = weigh(status, severity_of(whole, policy.rules, policy.registries))
    note = note_on_revision(drift, revision, revisions.running)
    reason = complete(status, reason, whole, because, planned.get(drift.address), *([note] if note else []))
    entry = index.at(workspace.name, drift.state_address)
    finding = Finding(
        fingerprint=fingerprint(workspace.name, drift.address, whole.changes),
        status=status,
        reason=reason,
        workspace=workspace.name,
        address=drift.address,
        resource_type=drift.type,
        identity=entry.identity if entry else ResourceId(type=drift.type),
        severity=severity,
        rule=rule,
        changes=whole.changes,
        events=events,
    )
    own_changes = len(drift.changes)
    return Confirmed(
        finding=finding,
        drift=replace(whole, changes=whole.changes[:own_changes]),
        revision=replace(revision, changes=whole.changes[own_changes:]) if revision else None,
        unread=revisions.unread(drift),
    )


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


def _not_checked(concern: Concern, reason: str) -> Finding:
    return _finding(concern, "not_checked", reason)


def _finding(concern: Concern, status: str, reason: str) -> Finding:
    target = concern.target
    checked = status == "healed"
    return Finding(
        fingerprint=fingerprint(target.workspace, target.address, ()),
        status="healed" if checked else "not_checked",
        reason=reason,
        workspace=target.workspace,
        address=target.address,
        resource_type=target.identity.type,
        identity=target.identity,
        severity="info" if checked else concern.events[-1].severity,
        events=concern.events,
    )


def _is_task_definition(concern: Concern) -> bool:
    return concern.target.identity.type == "aws_ecs_task_definition"


def _in_order(events: Sequence[ChangeEvent]) -> tuple[ChangeEvent, ...]:
    unique: Mapping[str, ChangeEvent] = {event.id: event for event in events}
    return tuple(sorted(unique.values(), key=lambda event: event.time))
