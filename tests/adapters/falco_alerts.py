"""Alerts for tests, in the form that Falco's JSON output has."""

from __future__ import annotations

import json
from typing import Any

ACCOUNT = "111122223333"


def alert(number: int = 1, *, source: str = "aws_cloudtrail", **changed: Any) -> dict[str, Any]:
    """An alert about an UpdateService; `changed` replaces fields (`ct_id` for `ct.id`), `...` leaves one out."""
    fields: dict[str, Any] = {
        "ct.id": f"event-{number}",
        "ct.time": "2026-05-01T12:00:00Z",
        "ct.src": "ecs.amazonaws.com",
        "ct.name": "UpdateService",
        "ct.region": "eu-central-1",
        "ct.user": "ops-admin",
        "ct.user.identitytype": "IAMUser",
        "ct.user.arn": f"arn:aws:iam::{ACCOUNT}:user/ops-admin",
        "ct.user.accountid": ACCOUNT,
        "ct.user.principalid": "AIDAEXAMPLE",
        "ct.request": json.dumps({"cluster": "prod", "service": "web", "desiredCount": number}),
        "ct.response": "null",
        "ct.error": None,
        "ct.srcip": "203.0.113.10",
        "ct.useragent": "aws-cli/2.15.0",
        "evt.time.iso8601": 1777636800000000000,
    }
    fields |= {name.replace("_", "."): value for name, value in changed.items()}
    return {
        "hostname": "falco",
        "output": "12:00:00.000000000: Error UpdateService",
        "output_fields": {name: value for name, value in fields.items() if value is not ...},
        "priority": "Error",
        "rule": "Reconciler ecs UpdateService",
        "source": source,
        "tags": ["drift"],
        "time": "2026-05-01T12:00:00.000000000Z",
    }


def line(number: int, **changed: Any) -> bytes:
    """One line of Falco's output file."""
    return json.dumps(alert(number, **changed)).encode() + b"\n"
