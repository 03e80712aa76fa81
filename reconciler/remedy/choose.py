"""Which remedy a drift gets, by the user's `remediation` rules."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model import AttributeChange, Drift, Remediation, RemedyChoice


def choose(drift: Drift, change: AttributeChange, workspace: str, remediation: Remediation) -> RemedyChoice:
    """Return the first matching rule's remedy for one change, else the default."""
    for rule in remediation.rules:
        wanted = (rule.resource_type, drift.type), (rule.attribute, change.path[0]), (rule.workspace, workspace)
        if all(expected is None or expected == actual for expected, actual in wanted):
            return rule.remedy
    return remediation.default


def chosen(drift: Drift, workspace: str, remediation: Remediation, remedy: RemedyChoice) -> Sequence[AttributeChange]:
    """Return those changes that Terraform would revert and for which `remedy` is chosen."""
    return tuple(
        change
        for change in drift.changes
        if change.disposition == "reverting" and choose(drift, change, workspace, remediation) == remedy
    )
