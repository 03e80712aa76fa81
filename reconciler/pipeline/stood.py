"""What earlier runs told of a workspace, beside what its plans tell now: it stands on, or it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.errors import ReconcilerError
from reconciler.model import Finding, JsonObject, Plan
from reconciler.pipeline.findings import gravest, sentence
from reconciler.pipeline.past import Past
from reconciler.pipeline.put_right import ended_finding, put_right
from reconciler.pipeline.scope import Scope
from reconciler.pipeline.tools import Tools

if TYPE_CHECKING:
    from reconciler.pipeline.check import Checked
    from reconciler.pipeline.compare import Comparison


def with_what_stood(
    checked: Checked, plan: Plan, comparison: Comparison, tools: Tools, scope: Scope, past: Past
) -> Checked:
    """Return the outcome with what stood before, and the refresh-only `plan` looked at and finds no more.

    A call on what still stands ends nothing; where nobody can tell, what the call was about is `not_checked`.
    """
    told = {finding.address for finding in checked.settled if finding.status != "healed"}
    told |= {address for item in checked.confirmed for address in (item.drift.address, item.drift.state_address)}
    left = {
        address: finding
        for address, finding in past.drifted().items()
        if address not in told and scope.covers(address) and (not plan.targets or address in plan.targets)
    }
    if not left:
        return checked
    errors: list[str] = []

    def plan_fully() -> JsonObject | None:
        # What is gone would make a full plan wait for minutes, and a narrowed one was made for other addresses.
        if checked.state is not None and (checked.full_plan is None or checked.targets):
            return None
        try:
            return checked.full_plan or comparison.plan_as_it_is(plan.targets)
        except (ReconcilerError, OSError) as error:
            errors.append(sentence(error))
            return None

    name, ended = checked.workspace.name, {}
    try:
        ended = dict(put_right(left, checked.state or tools.states.read(checked.workspace), past, plan_fully))
    except (ReconcilerError, OSError) as error:
        errors.append(sentence(error))
    for each in errors:
        tools.progress(f"{name}: what stood before stands on: {each}")
    known = {finding.address for finding in checked.settled}
    new = (ended_finding(name, address, left[address], why) for address, why in ended.items() if address not in known)
    settled, unsure = _without_calls_on(left.keys() - ended.keys(), checked.settled, errors)
    return replace(
        checked,
        settled=(*settled, *unsure, *new),
        plans=replace(checked.plans, full=comparison.full_plans),
        problems=(*checked.problems, *(errors if unsure else ())),
    )


def _without_calls_on(
    standing: set[str], settled: Sequence[Finding], errors: Sequence[str]
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that end nothing of what stands on, and those that nobody can tell of for an error."""
    calls = [each for each in settled if each.status == "healed" and each.address in standing]
    unsure = [
        replace(each, status="not_checked", reason=why, severity=gravest(each.events))
        for each in calls
        for why in errors[:1]
    ]
    return [each for each in settled if each not in calls], unsure


def with_open_proposals(checked: Checked, past: Past) -> Checked:
    """Return the outcome in which what is healed names the pull request that an earlier run opened for it.

    Nothing closes it, and merged it would bring what was put right into the code.
    """
    return replace(checked, settled=tuple(_with_open_proposal(each, past) for each in checked.settled))


def _with_open_proposal(finding: Finding, past: Past) -> Finding:
    known = past.standing.get(finding.address or "") if finding.status == "healed" else None
    proposal = (known or {}).get("remedy", {}).get("pull_request")
    if not proposal:
        return finding
    reason = f"its pull request, {proposal.get('branch')}, is open and would bring what drifted into the code: close it"
    return replace(finding, reason=f"{finding.reason}; {reason}")
