"""Records out of whatever carries them."""

from __future__ import annotations

import base64
import gzip
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.cloudtrail.envelopes import unwrap
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.model import Broken, Record, Skipped

RECORD = {"eventSource": "ecs.amazonaws.com", "eventName": "UpdateService", "eventID": "e"}
EVENT = {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.ecs", "detail": RECORD}
NOTICE = {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"object": {"key": "k"}}}]}


def sns(inner: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:t", "Message": json.dumps(inner), **more}


def logs(*messages: Any, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    return {"messageType": kind, "logEvents": [{"id": "1", "message": json.dumps(one)} for one in messages]}


def awslogs(inner: Any) -> dict[str, Any]:
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(inner).encode())).decode()}}


@pytest.mark.parametrize(
    "carrier",
    [
        RECORD,
        [RECORD],
        {"Records": [RECORD]},
        EVENT,
        {"Events": [{"EventId": "e", "CloudTrailEvent": json.dumps(RECORD)}]},
        {"EventId": "e", "CloudTrailEvent": json.dumps(RECORD)},
        sns(RECORD),
        sns(EVENT),
        {"messageId": "m", "body": json.dumps(EVENT)},
        {"Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": json.dumps(sns(EVENT))}]},
        {"Messages": [{"MessageId": "m", "Body": json.dumps(EVENT)}]},
        {"Records": [{"EventSource": "aws:sns", "Sns": sns(EVENT)}]},
        logs(RECORD),
        awslogs(logs(RECORD)),
        {"events": [{"timestamp": 1, "message": json.dumps(RECORD)}]},
    ],
)
def test_one_record_in_each_carrier(carrier: Any) -> None:
    assert list(unwrap(carrier, "f:1")) == [Record(body=RECORD, where="f:1")]


def test_several_records_have_several_places() -> None:
    carrier = {"messageId": "m", "body": json.dumps([EVENT, EVENT])}
    assert [item.where for item in unwrap(carrier, "f:7")] == ["f:7:1", "f:7:2"]
    assert [item.where for item in unwrap(logs(RECORD, RECORD), "f:7")] == ["f:7:1", "f:7:2"]


@pytest.mark.parametrize(
    "carrier",
    [
        NOTICE,
        sns(NOTICE),
        {"Records": [{"messageId": "m", "body": json.dumps(sns(NOTICE))}]},
        {"s3Bucket": "b", "s3ObjectKey": ["k"]},
        {"digestS3Bucket": "b", "digestS3Object": "k", "logFiles": []},
        {"Service": "Amazon S3", "Event": "s3:TestEvent"},
        {**EVENT, "detail-type": "ECS Service Action", "detail": {"eventName": "SERVICE_STEADY_STATE"}},
        sns(RECORD, Type="SubscriptionConfirmation"),
        logs(RECORD, kind="CONTROL_MESSAGE"),
    ],
)
def test_what_carries_no_record_is_skipped_with_the_reason(carrier: Any) -> None:
    (item,) = unwrap(carrier, "f:1")
    assert isinstance(item, Skipped)
    assert (item.reason, item.where) == ("not_an_api_call", "f:1")


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1},
        5,
        None,
        "text",
        [5],
        {"Records": [None]},
        {"Events": [{"EventId": "e"}]},
        {"CloudTrailEvent": "{not json"},
        {"CloudTrailEvent": None},
        {"messageId": "m", "body": ""},
        sns(RECORD, Message="plain words"),
        {"awslogs": {"data": "%%%"}},
        {"awslogs": {"data": base64.b64encode(b"no gzip").decode()}},
        {"awslogs": {}},
        {"output_fields": {"ct.name": "UpdateService"}, "rule": "r"},
    ],
)
def test_what_is_unknown_or_damaged_is_broken(value: Any) -> None:
    (item,) = unwrap(value, "f:1")
    assert isinstance(item, Broken)
    assert item.reason
    assert item.where.startswith("f:1")


def test_envelopes_without_end_are_broken() -> None:
    value: Any = RECORD
    for _ in range(20):
        value = {"Records": [value]}
    (item,) = unwrap(value, "f:1")
    assert isinstance(item, Broken)


KEYS = st.sampled_from(
    [
        "Records",
        "Events",
        "CloudTrailEvent",
        "detail",
        "detail-type",
        "logEvents",
        "events",
        "message",
        "awslogs",
        "data",
        "Sns",
        "Message",
        "Type",
        "TopicArn",
        "Messages",
        "Body",
        "MessageId",
        "body",
        "messageId",
        "s3",
        "eventSource",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.integers(), st.sampled_from(["", "x", "[]", "{}", json.dumps(RECORD), "aws:s3", "Notification"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=10,
)


@given(value=VALUES)
def test_any_json_as_an_envelope(value: Any) -> None:
    for item in unwrap(value, "f"):
        assert isinstance(item, Record | Skipped | Broken)


LOG = json.dumps({"Records": [{**RECORD, "eventVersion": "1.08"}] * 3}, indent=1).encode()


@given(
    base=st.sampled_from([b"", LOG, gzip.compress(LOG), json.dumps(RECORD).encode() + b"\n"]),
    noise=st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=6)), max_size=5),
    cut=st.integers(0, 700),
)
def test_any_bytes_as_a_file(base: bytes, noise: list[tuple[int, bytes]], cut: int) -> None:
    content = base[:cut]
    for position, piece in noise:
        content = content[:position] + piece + content[position:]
    descriptor, name = tempfile.mkstemp()
    try:
        os.write(descriptor, content)
        os.close(descriptor)
        for only in (frozenset[str](), frozenset({"s3.amazonaws.com"})):
            for item in FileSource([Path(name)], only=only).records(None):
                assert isinstance(item, Record | Skipped | Broken)
    finally:
        Path(name).unlink()
