"""What a finding's sentence says beyond its status: what weighs most, what nobody explains, what was never applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from reconciler.drift import Judgement, means_latest, overlap, without_instance_keys
from reconciler.model import AttributeChange, Drift, Finding, Severity, Status, render_path
from reconciler.model.plan_changes import PlannedChange, has_unknown
from reconciler.pipeline.findings import listed

_ACCEPTED = frozenset({"ignored", "matching"})
"""Statuses of drift that the code itself accepts: nothing to alarm anybody with."""
_TOLD_IN: Mapping[str, str] = {"tags_all": "tags"}
"""Attributes whose drift is told in another one: a default tag of the provider's once, among the tags."""


def weigh(
    status: Status, judgement: Judgement, planned: PlannedChange | None = None
) -> tuple[Severity, str | None, str | None]:
    """Return a finding's severity, the name of the rule that gave it that, and what weighs most.

    What the code accepts alarms nobody, except for an image from elsewhere in an attribute that it only ignores: who
    lists the allowed registries wants to hear of it. What is gone from the code too has only the state against it.
    """
    if status == "deleted" and planned and planned.actions == ("forget",):
        return "info", None, None
    if status in _ACCEPTED and not (status == "ignored" and judgement.foreign_image):
        return "info", judgement.rule if judgement.severity == "info" else None, None
    return judgement.severity, judgement.rule, judgement.because


def complete(
    status: Status, reason: str, drift: Drift, because: str | None, planned: PlannedChange | None, *notes: str
) -> str:
    """Return a finding's whole sentence; `drift` has its events and dispositions, `because` is what weighs most."""
    parts = [reason, *notes]
    if because:
        parts.append(because)
    if status == "drift":
        parts += _unexplained(drift.changes)
        parts += _unapplied(drift, planned)
    return "; ".join(parts)


def seen_before(drifts: Sequence[Drift]) -> str:
    """Return what the refresh-only plan found, for when the full plan failed: names, and no values."""
    gone = [drift.state_address for drift in drifts if drift.deleted]
    there = [drift for drift in drifts if not drift.deleted]
    found = [f"{listed([render_path(change.path) for change in each.changes])} of {each.address}" for each in there]
    parts = [f"{listed(found)} differ{'s' if len(found) == 1 else ''}"] if found else []
    parts += [f"{listed(gone)} {'is' if len(gone) == 1 else 'are'} gone"] if gone else []
    return f"before that, a refresh-only plan found that {' and '.join(parts)}; what Terraform would do is not known"


def note_unread(finding: Finding, unread: Mapping[tuple[str, ...], Sequence[str]]) -> Finding:
    """Return a finding that says which files of its module could not be read, where what they ignore would matter.

    `unread` are `unread_files`. What Terraform would revert is the plan's word, whatever the files say.
    """
    steps = without_instance_keys(finding.address or "").split(".")
    module = tuple(name for word, name in pairwise(steps[:-2]) if word == "module")
    files = unread.get(module, ())
    if not files or finding.status not in _ACCEPTED:
        return finding
    note = f"{listed(files)} could not be read, so that lifecycle.ignore_changes there is not known"
    return replace(finding, reason=f"{finding.reason}; {note}")


def unapplied_code(drift: Drift, planned: PlannedChange | None) -> tuple[str, ...]:
    """Return the attributes that the code changes beside the drift, and that nobody applied.

    What is known only after the apply follows from something else. What the state has was applied, though it is not
    live: a service that names no strategy takes its cluster's, and each plan takes that away.
    """
    if planned is None or "delete" in planned.actions[-1:]:
        return ()
    drifted = [change.path for change in drift.changes]
    return tuple(
        name
        for name, (now, wanted) in planned.attributes.items()
        if not has_unknown(wanted)
        and not (name in drift.before and drift.before[name] == wanted)
        and not (name == "task_definition" and means_latest(wanted, now))
        and not any(overlap((told,), path) for told in {name, _TOLD_IN.get(name, name)} for path in drifted)
    )


def _unexplained(changes: Sequence[AttributeChange]) -> Iterator[str]:
    by_call: dict[str, list[str]] = {}
    for change in changes:
        if change.trusted is not None:
            by_call.setdefault(change.trusted.name, []).append(render_path(change.path))
    yield from (f"a trusted call ({name}) set {listed(paths)}" for name, paths in by_call.items())
    paths = [render_path(change.path) for change in changes if change.event_id is None and change.trusted is None]
    if paths and len(paths) == len(changes):
        yield "no event explains what changed"
    elif paths:
        yield f"no event explains {listed(paths)}"


def _unapplied(drift: Drift, planned: PlannedChange | None) -> Iterator[str]:
    names = unapplied_code(drift, planned)
    if names:
        yield f"apart from the drift, terraform apply would change {listed(names)}: code that was never applied"
