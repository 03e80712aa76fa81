"""The contract's JSON lines."""

from __future__ import annotations

import json
from dataclasses import replace

from cloudtrail_records import change, record

from reconciler.events import distinct, outcome_line, summed
from reconciler.model import Broken, Outcome, Skipped


def other(where: str, count: int = 1) -> Skipped:
    return Skipped(reason="other_service", where=where, count=count)


def test_a_change_in_the_contracts_form() -> None:
    line = outcome_line(change(record("UpdateService", {"service": "web", "cluster": "prod", "desiredCount": 5})))
    assert json.loads(json.dumps(line)) == {
        "outcome": "change",
        "event_id": "11111111-1111-1111-1111-111111111111",
        "name": "UpdateService",
        "source": "ecs.amazonaws.com",
        "time": "2024-05-01T12:00:00Z",
        "account": "111122223333",
        "region": "eu-central-1",
        "severity": "high",
        "resources": [
            {
                "type": "aws_ecs_service",
                "account": "111122223333",
                "region": "eu-central-1",
                "arn": "arn:aws:ecs:eu-central-1:111122223333:service/prod/web",
                "cluster": "prod",
                "name": "web",
            }
        ],
        "requested": {"desired_count": 5},
        "actor": {
            "kind": "iam_user",
            "name": "ops-admin",
            "role": None,
            "session": None,
            "via": "cli",
            "tool": "AWS CLI 2.15.0",
            "workflow": None,
            "source_ip": "203.0.113.10",
            "user_agent": "aws-cli/2.15.0 Python/3.11",
            "mfa": False,
            "account": "111122223333",
            "arn": "arn:aws:iam::111122223333:user/ops-admin",
        },
        "where": "events.jsonl:1",
    }


def test_a_resource_without_a_terraform_type_says_null() -> None:
    line = outcome_line(change(record("ExecuteCommand", {"task": "abc"})))
    assert line["resources"][0]["type"] is None


def test_skipped_and_broken_in_the_contracts_form() -> None:
    read_only = Skipped(reason="read_only", where="f:1", event_id="e", name="DescribeServices")
    assert outcome_line(read_only) == {
        "outcome": "skipped",
        "reason": "read_only",
        "event_id": "e",
        "name": "DescribeServices",
        "where": "f:1",
    }
    assert outcome_line(other("f", 997)) == {
        "outcome": "skipped",
        "reason": "other_service",
        "count": 997,
        "where": "f",
    }
    assert outcome_line(Broken("invalid JSON: x", "f:3")) == {
        "outcome": "broken",
        "reason": "invalid JSON: x",
        "where": "f:3",
    }


def test_other_services_are_summed_per_input() -> None:
    event = replace(change(record()), where="a.json:2")
    outcomes: list[Outcome] = [other("a.json:1"), event, other("a.json:3:1"), other("a.json", 7), other("b:json:1")]
    assert list(summed(outcomes)) == [event, other("a.json", 9), other("b:json")]


def test_summing_loses_no_record() -> None:
    outcomes = [other("a:1"), other("b:1"), other("a:2"), Broken("x", "a:3")]
    counts = sum(one.count if isinstance(one, Skipped) else 1 for one in summed(outcomes))
    assert counts == 4


def test_an_event_that_comes_again_is_a_duplicate() -> None:
    event = change(record())
    another = change(record(eventID="22222222-2222-2222-2222-222222222222"))
    skipped = Skipped(reason="read_only", where="f", event_id=event.id)
    again = Skipped(reason="duplicate", where=event.where, event_id=event.id, name="UpdateService")
    assert list(distinct([skipped, event, another, event, skipped])) == [skipped, event, another, again, skipped]
