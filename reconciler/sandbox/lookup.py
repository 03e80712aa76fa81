"""CloudTrail's LookupEvents over the recorded events (moto 5.2.5 has no such operation).

Enters: the call's JSON input and the records of one region. Leaves: the JSON output, or `LookupRefusedError`. Rules
from the API reference: newest first, at most 50 a page, one lookup attribute, a token is good only with the same
question.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from reconciler.sandbox.identities import Identity, of_access_key

_PAGE = 50


class LookupRefusedError(Exception):
    """The API's own error: its code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def lookup_events(question: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Answer one LookupEvents call; `records` are in the order of recording. Raises LookupRefusedError."""
    size = question.get("MaxResults", _PAGE)
    if not 1 <= size <= _PAGE:
        raise LookupRefusedError("InvalidMaxResultsException", f"The maxResults value must be between 1 and {_PAGE}.")
    matches = _filter(question)
    below = _read_token(question) if question.get("NextToken") else len(records)
    found = [position for position in range(below - 1, -1, -1) if matches(records[position])]
    answer: dict[str, Any] = {"Events": [_event(records[position]) for position in found[:size]]}
    if len(found) > size:
        answer["NextToken"] = _write_token(question, found[size - 1])
    return answer


def _filter(question: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
    start, end = question.get("StartTime"), question.get("EndTime")
    if start is not None and end is not None and start > end:
        raise LookupRefusedError("InvalidTimeRangeException", "The start time must not be after the end time.")
    attributes = question.get("LookupAttributes") or []
    if len(attributes) > 1 or any(a.get("AttributeKey") not in _ATTRIBUTES for a in attributes):
        raise LookupRefusedError("InvalidLookupAttributesException", "Specify one supported lookup attribute.")

    def matches(record: Mapping[str, Any]) -> bool:
        moment = _epoch(record)
        if (start is not None and moment < start) or (end is not None and moment > end):
            return False
        return all(a["AttributeValue"] in _ATTRIBUTES[a["AttributeKey"]](record) for a in attributes)

    return matches


_ATTRIBUTES: Mapping[str, Callable[[Mapping[str, Any]], Sequence[str]]] = {
    "EventId": lambda record: [record["eventID"]],
    "EventName": lambda record: [record["eventName"]],
    "EventSource": lambda record: [record["eventSource"]],
    "ReadOnly": lambda record: [_read_only(record)],
    "Username": lambda record: [_identity(record).user_name],
    "AccessKeyId": lambda record: [record["userIdentity"]["accessKeyId"]],
    "ResourceName": lambda record: [resource["ResourceName"] for resource in _resources(record)],
    "ResourceType": lambda record: [resource["ResourceType"] for resource in _resources(record)],
}


def _event(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": _read_only(record),
        "AccessKeyId": record["userIdentity"]["accessKeyId"],
        "EventTime": _epoch(record),
        "EventSource": record["eventSource"],
        "Username": _identity(record).user_name,
        "Resources": _resources(record),
        "CloudTrailEvent": json.dumps(record, separators=(",", ":")),
    }


def _resources(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return no resources: CloudTrail knows none for ECS calls."""
    return []


def _read_only(record: Mapping[str, Any]) -> str:
    return "true" if record["readOnly"] else "false"


def _identity(record: Mapping[str, Any]) -> Identity:
    return of_access_key(record["userIdentity"]["accessKeyId"])


def _epoch(record: Mapping[str, Any]) -> int:
    return int(datetime.fromisoformat(record["eventTime"]).timestamp())


def _same_question(question: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in question.items() if key not in ("NextToken", "MaxResults")}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def _write_token(question: Mapping[str, Any], position: int) -> str:
    return base64.urlsafe_b64encode(f"{position}:{_same_question(question)}".encode()).decode()


def _read_token(question: Mapping[str, Any]) -> int:
    try:
        position, _, asked = base64.urlsafe_b64decode(question["NextToken"]).decode().partition(":")
        if asked == _same_question(question):
            return int(position)
    except ValueError:
        pass
    raise LookupRefusedError("InvalidNextTokenException", "The token is invalid, or was given for another question.")
