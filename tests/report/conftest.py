from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.model import (
    Actor,
    AttributeChange,
    ChangeEvent,
    EventTally,
    Finding,
    PlanTally,
    ProofResult,
    PullRequest,
    Remedy,
    ResourceId,
    RunReport,
)

_START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def _event(**values: Any) -> ChangeEvent:
    defaults: dict[str, Any] = {
        "id": "e-1",
        "name": "UpdateService",
        "source": "ecs.amazonaws.com",
        "time": datetime(2026, 3, 1, 11, 59, 30, tzinfo=UTC),
        "account": "123456789012",
        "region": "us-east-1",
        "severity": "high",
        "resources": (),
        "requested": {"desired_count": 5},
        "actor": Actor(
            kind="iam_user",
            name="ops-admin",
            via="console",
            source_ip="203.0.113.5",
            user_agent="Mozilla/5.0",
            mfa=True,
        ),
        "where": "events.json:1",
    }
    return ChangeEvent(**{**defaults, **values})


def _finding(**values: Any) -> Finding:
    defaults: dict[str, Any] = {
        "fingerprint": "f00d",
        "status": "drift",
        "reason": "Terraform would set desired_count back to 3",
        "workspace": "prod",
        "address": "aws_ecs_service.main",
        "resource_type": "aws_ecs_service",
        "identity": ResourceId(
            type="aws_ecs_service",
            account="123456789012",
            region="us-east-1",
            arn="arn:aws:ecs:us-east-1:123456789012:service/prod/web",
            cluster="prod",
            name="web",
        ),
        "severity": "high",
        "rule": "ECS Service Configuration",
        "changes": (
            AttributeChange(path=("desired_count",), state=3, live=5, disposition="reverting", event_id="e-1"),
        ),
        "events": (_event(),),
    }
    return Finding(**{**defaults, **values})


def _remedy(proof: ProofResult = "proven", **values: Any) -> Remedy:
    defaults: dict[str, Any] = {
        "kind": "adopt",
        "reason": "the plan of the edited code no longer changes desired_count, and nothing else moved",
        "files": ("infra/prod/main.tf",),
        "diff": "--- a/infra/prod/main.tf\n+++ b/infra/prod/main.tf\n@@ -1 +1 @@\n-  desired_count = 3\n"
        "+  desired_count = 5\n",
        "proof": proof,
        "pull_request": PullRequest("https://example.com/pull/7", "drift/prod/main-ab12", "opened"),
    }
    return Remedy(**{**defaults, **values})


def _report(*findings: Finding, **values: Any) -> RunReport:
    defaults: dict[str, Any] = {
        "started_at": _START,
        "finished_at": _START.replace(second=41),
        "events": EventTally(read=9, changes=5, skipped={"read_only": 2, "failed_call": 1, "trusted": 1}, broken=0),
        "plans": PlanTally(refresh_only=1, full=1, proof=1),
        "findings": findings,
    }
    return RunReport(**{**defaults, **values})


@pytest.fixture
def event() -> Callable[..., ChangeEvent]:
    return _event


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return _finding


@pytest.fixture
def remedy() -> Callable[..., Remedy]:
    return _remedy


@pytest.fixture
def report() -> Callable[..., RunReport]:
    return _report
