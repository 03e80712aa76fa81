"""What earlier runs told of a workspace, beside what its plans tell now: it stands on, or it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from reconciler.errors import ReconcilerError
from reconciler.model import Finding, JsonObject, Plan, render_path
from reconciler.pipeline.findings import gravest, sentence
from reconciler.pipeline.past import Past
from reconciler.pipeline.put_right import ended_finding, put_right
from reconciler.pipeline.scope import Scope
from reconciler.pipeline.tools import Tools

if TYPE_CHECKING:
    from reconciler.pipeline.checked import Checked
    from reconciler.pipeline.compare import Comparison

_SETTLED = frozenset({"matching", "ignored"})


def with_what_stood(
    checked: Checked, plan: Plan, comparison: Comparison, tools: Tools, scope: Scope, past: Past
) -> Checked:
    """Return the outcome with what stood before, and the refresh-only `plan` looked at and finds no more.

    A call on what still stands ends nothing; where nobody can tell, what the call was about is `not_checked`.
    """
    left = {
        address: finding
        for address, finding in _untold(checked, past).items()
        if scope.covers(address) and (not plan.targets or address in plan.targets)
    }
    if not left:
        return checked
    code, ended = _Code(checked, plan, comparison), {}
    try:
        ended = dict(put_right(left, checked.state or tools.states.read(checked.workspace), code.plan_of))
        error = code.error
    except (ReconcilerError, OSError) as failure:
        error = sentence(failure)
    if error:
        tools.progress(f"{checked.workspace.name}: what stood before stands on: {error}")
    stands = left.keys() - ended.keys()
    known = _looked_at(checked)
    settled, unsure = _without_calls_on(stands, checked.settled, error)
    return replace(
        checked,
        settled=(
            *settled,
            *unsure,
            *(
                ended_finding(checked.workspace.name, address, left[address], why)
                for address, why in ended.items()
                if address not in known
            ),
        ),
        confirmed=tuple(each for each in checked.confirmed if each.drift.state_address not in stands),
        plans=replace(checked.plans, full=comparison.full_plans),
        problems=(*checked.problems, error) if unsure else checked.problems,
    )


class _Code:
    """What the code would change, by the full plan that was made anyway, or by one that is made where nothing drifts.

    `error` says why that one failed.
    """

    def __init__(self, checked: Checked, plan: Plan, comparison: Comparison) -> None:
        self._checked = checked
        self._targets = plan.targets
        self._comparison = comparison
        self.error = ""

    def plan_of(self, address: str) -> JsonObject | None:
        """Return a full plan that looks at the address, None where there is none."""
        checked = self._checked
        if checked.full_plan is not None and (not checked.targets or address in checked.targets):
            return checked.full_plan
        # Where something drifts, what is gone would make another plan wait for minutes.
        return None if checked.state is not None else self._made

    @cached_property
    def _made(self) -> JsonObject | None:
        try:
            return self._comparison.plan_as_it_is(self._targets)
        except (ReconcilerError, OSError) as error:
            self.error = sentence(error)
            return None


def _looked_at(checked: Checked) -> set[str | None]:
    return {*(each.address for each in checked.settled), *(each.drift.state_address for each in checked.confirmed)}


def _untold(checked: Checked, past: Past) -> Mapping[str, JsonObject]:
    """Return what stood, by address, as far as this run's findings do not tell of it.

    What is settled now replaces what stood only in the attributes that it tells of: the state may have taken over the
    others.
    """
    looked_at = _looked_at(checked)
    left = {**past.drifted(), **{name: each for name, each in past.unchecked().items() if name not in looked_at}}
    for finding in checked.settled:
        if finding.status != "healed":
            left.pop(finding.address or "", None)
    for item in checked.confirmed:
        address, told = item.drift.state_address, {render_path(change.path) for change in item.finding.changes}
        stood = left.pop(address, None)
        if stood is not None and stood["status"] == "drift" and item.finding.status in _SETTLED:
            changes = [change for change in stood["changes"] if change["path"] not in told]
            left |= {address: {**stood, "changes": changes}} if changes else {}
    return left


def _without_calls_on(
    standing: set[str], settled: Sequence[Finding], error: str
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that end nothing of what stands on, and those that nobody can tell of for an `error`."""
    calls = [each for each in settled if each.status == "healed" and each.address in standing]
    unsure = [
        replace(each, status="not_checked", reason=error, severity=gravest(each.events)) for each in calls if error
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
