"""The contract's JSON: its keys, and that the published schema describes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest

from reconciler.model import Finding, Member, ResourceId, RunReport
from reconciler.report import dump_json, finding_json, report_schema, run_json


@pytest.fixture
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(report_schema())
    return jsonschema.Draft202012Validator(report_schema())


def test_a_whole_report_has_the_contracts_keys_and_values(
    finding: Callable[..., Finding], remedy: Callable[..., Any], report: Callable[..., RunReport]
) -> None:
    value = run_json(report(finding(remedy=remedy()), problems=("dev: locked",)))
    (told,) = value.pop("findings")
    assert value == {
        "schema_version": 1,
        "started_at": "2026-03-01T12:00:00Z",
        "finished_at": "2026-03-01T12:00:41Z",
        "events": {
            "read": 9,
            "changes": 5,
            "skipped": {"read_only": 2, "failed_call": 1, "trusted": 1},
            "broken": 0,
        },
        "plans": {"refresh_only": 1, "full": 1, "proof": 1},
        "problems": ["dev: locked"],
    }
    assert told["identity"] == {
        "account": "123456789012",
        "region": "us-east-1",
        "arn": "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
        "cluster": "prod",
        "name": "web",
    }
    assert told["changes"] == [
        {
            "path": "desired_count",
            "state": 3,
            "live": 5,
            "disposition": "reverting",
            "sensitive": False,
            "event_id": "e-1",
        }
    ]
    (event,) = told["events"]
    assert (event["id"], event["name"], event["time"]) == ("e-1", "UpdateService", "2026-03-01T11:59:30Z")
    assert {"kind": "iam_user", "name": "ops-admin", "via": "console", "mfa": True}.items() <= event["actor"].items()
    assert told["remedy"]["pull_request"] == {
        "url": "https://example.com/pull/7",
        "branch": "drift/prod/main-ab12",
        "state": "opened",
    }
    assert (told["remedy"]["kind"], told["remedy"]["proof"]) == ("adopt", "proven")
    assert told["remedy"]["files"] == ["infra/prod/main.tf"]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"status": "unmanaged", "address": None, "workspace": None, "rule": None, "changes": (), "events": ()},
        {"identity": ResourceId(type="aws_ecs_task_definition", family="web", revision=3)},
    ],
)
def test_the_schema_describes_what_is_written(
    finding: Callable[..., Finding],
    remedy: Callable[..., Any],
    report: Callable[..., RunReport],
    validator: jsonschema.Draft202012Validator,
    values: dict[str, Any],
) -> None:
    validator.validate(run_json(report(finding(**values), finding(remedy=remedy(pull_request=None), **values))))


def test_the_schema_describes_what_is_foretold(
    finding: Callable[..., Finding], validator: jsonschema.Draft202012Validator
) -> None:
    line = {"predictions": [finding_json(finding(status="not_checked", predicted=True))]}
    validator.validate(line)
    assert line["predictions"][0]["predicted"] is True


def test_the_schema_parts_what_is_foretold_from_what_is_found(
    finding: Callable[..., Finding], report: Callable[..., RunReport], validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid({"predictions": [finding_json(finding())]})
    assert not validator.is_valid({"predictions": [{"predicted": True}]})
    assert not validator.is_valid({"predictions": 1})
    assert not validator.is_valid({})
    assert not validator.is_valid({**run_json(report(finding())), "predictions": []})
    lacking = run_json(report(finding()))
    del lacking["problems"]
    assert not validator.is_valid(lacking)


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        (("schema_version",), 2),
        (("findings", 0, "status"), "clean"),
        (("findings", 0, "changes", 0, "disposition"), "maybe"),
        (("findings", 0, "remedy", "pull_request"), {"url": "x"}),
        (("finished_at",), "yesterday"),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_know(
    finding: Callable[..., Finding],
    remedy: Callable[..., Any],
    report: Callable[..., RunReport],
    validator: jsonschema.Draft202012Validator,
    where: tuple[Any, ...],
    wrong: Any,
) -> None:
    value = run_json(report(finding(remedy=remedy())))
    inside: Any = value
    for step in where[:-1]:
        inside = inside[step]
    inside[where[-1]] = wrong
    assert not validator.is_valid(value)


def test_list_members_are_named_by_their_key(finding: Callable[..., Finding], report: Callable[..., RunReport]) -> None:
    from reconciler.model import AttributeChange

    path = ("default_capacity_provider_strategy", Member("FARGATE_SPOT"), "weight")
    value = run_json(report(finding(changes=(AttributeChange(path=path, state=0, live=1),))))
    assert value["findings"][0]["changes"][0]["path"] == "default_capacity_provider_strategy[FARGATE_SPOT].weight"


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        datetime(2026, 3, 1, 14, 0, 0, 5, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 3, 1, 12),
    ],
)
def test_times_are_utc_to_the_second(report: Callable[..., RunReport], time: datetime) -> None:
    assert run_json(report(started_at=time))["started_at"] == "2026-03-01T12:00:00Z"


def test_json_text_is_ascii_and_reads_back() -> None:
    value = {"a": "\x1b\u202e\x7f→"}
    assert dump_json(value).isascii()
    assert "\x7f" not in dump_json(value)
    assert json.loads(dump_json(value)) == value
