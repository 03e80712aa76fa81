"""What carries CloudTrail records, and how to take them out.

One function per carrier, tried in order; a new carrier is one entry in `_CARRIERS`. Carriers nest (an S3 notification
in SNS in SQS), and inner ones are JSON in a JSON string.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from reconciler.adapters.cloudtrail.jsonvalues import DECODER
from reconciler.adapters.cloudtrail.rows import as_record, athena_rows, is_lake_row, is_row, lake_row
from reconciler.adapters.cloudtrail.skimming import is_api_call
from reconciler.adapters.falco.alerts import is_alert, read_alert
from reconciler.model import Broken, Json, JsonObject, Record, Skipped

Item = Record | Skipped | Broken

_DEEPEST = 8
_LONGEST = 16 * 1024 * 1024
_RECORD_MEMBERS = ("eventSource", "eventName", "eventVersion", "eventType", "userIdentity")
_API_CALL = "AWS API Call via CloudTrail"
_NEW_OBJECT = "Object Created"


class NewFile(NamedTuple):
    """News of an object in S3, which may be a log file; what the news leaves out is None."""

    bucket: str | None
    key: str | None
    where: str


def unwrap(value: Json, where: str) -> Iterator[Item]:
    """Yield the records in a decoded value, whatever carries them.

    Known things that are no records, such as digests and notifications of new files, are skipped as
    `not_an_api_call`; anything else is broken.
    """
    for item in contents(value, where):
        yield Skipped(reason="not_an_api_call", where=item.where) if isinstance(item, NewFile) else item


def contents(value: Json, where: str, depth: int = 0) -> Iterator[Item | NewFile]:
    """Yield what `unwrap` does, for a feed that can fetch the new files that it is told of."""
    if depth > _DEEPEST:
        yield Broken(f"envelopes within envelopes, more than {_DEEPEST} deep", where)
    elif is_lake_row(value):
        yield Record(body=as_record(lake_row(value)), where=where)
    elif isinstance(value, list):
        yield from _each(value, where, depth)
    elif not isinstance(value, Mapping):
        yield Broken("no CloudTrail record: not a JSON object", where)
    else:
        yield from _unwrap_object(value, where, depth)


def _unwrap_object(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    if is_api_call(value):
        yield Record(body=value, where=where)
        return
    for carrier in _CARRIERS:
        if carrier.fits(value):
            yield from carrier.open(value, where, depth)
            return
    if any(name in value for name in _RECORD_MEMBERS):
        yield Record(body=value, where=where)
    else:
        yield Broken("neither a CloudTrail record nor anything known to carry one", where)


def _each(values: Iterable[Json], where: str, depth: int) -> Iterator[Item | NewFile]:
    items = list(values)
    for number, item in enumerate(items, start=1):
        yield from contents(item, where if len(items) == 1 else f"{where}:{number}", depth + 1)


def decoded(text: Json, where: str, depth: int = 0) -> Iterator[Item | NewFile]:
    """Yield the contents of JSON that stands in a string."""
    if not isinstance(text, str):
        yield from contents(text, where, depth + 1)
        return
    try:
        value = DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply, or no JSON number"
        yield Broken(f"the message inside is invalid JSON: {reason}", where)
        return
    yield from contents(value, where, depth + 1)


def _texts(values: Iterable[Json], member: str, where: str, depth: int) -> Iterator[Item | NewFile]:
    items = list(values)
    for number, item in enumerate(items, start=1):
        place = where if len(items) == 1 else f"{where}:{number}"
        if isinstance(item, Mapping) and member in item:
            yield from decoded(item[member], place, depth)
        else:
            yield Broken(f"an entry without {member}", place)


class Carrier(NamedTuple):
    """One kind of envelope: how it is known, and what is in it."""

    fits: Callable[[JsonObject], bool]
    open: Callable[[JsonObject, str, int], Iterator[Item | NewFile]]


def _lists(member: str) -> Callable[[JsonObject], bool]:
    return lambda value: isinstance(value.get(member), list)


def _has(*names: str) -> Callable[[JsonObject], bool]:
    return lambda value: all(name in value for name in names)


def _is_event(value: JsonObject) -> bool:
    return isinstance(value.get("detail"), Mapping) and ("detail-type" in value or "source" in value)


def _open_event(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    # aws.ecs also sends state changes, whose eventName is no API call.
    if value.get("detail-type", _API_CALL) == _API_CALL:
        yield from contents(value["detail"], where, depth + 1)
    elif value["detail-type"] == _NEW_OBJECT and value.get("source") == "aws.s3":
        yield NewFile(
            _text(_at(value, "detail", "bucket", "name")), _text(_at(value, "detail", "object", "key")), where
        )
    else:
        yield Skipped(reason="not_an_api_call", where=where, event_id=_text(value.get("id")))


def _no_record(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    yield Skipped(reason="not_an_api_call", where=where)


def _open_log_group(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    # CloudWatch Logs sends control messages to test a subscription.
    if value.get("messageType", "DATA_MESSAGE") == "DATA_MESSAGE":
        yield from _texts(value["logEvents"], "message", where, depth)
    else:
        yield Skipped(reason="not_an_api_call", where=where)


def _open_log_data(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    data = value["awslogs"].get("data")
    try:
        packed = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
        text = zlib.decompressobj(wbits=31).decompress(packed, _LONGEST).decode()
    except (binascii.Error, zlib.error, ValueError):
        yield Broken("the CloudWatch Logs data is not gzip in base64", where)
        return
    yield from decoded(text, where, depth)


def _is_file_notification(value: JsonObject) -> bool:
    return isinstance(value.get("s3"), Mapping) and str(value.get("eventSource")).startswith("aws:s3")


def _open_notification(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    # S3 encodes keys in its notifications as forms do, and tells of removals the same way.
    if str(value.get("eventName", "ObjectCreated")).removeprefix("s3:").startswith("ObjectCreated"):
        key = _text(_at(value, "s3", "object", "key"))
        yield NewFile(_text(_at(value, "s3", "bucket", "name")), key and unquote_plus(key), where)
    else:
        yield Skipped(reason="not_an_api_call", where=where)


def _open_delivery(value: JsonObject, where: str, depth: int) -> Iterator[Item | NewFile]:
    # CloudTrail's own message of the log files that it has delivered; keys stand as they are.
    keys = value["s3ObjectKey"]
    for key in keys if isinstance(keys, list) else [keys]:
        yield NewFile(_text(value["s3Bucket"]), _text(key), where)


def _at(value: Json, *names: str) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


_CARRIERS = (
    # An S3 log file; also what Lambda gets from SQS, SNS and S3, whose members are carriers themselves.
    Carrier(_lists("Records"), lambda v, w, d: _each(v["Records"], w, d)),
    Carrier(_lists("Events"), lambda v, w, d: _texts(v["Events"], "CloudTrailEvent", w, d)),
    Carrier(_has("CloudTrailEvent"), lambda v, w, d: decoded(v["CloudTrailEvent"], w, d)),
    Carrier(_is_event, _open_event),
    # Answers of CloudTrail Lake and Athena, and rows of theirs that were exported one by one.
    Carrier(_lists("QueryResultRows"), lambda v, w, d: _each(v["QueryResultRows"], w, d)),
    Carrier(lambda v: isinstance(_at(v, "ResultSet", "Rows"), list), lambda v, w, d: _each(athena_rows(v), w, d)),
    Carrier(is_row, lambda v, w, d: iter((Record(body=as_record(v), where=w),))),
    Carrier(_lists("logEvents"), _open_log_group),
    Carrier(lambda v: isinstance(v.get("awslogs"), Mapping), _open_log_data),
    Carrier(_lists("events"), lambda v, w, d: _texts(v["events"], "message", w, d)),
    # SNS, within SQS or by itself; subscription confirmations come the same way.
    Carrier(
        lambda v: isinstance(v.get("Sns"), Mapping),
        lambda v, w, d: contents(v["Sns"], w, d + 1),
    ),
    Carrier(
        lambda v: "Message" in v and ("TopicArn" in v or v.get("Type") == "Notification"),
        lambda v, w, d: (
            decoded(v["Message"], w, d) if v.get("Type", "Notification") == "Notification" else _no_record(v, w, d)
        ),
    ),
    # SQS: Lambda's members are lower case, ReceiveMessage's upper case.
    Carrier(_lists("Messages"), lambda v, w, d: _texts(v["Messages"], "Body", w, d)),
    Carrier(_has("body", "messageId"), lambda v, w, d: decoded(v["body"], w, d)),
    Carrier(_has("Body", "MessageId"), lambda v, w, d: decoded(v["Body"], w, d)),
    # Falco: the record is rebuilt from the alert's fields.
    Carrier(is_alert, lambda v, w, d: iter((read_alert(v, w),))),
    # News of files.
    Carrier(_is_file_notification, _open_notification),
    Carrier(_has("s3Bucket", "s3ObjectKey"), _open_delivery),
    # Known, but no records: digests, S3's own test.
    Carrier(_has("digestS3Object"), _no_record),
    Carrier(lambda v: v.get("Event") == "s3:TestEvent", _no_record),
)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
