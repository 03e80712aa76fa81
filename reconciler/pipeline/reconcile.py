"""A workspace by hand: no event needed, everything of Amazon ECS that drifted in it is looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.errors import LedgerError, StateError, TerraformError, UsageError
from reconciler.match import build_index
from reconciler.model import FileEdit, Finding, JsonObject, Remediation, RemedyChoice, RunReport, State, Workspace
from reconciler.pipeline.check import check_workspace, readdressed
from reconciler.pipeline.checked import Checked
from reconciler.pipeline.cycle import NO_EVENTS, make_report
from reconciler.pipeline.past import Past, recall
from reconciler.pipeline.propose import propose
from reconciler.pipeline.refresh import Refreshed, refresh
from reconciler.pipeline.stood import with_open_proposals
from reconciler.pipeline.tools import Policy, Tools

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found, and the proven edits when they accumulate."""

    report: RunReport
    edits: tuple[FileEdit, ...]


def reconcile_workspace(
    name: str,
    addresses: Sequence[str],
    remedy: RemedyChoice,
    tools: Tools,
    policy: Policy,
    told: Callable[[], Sequence[JsonObject]] = tuple,
) -> Reconciled:
    """Find what drifted in a workspace, of the addresses given or of all, with its remedy and proof.

    `told` returns what earlier runs found, as the ledger has it: here no event says who did it. When it raises
    LedgerError, that is a warning. Raises UsageError for an unknown workspace or address, StateError and TerraformError
    when it cannot be looked at.
    """
    started = tools.now()
    workspace = tools.workspaces.get(name)
    if workspace is None:
        known = ", ".join(sorted(tools.workspaces))
        raise UsageError(f"there is no workspace {name!r} in the configuration; there are: {known}")
    state = tools.states.read(workspace)
    if state.serial < 0:
        raise StateError(f"{name} has no state yet: run terraform apply there first")
    refreshed = refresh(workspace, tools)
    names = _names({resource.address for resource in state.resources}, refreshed)
    unknown = sorted(set(addresses) - names.keys())
    if unknown and refreshed.plan is not None:
        raise UsageError(f"{unknown[0]} is not in the state of {name}, and no plan names it: see terraform state list")
    policy = replace(policy, remediation=Remediation(default=remedy))
    past = _past(workspace, state, told)
    checked = check_workspace(workspace, state, refreshed, (), tools, policy, past=past)
    checked = with_open_proposals(readdressed(checked, past), past)
    if checked.state is None and checked.problems:
        raise TerraformError(checked.problems[0])
    if addresses:
        checked = _only(checked, {name for address in addresses for name in names[address]})
    proposed = propose(checked, tools, policy)
    findings: list[Finding] = [*checked.settled, *proposed.findings]
    plans = replace(checked.plans, proof=proposed.proofs)
    problems = [*checked.problems, *proposed.problems]
    return Reconciled(make_report(started, tools, NO_EVENTS, plans, findings, problems), proposed.edits)


def _past(workspace: Workspace, state: State, told: Callable[[], Sequence[JsonObject]]) -> Past:
    """Return what earlier runs found in a workspace, nothing where the ledger cannot be read."""
    try:
        known = [finding for finding in told() if finding.get("workspace") == workspace.name]
    except LedgerError as error:
        _LOG.warning("%s; who did what earlier runs told is not known here", error)
        known = []
    index = build_index([state], {workspace.name: workspace.account})
    return recall(known, (), index, (workspace.name,))[workspace.name]


def _names(present: Collection[str], refreshed: Refreshed) -> Mapping[str, Collection[str]]:
    """Return all addresses that people may mean, each with those of the same resource.

    A `moved` block that was not applied yet gives a resource of the state another one, under which it is told.
    """
    names = {address: {address} for address in present}
    plan = refreshed.plan.json if refreshed.plan else {}
    for entry in (*plan.get("resource_drift", ()), *plan.get("resource_changes", ())):
        new, old = str(entry["address"]), str(entry.get("previous_address") or entry["address"])
        names[new] = names[old] = {new, old}
    return names


def _only(checked: Checked, addresses: Collection[str]) -> Checked:
    return replace(
        checked,
        settled=tuple(finding for finding in checked.settled if finding.address in addresses),
        confirmed=tuple(c for c in checked.confirmed if c.drift.address in addresses),
    )
