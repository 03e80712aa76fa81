"""The JSON Schema of the contract's report."""

from __future__ import annotations

from typing import Any, get_args

from reconciler.model import ActorKind, Disposition, ProofResult, RemedyKind, Severity, Status, Via
from reconciler.model.finding import PullRequestState
from reconciler.report.jsonform import SCHEMA_VERSION

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_COUNT = {"type": "integer", "minimum": 0}


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `run`, `reconcile`, `demo` and `watch` print as JSON.

    That is a report, or a line of `watch` with predictions. Keys may be added to either later, so unknown ones are
    allowed.
    """
    report = _object(
        schema_version={"const": SCHEMA_VERSION},
        started_at=_TIME,
        finished_at=_TIME,
        events=_object(
            read=_COUNT,
            changes=_COUNT,
            skipped={"type": "object", "additionalProperties": _COUNT},
            broken=_COUNT,
        ),
        plans=_object(refresh_only=_COUNT, full=_COUNT, proof=_COUNT),
        findings=_list({"$ref": "#/$defs/finding"}),
        problems=_list(_TEXT),
    )
    predictions = _object(predictions=_list({"$ref": "#/$defs/prediction"}))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reconciler report",
        "type": "object",
        "properties": {**report["properties"], **predictions["properties"]},
        "oneOf": [{"required": report["required"]}, {"required": predictions["required"]}],
        "$defs": {
            "finding": _finding(),
            "prediction": {"allOf": [{"$ref": "#/$defs/finding"}, _object(predicted={"const": True})]},
            "change": _change(),
            "event": _event(),
            "remedy": _remedy(),
        },
    }


def _finding() -> dict[str, Any]:
    finding = _object(
        fingerprint=_TEXT,
        status=_one_of(Status),
        reason=_TEXT,
        workspace=_MAYBE_TEXT,
        address=_MAYBE_TEXT,
        resource_type=_MAYBE_TEXT,
        identity=_object(
            account=_MAYBE_TEXT, region=_MAYBE_TEXT, arn=_MAYBE_TEXT, cluster=_MAYBE_TEXT, name=_MAYBE_TEXT
        ),
        severity=_one_of(Severity),
        rule=_MAYBE_TEXT,
        changes=_list({"$ref": "#/$defs/change"}),
        events=_list({"$ref": "#/$defs/event"}),
        remedy={"$ref": "#/$defs/remedy"},
    )
    # Only where it is true: no report has it.
    finding["properties"]["predicted"] = {"type": "boolean"}
    # Only where there are any.
    finding["properties"]["formerly"] = _list(_TEXT)
    finding["properties"]["trusted"] = _object(name=_TEXT, time=_TIME)
    return finding


def _change() -> dict[str, Any]:
    anything: dict[str, Any] = {}
    change = _object(
        path=_TEXT,
        state=anything,
        live=anything,
        disposition={"enum": [*get_args(Disposition), None]},
        sensitive={"type": "boolean"},
        event_id=_MAYBE_TEXT,
    )
    # Only where there are any.
    change["properties"]["repeated_by"] = _list({"$ref": "#/$defs/event"})
    change["properties"]["trusted"] = _object(name=_TEXT, time=_TIME)
    return change


def _event() -> dict[str, Any]:
    actor = _object(
        kind=_one_of(ActorKind),
        name=_TEXT,
        role=_MAYBE_TEXT,
        session=_MAYBE_TEXT,
        via=_one_of(Via),
        tool=_MAYBE_TEXT,
        workflow=_MAYBE_TEXT,
        source_ip=_MAYBE_TEXT,
        user_agent=_MAYBE_TEXT,
        mfa={"type": "boolean"},
        account=_MAYBE_TEXT,
        arn=_MAYBE_TEXT,
    )
    return _object(id=_TEXT, name=_TEXT, time=_TIME, actor=actor)


def _remedy() -> dict[str, Any]:
    pull_request = _object(url=_TEXT, branch=_TEXT, state=_one_of(PullRequestState))
    remedy = _object(
        kind=_one_of(RemedyKind),
        files=_list(_TEXT),
        diff=_TEXT,
        proof=_one_of(ProofResult),
        reason=_TEXT,
        pull_request={"anyOf": [pull_request, {"type": "null"}]},
    )
    # Only where there are any.
    remedy["properties"]["not_adopted"] = _list(_object(path=_TEXT, why=_TEXT))
    remedy["properties"]["warnings"] = _list(_TEXT)
    return remedy


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _one_of(literal: Any) -> dict[str, Any]:
    return {"enum": list(get_args(literal))}
