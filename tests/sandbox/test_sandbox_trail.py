"""Records are delivered as CloudTrail and EventBridge deliver them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox

KEY = re.compile(
    r"AWSLogs/123456789012/CloudTrail/us-east-1/\d{4}/\d\d/\d\d/"
    r"123456789012_CloudTrail_us-east-1_\d{8}T\d{4}Z_[0-9a-zA-Z]{16}\.json\.gz"
)


@pytest.fixture
def cloudtrail(sandbox: Sandbox) -> Any:
    return sandbox.client("cloudtrail")


def look_up(cloudtrail: Any, **question: Any) -> list[dict[str, Any]]:
    pages = cloudtrail.get_paginator("lookup_events").paginate(**question)
    return [event for page in pages for event in page["Events"]]


def test_lookup_pages_through_every_record_newest_first(sandbox, cloudtrail, ecs):
    for _ in range(5):
        ecs.list_clusters()

    pages = list(cloudtrail.get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 2}))
    found = [event["EventId"] for page in pages for event in page["Events"]]

    assert len(pages) > 2
    assert found == [record["eventID"] for record in reversed(sandbox.records())]


def test_records_that_arrive_between_pages_do_not_shift_them(cloudtrail, ecs):
    for _ in range(4):
        ecs.list_clusters()
    first = cloudtrail.lookup_events(MaxResults=2)
    ecs.list_clusters()

    second = cloudtrail.lookup_events(MaxResults=2, NextToken=first["NextToken"])

    ids = [event["EventId"] for event in first["Events"] + second["Events"]]
    assert len(set(ids)) == 4


def test_an_event_carries_the_record_as_text(sandbox, cloudtrail, ecs, cluster):
    event = cloudtrail.lookup_events(MaxResults=1)["Events"][0]

    assert json.loads(event["CloudTrailEvent"]) == sandbox.records()[-1]
    assert event["EventName"] == "CreateCluster"
    assert event["EventSource"] == "ecs.amazonaws.com"
    assert event["ReadOnly"] == "false"
    assert event["Username"] == "ops-admin"
    assert event["AccessKeyId"] == "AKIAOPSADMIN0EXAMPLE"
    assert abs(datetime.now(UTC) - event["EventTime"]) < timedelta(seconds=60)
    assert event["Resources"] == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("EventSource", "ecs.amazonaws.com", lambda record: record["eventSource"] == "ecs.amazonaws.com"),
        ("EventSource", "ec2.amazonaws.com", lambda record: False),
        ("EventName", "CreateCluster", lambda record: record["eventName"] == "CreateCluster"),
        ("ReadOnly", "false", lambda record: not record["readOnly"]),
        ("ReadOnly", "true", lambda record: record["readOnly"]),
        ("Username", "jane@example.com", lambda record: "jane" in record["userIdentity"]["arn"]),
    ],
)
def test_lookup_filters_by_one_attribute(sandbox, cloudtrail, cluster, key, value, expected):
    sandbox.client("ecs", "jane").list_clusters()

    found = look_up(cloudtrail, LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}])

    assert {event["EventId"] for event in found} == {r["eventID"] for r in sandbox.records() if expected(r)}


def test_lookup_keeps_to_the_time_asked_for(cloudtrail, ecs, cluster):
    now = datetime.now(UTC)

    assert look_up(cloudtrail, StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=5))
    assert look_up(cloudtrail, StartTime=now + timedelta(minutes=5)) == []
    assert look_up(cloudtrail, EndTime=now - timedelta(minutes=5)) == []


def test_lookup_answers_for_its_own_region_only(sandbox, cloudtrail):
    sandbox.client("ecs", region="eu-west-1").list_clusters()

    here = look_up(cloudtrail)
    there = look_up(sandbox.client("cloudtrail", region="eu-west-1"))

    assert len(there) == 1
    assert there[0]["EventId"] not in {event["EventId"] for event in here}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"NextToken": "bm9uc2Vuc2U="}, "InvalidNextTokenException"),
        ({"NextToken": "%%%"}, "InvalidNextTokenException"),
        ({"StartTime": 2_000_000_000, "EndTime": 1_000_000_000}, "InvalidTimeRangeException"),
        (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "A"}] * 2},
            "InvalidLookupAttributesException",
        ),
    ],
)
def test_lookup_refuses_what_the_api_refuses(cloudtrail, question, code):
    with pytest.raises(ClientError) as refused:
        cloudtrail.lookup_events(**question)

    assert refused.value.response["Error"]["Code"] == code


def test_a_token_serves_only_the_question_it_was_given_for(cloudtrail, ecs):
    for _ in range(3):
        ecs.list_clusters()
    token = cloudtrail.lookup_events(MaxResults=1)["NextToken"]

    with pytest.raises(ClientError, match="InvalidNextTokenException"):
        cloudtrail.lookup_events(
            NextToken=token, LookupAttributes=[{"AttributeKey": "ReadOnly", "AttributeValue": "true"}]
        )


def test_log_files_lie_on_disk_and_in_the_bucket_under_cloudtrails_key(sandbox, ecs):
    sandbox.flush()
    ecs.list_clusters()
    (path,) = sandbox.flush()

    key = path.relative_to(sandbox.log_directory).as_posix()
    assert KEY.fullmatch(key)
    stored = sandbox.client("s3").get_object(Bucket=sandbox.trail_bucket, Key=key)["Body"].read()
    assert stored == path.read_bytes()
    assert json.loads(gzip.decompress(stored))["Records"][-1] == sandbox.records()[-1]


def test_a_flush_writes_only_what_is_new(sandbox, ecs):
    sandbox.flush()

    assert sandbox.flush() == []
    ecs.list_clusters()
    (path,) = sandbox.flush()
    assert len(json.loads(gzip.decompress(path.read_bytes()))["Records"]) == 1


def test_each_region_has_its_own_log_file(sandbox, ecs):
    sandbox.flush()
    ecs.list_clusters()
    sandbox.client("ecs", region="ap-northeast-1").list_clusters()

    assert sorted(path.name.split("_")[2] for path in sandbox.flush()) == ["ap-northeast-1", "us-east-1"]
