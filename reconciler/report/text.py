"""A run's report for people at a terminal, in the alert form that TFDrift-Falco's users know."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model import Finding, Remedy, RunReport, Status, render_path
from reconciler.report import words
from reconciler.report.jsonform import utc
from reconciler.report.mask import hidden_values, mask_diff, mask_text

_TITLES: dict[Status, str] = {
    "drift": "🚨 Drift Detected",
    "deleted": "🚨 Resource Deleted",
    "unmanaged": "🔎 Unmanaged Resource",
    "unmatched": "❔ In No Workspace",
    "not_checked": "⚠ Not Checked",
    "matching": "✔ Code Already Matches",
    "ignored": "○ Ignored",
    "healed": "✔ Healed",
}
_PREDICTED: dict[Status, str] = {"deleted": "◔ Deletion Predicted"}
_CHANGE_PREDICTED = "◔ Change Predicted"
_PROOFS = {"proven": "proven", "refuted": "refuted", "not_run": "not run"}


def run_text(report: RunReport, *, show_environment: bool = False, show_diff: bool = False) -> str:
    """Return the whole report: what could not be looked at, the findings, and a line of counts."""
    blocks = []
    if report.problems:
        blocks.append("\n".join(f"✖ {words.visible(problem)}" for problem in report.problems))
    blocks.extend(
        finding_text(finding, show_environment=show_environment, show_diff=show_diff)
        for finding in words.sorted_findings(report.findings)
    )
    blocks.append(run_summary(report))
    return "\n\n".join(blocks)


def run_summary(report: RunReport) -> str:
    """Return a run's findings, events, plans and time in one line."""
    events, plans = report.events, report.plans
    skipped = [f"{count} {reason}" for reason, count in sorted(events.skipped.items()) if count]
    parts = [
        f"{events.changes} change{'' if events.changes == 1 else 's'}",
        *skipped,
        *([f"{events.broken} broken"] if events.broken else []),
    ]
    planned = f"{plans.refresh_only} refresh-only, {plans.full} full, {plans.proof} proof"
    seconds = (report.finished_at - report.started_at).total_seconds()
    count = len(report.problems)
    failed = f"{count} problem{'s' if count > 1 else ''}; " if count else ""
    return (
        f"{failed}{words.summary(report.findings)} · {events.read} events read ({', '.join(parts)}) · "
        f"plans: {planned} · {seconds:.0f} s"
    )


def finding_text(finding: Finding, *, show_environment: bool = False, show_diff: bool = False) -> str:
    """Return one finding: the alert's five parts first, then where, when, and what would end it."""
    title = _PREDICTED.get(finding.status, _CHANGE_PREDICTED) if finding.predicted else _TITLES[finding.status]
    lines = [f"{title}: {words.name_of(finding)}"]
    lines.extend(_change_lines(finding, show_environment=show_environment))
    lines.append(f"User: {words.people_of(finding)}")
    lines.append(f"Region: {words.region_of(finding)}")
    lines.append(f"Severity: {finding.severity.upper()}")
    if finding.workspace is not None:
        lines.append(f"Workspace: {words.visible(finding.workspace)}")
    if finding.rule is not None:
        lines.append(f"Rule: {words.visible(finding.rule)}")
    lines.extend(_event_lines(finding))
    hidden = hidden_values(finding, show_environment=show_environment)
    lines.append(f"Reason: {words.visible(mask_text(finding.reason, hidden))}")
    lines.extend(words.visible(mask_text(line, hidden)) for line in _remedy_lines(finding.remedy))
    if show_diff and finding.remedy.diff:
        diff = words.visible_lines(mask_diff(finding.remedy.diff, finding, show_environment=show_environment))
        lines.extend(f"    {line}".rstrip() for line in diff.rstrip("\n").split("\n"))
    return "\n".join(lines)


def _change_lines(finding: Finding, *, show_environment: bool) -> Iterator[str]:
    for change in finding.changes:
        state, live = words.change_values(change, show_environment=show_environment)
        note = words.disposition_note(finding, change)
        path = words.visible(render_path(change.path))
        yield f"Changed: {path} = {state} → {live}{f' [{note}]' if note else ''}"


def _event_lines(finding: Finding) -> Iterator[str]:
    for event in finding.events:
        via = "" if event.actor.via == "unknown" else f" via {event.actor.via}"
        source = f" from {event.actor.source_ip}" if event.actor.source_ip else ""
        who = f" by {words.caller(event.actor)}"
        yield words.visible(f"Event: {event.name}{who} at {utc(event.time)}{via}{source} ({event.id})")


def _remedy_lines(remedy: Remedy) -> Iterator[str]:
    if remedy.kind == "none" and not remedy.files and remedy.proof == "not_run":
        if remedy.reason:
            yield f"Remedy: none; {remedy.reason}"
        return
    files = f" in {', '.join(remedy.files)}" if remedy.files else ""
    yield f"Remedy: {remedy.kind}{files}"
    yield f"Proof: {_PROOFS[remedy.proof]}{f'; {remedy.reason}' if remedy.reason else ''}"
    for warning in remedy.warnings:
        yield f"Warning: {warning}"
    for left in remedy.not_adopted:
        yield f"Not adopted: {render_path(left.path)}; {left.why}"
    if remedy.pull_request is not None:
        pull = remedy.pull_request
        yield f"Pull request: {pull.state} {pull.url} (branch {pull.branch})"
