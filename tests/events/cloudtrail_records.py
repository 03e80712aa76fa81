"""CloudTrail records for tests: small, made up, in the shape of the real ones."""

from __future__ import annotations

import copy
from typing import Any

from reconciler.events import parse
from reconciler.model import ChangeEvent, Outcome, Record, Skipped, Trust

ACCOUNT = "111122223333"
REGION = "eu-central-1"
ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}:"

USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/ops-admin",
    "accountId": ACCOUNT,
    "userName": "ops-admin",
}


def session(role: str, name: str, *, path: str = "", **more: Any) -> dict[str, Any]:
    """A `userIdentity` of an assumed role; `more` goes into its session context."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{path}{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"mfaAuthenticated": "false"},
            **more,
        },
    }


def record(name: str = "UpdateService", request: Any = None, response: Any = None, **more: Any) -> dict[str, Any]:
    """A record of an ECS call; `more` overrides or adds members, None takes one away."""
    body: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": copy.deepcopy(USER),
        "eventTime": "2024-05-01T12:00:00Z",
        "eventSource": "ecs.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.10",
        "userAgent": "aws-cli/2.15.0 Python/3.11",
        "requestParameters": request,
        "responseElements": response,
        "requestID": "00000000-0000-0000-0000-000000000000",
        "eventID": "11111111-1111-1111-1111-111111111111",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    }
    body.update(more)
    return {name: value for name, value in body.items() if value is not None or name.endswith(("ters", "ents"))}


def scaling(name: str, **request: Any) -> dict[str, Any]:
    """A record of Application Auto Scaling about the service web of the cluster prod."""
    asked = {
        "serviceNamespace": "ecs",
        "resourceId": "service/prod/web",
        "scalableDimension": "ecs:service:DesiredCount",
        **request,
    }
    return record(
        name,
        asked,
        eventSource="autoscaling.amazonaws.com",
        additionalEventData={"service": "application-autoscaling"},
    )


def read(body: Any, trust: Trust | None = None) -> Outcome:
    """Parse one record."""
    return parse(Record(body=body, where="events.jsonl:1"), trust or Trust())


def change(body: Any, trust: Trust | None = None) -> ChangeEvent:
    """Parse a record that has to be a change."""
    outcome = read(body, trust)
    assert isinstance(outcome, ChangeEvent), outcome
    return outcome


def reason(body: Any, trust: Trust | None = None) -> str:
    """Parse a record that has to be skipped; returns why."""
    outcome = read(body, trust)
    assert isinstance(outcome, Skipped), outcome
    return outcome.reason
