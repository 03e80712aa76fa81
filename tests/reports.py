"""A finding and a run's report of which a test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reconciler.model import EventTally, Finding, PlanTally, ResourceId, RunReport

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def make_finding(**values: Any) -> Finding:
    """Return the drift of aws_ecs_service.web in prod, but for the fields given in `values`."""
    address = values.get("address", "aws_ecs_service.web")
    usual: dict[str, Any] = {
        "fingerprint": "f00d",
        "status": "drift",
        "reason": "live values differ",
        "workspace": "prod",
        "address": address,
        "resource_type": address.partition(".")[0],
        "identity": ResourceId(type=address.partition(".")[0]),
        "severity": "high",
    }
    return Finding(**{**usual, **values})


def make_report(*findings: Finding, **values: Any) -> RunReport:
    """Return the report of a run at noon that read and planned nothing, but for the fields given in `values`."""
    usual: dict[str, Any] = {
        "started_at": NOON,
        "finished_at": NOON,
        "events": EventTally(read=0, changes=0, skipped={}, broken=0),
        "plans": PlanTally(),
    }
    return RunReport(findings=findings, **{**usual, **values})
