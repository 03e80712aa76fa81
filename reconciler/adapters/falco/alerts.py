"""One of Falco's alerts in, the CloudTrail record that it is about out.

An alert has the fields that its rule prints, and no others. The names are those of Falco's cloudtrail plugin: the whole
request, response and additional data since 0.12.0, as JSON in a string, the text `null` where the record has a null.
What a record does not have is null in the alert. Objects that the plugin does not give come through Falco's json
plugin, as `json.value[/pointer]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from reconciler.adapters.cloudtrail.jsonvalues import DECODER
from reconciler.adapters.falco.identity import identity_of
from reconciler.model import Broken, Json, JsonObject, Record, Skipped

SOURCE = "aws_cloudtrail"
"""Falco's event source of the cloudtrail plugin."""

ADVICE = "load the rules that `reconciler falco-rules` writes"

_TEXTS = {
    "eventID": "ct.id",
    "eventName": "ct.name",
    "eventSource": "ct.src",
    "awsRegion": "ct.region",
    "sourceIPAddress": "ct.srcip",
    "userAgent": "ct.useragent",
    "errorCode": "ct.error",
    "errorMessage": "ct.errormessage",
    "readOnly": "ct.readonly",
    "requestID": "ct.requestid",
    "eventType": "ct.eventtype",
    "recipientAccountId": "ct.recipientaccountid",
}
_OBJECTS = {
    "requestParameters": "ct.request",
    "responseElements": "ct.response",
    "additionalEventData": "ct.additionaleventdata",
}
_IDENTITY = "userIdentity"
_ABSENT = "<NA>"  # what Falco prints for a field without a value, outside of JSON
_VALUE = re.compile(r"(?:json|jevt)\.value\[/?(\w+)\]")
_LONGEST_NAME = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_alert(value: JsonObject) -> bool:
    """Tell whether a JSON object is an alert of Falco's, of whatever event source."""
    return isinstance(value.get("output_fields"), Mapping) and isinstance(value.get("rule"), str)


def read_alert(alert: JsonObject, where: str) -> Record | Skipped | Broken:
    """Return the record that an alert (see `is_alert`) is about; never raises.

    Alerts of other event sources, and those that do not name a call at all, are skipped with the rule's name. One that
    names a call without what tells its resources is broken: which resource it changed must not be guessed.
    """
    fields, rule = alert["output_fields"], alert["rule"][:_LONGEST_NAME]
    if alert.get("source") not in (None, SOURCE):
        return Skipped(reason="not_an_api_call", where=where, name=rule)
    try:
        body = _body(fields, alert)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else "invalid"
        return Broken(f"the alert of Falco's rule {rule!r}: the JSON in one of its fields is {reason}", where)
    if "eventName" not in body and "eventSource" not in body:
        return Skipped(reason="unsupported", where=where, name=rule)
    if missing := _missing(body, fields):
        return Broken(f"Falco's rule {rule!r} does not print {', '.join(missing)}: {ADVICE}", where)
    return Record(body=body, where=where)


def _body(fields: JsonObject, alert: JsonObject) -> JsonObject:
    body: dict[str, Json] = {
        "eventTime": _time(fields, alert),
        "eventType": "AwsApiCall",
        "eventSource": _long_source(fields),
        _IDENTITY: identity_of(fields),
    }
    printed = {member: fields.get(name) for member, name in (*_TEXTS.items(), *_OBJECTS.items())}
    printed |= {match[1]: value for name, value in fields.items() if (match := _VALUE.fullmatch(name))}
    for member, value in printed.items():
        if value not in (None, "", _ABSENT):
            body[member] = _decoded(value) if member in _OBJECTS or member == _IDENTITY else value
    return {member: value for member, value in body.items() if value is not None}


def _missing(body: JsonObject, fields: JsonObject) -> list[str]:
    missing = [_TEXTS[member] for member in ("eventSource", "eventName") if member not in body]
    # A null that the record has is a null in the alert as well; what the rule does not print is no field.
    asked = "requestParameters" in body or any(name == "ct.request" or _asks(name) for name in fields)
    return missing if asked else [*missing, "ct.request"]


def _asks(name: str) -> bool:
    match = _VALUE.fullmatch(name)
    return match is not None and match[1] == "requestParameters"


def _long_source(fields: JsonObject) -> str | None:
    short = fields.get("ct.shortsrc")
    return f"{short}.amazonaws.com" if isinstance(short, str) and short not in ("", _ABSENT) else None


def _decoded(value: Json) -> Json:
    return DECODER.decode(value) if isinstance(value, str) else value


def _time(fields: JsonObject, alert: JsonObject) -> Json:
    """Return the record's time. Falco's own is the same: nanoseconds since 1970 in a field, text beside the fields."""
    known = fields.get("ct.time")
    if isinstance(known, str) and known not in ("", _ABSENT):
        return known
    since = fields.get("evt.time.iso8601", fields.get("evt.rawtime"))
    if isinstance(since, int | float) and not isinstance(since, bool):
        try:
            return (_EPOCH + timedelta(microseconds=int(since) // 1000)).isoformat()
        except (OverflowError, ValueError):
            return None
    return alert.get("time")
