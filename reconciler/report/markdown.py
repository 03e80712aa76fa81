"""Markdown from the templates: a run's summary, and the pull request that a reviewer reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from reconciler.data import data_directory
from reconciler.model import AttributeChange, ChangeEvent, Finding, RemedyKind, RunReport, render_path
from reconciler.report import words
from reconciler.report.jsonform import utc
from reconciler.report.markdownsafe import cell, code, comment, fenced
from reconciler.report.mask import SENSITIVE, hidden_values, mask_diff, mask_text
from reconciler.report.text import run_summary

if TYPE_CHECKING:
    import jinja2

_LONGEST_TITLE = 100
_LONGEST_TITLE_VALUE = 40
_LONGEST_TITLE_NAMES = 60
_LONGEST_DIFF = 30_000  # GitHub takes 65,536 characters for a body, GitLab a million
_VERBS: dict[RemedyKind, str] = {
    "adopt": "Adopt drift",
    "revert": "Revert drift",
    "import": "Import",
    "forget": "Forget",
    "none": "Drift",
}


def run_markdown(report: RunReport, *, show_environment: bool = False) -> str:
    """Return a run's summary: what could not be looked at, a table of findings, and each finding."""
    findings = words.sorted_findings(report.findings)
    return _render(
        "report.md.j2",
        problems=[code(problem) for problem in report.problems],
        findings=[_finding(finding, show_environment=show_environment) for finding in findings],
        summary=run_summary(report),
        started=utc(report.started_at),
    )


def pull_request_title(finding: Finding) -> str:
    """Return the title of the pull request for a finding's remedy: one line of at most 100 characters."""
    verb = _VERBS[finding.remedy.kind]
    what = ""
    changes = finding.remedied
    if len(changes) == 1:
        change = changes[0]
        live = words.change_values(change, show_environment=False)[1]
        what = words.visible(render_path(change.path))
        if SENSITIVE not in live and len(live) <= _LONGEST_TITLE_VALUE:
            what += f" = {live}"
    elif changes:
        what = _together([words.visible(render_path(change.path)) for change in changes])
    title = f"{verb}: {what} in {words.name_of(finding)}" if what else f"{verb}: {words.name_of(finding)}"
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _together(paths: Sequence[str]) -> str:
    """Return several attributes for a title: their names where there is room for them and they differ."""
    names = ", ".join(paths)
    short = len(names) <= _LONGEST_TITLE_NAMES and len(set(paths)) == len(paths)
    return names if short else f"{len(paths)} changes"


def pull_request_body(
    finding: Finding, proof_text: str, *, replaced: bool = False, show_environment: bool = False
) -> str:
    """Return the body of the pull request for a finding's remedy; `proof_text` says what terraform planned.

    `replaced`: without the remedy, an apply would destroy the resource and make another.
    """
    hidden = hidden_values(finding, show_environment=show_environment)
    return _render(
        "pull_request.md.j2",
        finding=_finding(finding, show_environment=show_environment),
        proof=mask_text(proof_text, hidden),
        replaced=replaced,
    )


def _finding(finding: Finding, *, show_environment: bool) -> dict[str, Any]:
    """Return what the templates need to know of a finding: raw text for their filters."""
    hidden = hidden_values(finding, show_environment=show_environment)
    remedy, identity = finding.remedy, finding.identity
    diff = mask_diff(remedy.diff, finding, show_environment=show_environment)
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    return {
        "status": words.STATUS_WORDS[finding.status],
        "name": words.name_of(finding),
        "reason": mask_text(finding.reason, hidden),
        "severity": finding.severity,
        "rule": finding.rule,
        "fingerprint": finding.fingerprint,
        "workspace": finding.workspace,
        "region": words.region_of(finding),
        "account": identity.account,
        "arn": identity.arn,
        "people": words.people_of(finding),
        "changes": [_change(change, show_environment) for change in finding.changes],
        "remedied": [_change(change, show_environment) for change in finding.remedied],
        "not_adopted": [{"path": render_path(each.path), "why": each.why} for each in remedy.not_adopted],
        "warnings": [mask_text(warning, hidden) for warning in remedy.warnings],
        "events": [_event(event, finding) for event in finding.events],
        "decisive": [event.id for event in words.decisive_events(finding)],
        "trusted": [
            {"path": render_path(change.path), "name": change.trusted.name, "time": utc(change.trusted.time)}
            for change in finding.changes
            if change.trusted is not None
        ],
        "kind": remedy.kind,
        "files": remedy.files,
        "diff": diff if len(diff) <= _LONGEST_DIFF else "",
        "added": sum(line.startswith("+") for line in changed),
        "removed": sum(line.startswith("-") for line in changed),
        "proof": remedy.proof,
        "remedy_reason": mask_text(remedy.reason, hidden),
        "pull_request": remedy.pull_request,
    }


def _event(event: ChangeEvent, finding: Finding) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event.name,
        "time": utc(event.time),
        "person": words.person(event.actor),
        "via": event.actor.via,
        "source_ip": event.actor.source_ip,
        "user_agent": event.actor.user_agent,
        "mfa": event.actor.mfa,
        "gave": [render_path(change.path) for change in finding.changes if change.event_id == event.id],
    }


def _change(change: AttributeChange, show_environment: bool) -> dict[str, Any]:
    state, live = words.change_values(change, show_environment=show_environment)
    return {
        "path": render_path(change.path),
        "attribute": change.path[0] if change.path else "",
        "state": state,
        "live": live,
        "disposition": change.disposition,
    }


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # most runs write no Markdown

    # What it escapes is HTML, which none of these is: each template passes what others wrote through `code`, `cell`,
    # `fenced` or `comment`.
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(),
        loader=jinja2.FileSystemLoader(data_directory("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": code, "cell": cell, "fenced": fenced, "comment": comment}
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)
