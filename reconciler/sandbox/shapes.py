"""API values as CloudTrail writes them, by walking botocore's model of the operation.

Rules, each seen in genuine records: member names begin with a small letter; members the model calls sensitive are
redacted, with names and structure kept; ECS writes timestamps as text in US order, 12 hours, UTC, without a zone; flags
of the query protocol, whose forms have only text, are flags again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

REDACTED = "***REDACTED***"


@cache
def service_model(service: str) -> Any:
    """Return botocore's model of a service, by its botocore name."""
    import botocore.loaders
    import botocore.model

    return botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model(service, "service-2"), service)


def as_recorded(service: str, action: str, part: str, value: Mapping[str, Any], *, text_times: bool) -> dict[str, Any]:
    """Return an operation's `input` or `output` as CloudTrail records it.

    `text_times` turns timestamps into text like `Feb 1, 2021 1:20:25 PM`; else they stay numbers. Members that the
    model does not know are kept as they are: the recorder reports what was sent.
    """
    operation = service_model(service).operation_model(action)
    shape = operation.input_shape if part == "input" else operation.output_shape
    recorded: dict[str, Any] = _walk(shape, value, text_times)
    return recorded


def _walk(shape: Any, value: Any, text_times: bool) -> Any:
    if shape is None:
        return value
    if _sensitive(shape):
        return _redact(value)
    if shape.type_name == "structure" and isinstance(value, Mapping):
        members = shape.members
        return {
            name[:1].lower() + name[1:]: _walk(members.get(name), member, text_times)
            for name, member in value.items()
            if member is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_walk(shape.member, member, text_times) for member in value]
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: _walk(shape.value, member, text_times) for key, member in value.items()}
    if shape.type_name == "timestamp" and text_times and isinstance(value, int | float):
        return _us_text(value)
    if shape.type_name == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _sensitive(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))


def _redact(value: Any) -> Any:
    """Replace values, keep names: `[{"name": "TOKEN", "value": "***REDACTED***"}]`."""
    if isinstance(value, list):
        return [_redact(member) for member in value]
    if isinstance(value, Mapping):
        return {key: member if key == "name" else REDACTED for key, member in value.items()}
    return REDACTED


def _us_text(epoch: float) -> str:
    moment = datetime.fromtimestamp(epoch, UTC)
    hour = moment.hour % 12 or 12
    return f"{moment:%b} {moment.day}, {moment.year} {hour}:{moment:%M:%S %p}"
