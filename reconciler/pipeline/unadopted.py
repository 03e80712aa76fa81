"""What an adoption leaves out of a finding's changes, and why: a reviewer must not believe that the edit ends it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from reconciler.model import AttributeChange, AttributePath, Disposition, NotAdopted, Remediation, RemedyChoice
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.revisions import MOVED
from reconciler.remedy.choose import choose

_LEFT: Final[Mapping[Disposition, str]] = {
    "ignored": "lifecycle.ignore_changes covers it, so Terraform leaves it as it is",
    "matching": "the code already says it or leaves it to AWS, so Terraform leaves it as it is",
    "unset": "the code does not set it, so Terraform leaves it as it is",
}
_CHOSEN: Final[Mapping[RemedyChoice, str]] = {
    "revert": "remediation says revert, and the next terraform apply undoes it",
    "report": "remediation says report, and the next terraform apply undoes it",
    "adopt": "AWS gives it its value, which follows from the rest",
}
"""By what was chosen for what an apply would revert; what is to be adopted and is not, no code can set."""


def not_adopted(
    item: Confirmed, adopted: Collection[AttributePath], workspace: str, remediation: Remediation
) -> Iterator[NotAdopted]:
    """Yield those of a finding's changes that are not among the `adopted` paths of its drift.

    What is inside a revision shares the fate of the move to it.
    """
    own = {change.path: _why(item, change, workspace, remediation) for change in item.drift.changes}
    for change in item.finding.changes:
        decisive = change.path if change.path in own else MOVED
        if decisive not in adopted:
            yield NotAdopted(change.path, own.get(decisive, _LEFT["unset"]))


def _why(item: Confirmed, change: AttributeChange, workspace: str, remediation: Remediation) -> str:
    left = _LEFT.get(change.disposition) if change.disposition else None
    return left or _CHOSEN[choose(item.drift, change, workspace, remediation)]
