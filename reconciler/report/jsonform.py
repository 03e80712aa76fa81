"""A run's report as the contract's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from reconciler.model import (
    Actor,
    AttributeChange,
    ChangeEvent,
    Finding,
    Json,
    Remedy,
    ResourceId,
    RunReport,
    render_path,
)
from reconciler.report.mask import hidden_values, mask_diff, mask_text, masked_values
from reconciler.report.words import why_no_remedy

SCHEMA_VERSION = 1


def run_json(report: RunReport, *, show_environment: bool = False) -> dict[str, Any]:
    """Return the contract's JSON of a run, with what may not be shown masked."""
    return {
        "schema_version": SCHEMA_VERSION,
        "started_at": utc(report.started_at),
        "finished_at": utc(report.finished_at),
        "events": {
            "read": report.events.read,
            "changes": report.events.changes,
            "skipped": dict(report.events.skipped),
            "broken": report.events.broken,
        },
        "plans": {
            "refresh_only": report.plans.refresh_only,
            "full": report.plans.full,
            "proof": report.plans.proof,
        },
        "findings": [finding_json(finding, show_environment=show_environment) for finding in report.findings],
        "problems": list(report.problems),
    }


def finding_json(finding: Finding, *, show_environment: bool = False) -> dict[str, Any]:
    """Return the contract's JSON of one finding, with what may not be shown masked."""
    hidden = hidden_values(finding, show_environment=show_environment)
    return {
        "fingerprint": finding.fingerprint,
        "status": finding.status,
        "reason": mask_text(finding.reason, hidden),
        "workspace": finding.workspace,
        "address": finding.address,
        "resource_type": finding.resource_type,
        "identity": _identity_json(finding.identity),
        "severity": finding.severity,
        "rule": finding.rule,
        "changes": [_change_json(change, show_environment=show_environment) for change in finding.changes],
        "events": [_event_json(event) for event in finding.events],
        "remedy": _remedy_json(finding, finding.remedy, show_environment=show_environment),
        **({"predicted": True} if finding.predicted else {}),
        **({"formerly": list(finding.formerly)} if finding.formerly else {}),
        **_trusted_json(finding.trusted),
    }


def dump_json(value: Json) -> str:
    """Return JSON text for people and programs; pure ASCII, so that no name can carry terminal or bidi controls."""
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f")


def utc(time: datetime) -> str:
    """Return a time as `2026-01-02T03:04:05Z`; a time without a zone counts as UTC."""
    aware = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def _identity_json(identity: ResourceId) -> dict[str, Json]:
    """Return the contract's five keys, and the further parts of a name where there are any."""
    further = {
        "family": identity.family,
        "revision": identity.revision,
        "service": identity.service,
        "role": identity.role,
    }
    return {
        "account": identity.account,
        "region": identity.region,
        "arn": identity.arn,
        "cluster": identity.cluster,
        "name": identity.name,
        **{key: value for key, value in further.items() if value is not None},
    }


def _change_json(change: AttributeChange, *, show_environment: bool) -> dict[str, Json]:
    state, live = masked_values(change, show_environment=show_environment)
    return {
        "path": render_path(change.path),
        "state": state,
        "live": live,
        "disposition": change.disposition,
        "sensitive": change.sensitive,
        "event_id": change.event_id,
        **({"repeated_by": [_event_json(event) for event in change.repeated_by]} if change.repeated_by else {}),
        **_trusted_json(change.trusted),
    }


def _trusted_json(call: ChangeEvent | None) -> dict[str, Json]:
    """Return which call of trusted people it was, and not whose."""
    return {"trusted": {"name": call.name, "time": utc(call.time)}} if call is not None else {}


def _event_json(event: ChangeEvent) -> dict[str, Json]:
    return {"id": event.id, "name": event.name, "time": utc(event.time), "actor": _actor_json(event.actor)}


def _actor_json(actor: Actor) -> dict[str, Json]:
    return {
        "kind": actor.kind,
        "name": actor.name,
        "role": actor.role,
        "session": actor.session,
        "via": actor.via,
        "tool": actor.tool,
        "workflow": actor.workflow,
        "source_ip": actor.source_ip,
        "user_agent": actor.user_agent,
        "mfa": actor.mfa,
        "account": actor.account,
        "arn": actor.arn,
    }


def _remedy_json(finding: Finding, remedy: Remedy, *, show_environment: bool) -> dict[str, Json]:
    pull_request = remedy.pull_request
    left: Json = [{"path": render_path(each.path), "why": each.why} for each in remedy.not_adopted]
    hidden = hidden_values(finding, show_environment=show_environment)
    warnings: Json = [mask_text(warning, hidden) for warning in remedy.warnings]
    return {
        "kind": remedy.kind,
        "files": list(remedy.files),
        "diff": mask_diff(remedy.diff, finding, show_environment=show_environment),
        "proof": remedy.proof,
        "reason": mask_text(remedy.reason or why_no_remedy(finding), hidden),
        "pull_request": None
        if pull_request is None
        else {"url": pull_request.url, "branch": pull_request.branch, "state": pull_request.state},
        **({"not_adopted": left} if left else {}),
        **({"warnings": warnings} if warnings else {}),
    }
