"""Small decisions that turn drifts and concerns into findings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.drift import LEFT_ALONE_BLOCKS, holds_policy, mirrors_policies
from reconciler.model import (
    SEVERITIES,
    AttributeChange,
    AttributePath,
    ChangeEvent,
    Disposition,
    Drift,
    Finding,
    Json,
    Member,
    Severity,
    Status,
    render_path,
)
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.model.resource_types import NATURAL_KEYS

_LEFT: Final[Mapping[Disposition, str]] = {
    "ignored": "only attributes that lifecycle.ignore_changes covers differ; Terraform leaves them",
    "matching": "the code already says what is live; only the state is old (terraform apply -refresh-only)",
    "unset": "the code does not set what differs, so Terraform leaves it as it is",
}
"""Why Terraform leaves what differs, where there is one reason."""
_PARTLY_LEFT: Final[Mapping[Disposition, str]] = {
    "ignored": "lifecycle.ignore_changes covers",
    "matching": "the code already says",
    "unset": "the code does not set",
}
LEFT_TO_AWS: Final = frozenset(
    {"enable_fault_injection", "launch_type", "network_mode", "platform_version", "role_arn", "triggers"}
)
"""Optional attributes that the provider computes where the code gives null (schema of 5.100).

A plan shows the same for code that says what is live and for an expression that is null, as `try(…, null)` may be, and
for a `dynamic` block that makes nothing, of those that the provider leaves alone where the code has none.
"""

_SHOWN: Final = 3
"""How many names a sentence has."""
_OUT_OF_CODE: Final = "the code no longer has it either, and terraform apply only takes it out of the state"


def fingerprint(workspace: str, address: str, changes: Sequence[AttributeChange]) -> str:
    """Return what is equal for the same drift with the same live values, and only then.

    What reports hide stays out: a digest of a short secret tells the secret. A default tag is a tag, wherever it shows.
    """
    from reconciler.report import masked_values  # what has no changes needs none

    values = [[render_path(_told_at(change.path)), masked_values(change)[1]] for change in changes]
    text = json.dumps([workspace, address, values], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told_at(path: AttributePath) -> AttributePath:
    return ("tags", *path[1:]) if path[0] == "tags_all" else path


def is_unsettled(finding: Finding) -> bool:
    """Tell whether the next cycle must look again: nobody could look, or a remedy was found and failed on its way.

    A remedy that a plan refuted, or that needs a person, is settled: looking again would say the same.
    """
    failed = finding.remedy.kind == "adopt" and finding.remedy.proof == "not_run"
    return finding.status == "not_checked" or failed


def is_out_of_code(finding: Finding) -> bool:
    """Tell whether a resource is gone from AWS and from the code: no other deletion is `info`, but by a rule."""
    return (finding.status, finding.severity, finding.rule) == ("deleted", "info", None)


def gravest(events: Iterable[ChangeEvent]) -> Severity:
    """Return the severity of the gravest call: who calls last hides none."""
    return min((event.severity for event in events), key=SEVERITIES.index)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, the first few of many."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def sentence(error: Exception) -> str:
    """Return an expected failure, or one of the machine such as a full disk, as a sentence."""
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}"
    return str(error)


def status_of(drift: Drift, planned: PlannedChange | None) -> tuple[Status, str]:
    """Return a confirmed drift's status with its sentence, by what the full plan would do to the resource."""
    forgotten = planned is not None and planned.actions == ("forget",)
    if drift.deleted:
        gone = "the resource is in the state and gone from AWS"
        return "deleted", f"{gone}; {_OUT_OF_CODE}" if forgotten else gone
    dispositions = {change.disposition for change in drift.changes}
    if "reverting" in dispositions:
        return "drift", f"live values differ from the state, and terraform apply would {_fate(drift, planned)}"
    if any(mirrors_policies(drift, change) for change in drift.changes):
        return (
            "unmanaged",
            "the role's policies were changed outside Terraform; no code has these, and an apply leaves them",
        )
    if forgotten:
        return "matching", "the code no longer has the resource; terraform apply forgets it and leaves it as it is"
    return "ignored" if "ignored" in dispositions else "matching", _why_left(drift)


def _why_left(drift: Drift) -> str:
    dispositions = {change.disposition for change in drift.changes}
    left = [disposition for disposition in _PARTLY_LEFT if disposition in dispositions]
    matching = [change for change in drift.changes if change.disposition == "matching"]
    may_be_null = any((LEFT_TO_AWS | LEFT_ALONE_BLOCKS).intersection(change.path) for change in matching)
    if left == ["matching"] and may_be_null:
        return "the code already says what is live, or leaves it to AWS; Terraform leaves it as it is"
    if len(left) < 2:
        return _LEFT[left[0] if left else "unset"]
    said = {**_PARTLY_LEFT, "matching": "the code already says or leaves to AWS"} if may_be_null else _PARTLY_LEFT
    *some, rest = (said[disposition] for disposition in left)
    parts = " and ".join((*(f"{each} some of what differs" for each in some), f"{rest} the rest"))
    return f"{parts}; Terraform leaves it as it is"


def is_replaced(planned: PlannedChange | None) -> bool:
    """Tell whether an apply destroys a resource and makes another: a new revision is nobody's outage."""
    if planned is None or planned.type == "aws_ecs_task_definition":
        return False
    return {"create", "delete"} <= set(planned.actions)


def _fate(drift: Drift, planned: PlannedChange | None) -> str:
    actions = planned.actions if planned else ()
    if actions == ("delete",):
        return "destroy the resource, which the code no longer has"
    if is_replaced(planned):
        return "destroy and replace the resource"
    reverting = [change for change in drift.changes if change.disposition == "reverting"]
    is_all = len(reverting) == len(drift.changes)
    what = "them" if is_all else listed([render_path(change.path) for change in reverting])
    return f"revert {what}{_not_known(drift, planned)}"


def _not_known(drift: Drift, planned: PlannedChange | None) -> str:
    """Return a half-sentence about what may be in the code as well, and which the plan does not know yet."""
    reverting = [change for change in drift.changes if change.disposition == "reverting"]
    names = dict.fromkeys(str(change.path[0]) for change in reverting if planned and _is_hidden(change, planned))
    return f"; what the code makes of {', '.join(names)} is known only after the apply" if names else ""


def _is_hidden(change: AttributeChange, resource: PlannedChange) -> bool:
    """Tell whether a plan knows nothing of what a change is of, or in, and one new value hides all others of."""
    planned: Json = resource.after
    name = ""
    for position, step in enumerate(change.path):
        if planned is UNKNOWN:
            return position > 0
        key = step.key if isinstance(step, Member) else step
        if isinstance(planned, list):
            members = planned if len(planned) == 1 else [each for each in planned if _natural_key(name, each) == key]
            planned = members[0] if members else None
        else:
            planned = planned.get(key) if isinstance(planned, dict) else None
        name = step if isinstance(step, str) else name
    is_part = len(change.path) > 1 or any(isinstance(value, list) for value in (change.state, change.live))
    return planned is UNKNOWN and (is_part or holds_policy(resource.type, name))


def _natural_key(name: str, member: Json) -> Json:
    return member.get(NATURAL_KEYS.get(name, "")) if isinstance(member, dict) else None
