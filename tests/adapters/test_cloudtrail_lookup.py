"""LookupEvents over the wire, against a loopback server that speaks its protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from reconciler.adapters.cloudtrail.lookup import LookupSource
from reconciler.errors import SourceError
from reconciler.model import Broken, Record

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
Answer = dict[str, Any] | tuple[int, dict[str, Any]]


class CloudTrail:
    """The server: `answer` makes an answer from a question and its region, or (status, error)."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, dict[str, Any]]] = []
        self.answer: Callable[[str, dict[str, Any]], Answer] = lambda region, question: {"Events": []}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.headers["X-Amz-Target"].endswith(".LookupEvents")
                region = self.headers["Authorization"].split("/")[2]
                outer.questions.append((region, question))
                answer = outer.answer(region, question)
                status, body = answer if isinstance(answer, tuple) else (200, answer)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_port}",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }


@pytest.fixture
def cloudtrail() -> Iterator[CloudTrail]:
    made = CloudTrail()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds

    def clock(self) -> float:
        return self.moment


def source(cloudtrail: CloudTrail, *regions: str, time: Time | None = None, **more: Any) -> LookupSource:
    time = time or Time()
    return LookupSource(
        regions or ("eu-central-1",),
        now=lambda: NOW,
        sleep=time.sleep,
        clock=time.clock,
        environment=cloudtrail.environment,
        **more,
    )


def event(number: int, second: int | None = None) -> dict[str, Any]:
    at = (NOW - timedelta(seconds=number if second is None else second)).timestamp()
    body = {"eventSource": "ecs.amazonaws.com", "eventName": "UpdateService", "eventID": f"e-{number}"}
    return {"EventId": f"e-{number}", "EventTime": at, "ReadOnly": "false", "CloudTrailEvent": json.dumps(body)}


def of_ecs(question: dict[str, Any]) -> bool:
    return question["LookupAttributes"][0]["AttributeValue"] == "ecs.amazonaws.com"


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_pages_are_followed_to_the_end(cloudtrail: CloudTrail) -> None:
    def pages(region: str, question: dict[str, Any]) -> dict[str, Any]:
        if not of_ecs(question):
            return {"Events": []}
        page = int(question.get("NextToken", "0"))
        return {"Events": [event(page)], **({"NextToken": str(page + 1)} if page < 2 else {})}

    cloudtrail.answer = pages
    items = list(source(cloudtrail).records(None))
    assert [item.body["eventID"] for item in items if isinstance(item, Record)] == ["e-0", "e-1", "e-2"]
    assert items[1].where == "cloudtrail-lookup eu-central-1:e-1"
    asked = [question["LookupAttributes"] for _, question in cloudtrail.questions]
    services = ["ecs", "ecs", "ecs", "autoscaling", "servicediscovery"]
    assert asked == [
        [{"AttributeKey": "EventSource", "AttributeValue": f"{service}.amazonaws.com"}] for service in services
    ]


def test_events_of_one_second_come_oldest_first_over_the_end_of_a_page(cloudtrail: CloudTrail) -> None:
    def newest_first(region: str, question: dict[str, Any]) -> dict[str, Any]:
        if not of_ecs(question):
            return {"Events": []}
        if "NextToken" in question:
            return {"Events": [event(2, second=1), event(1, second=2)]}
        return {"Events": [event(4, second=0), event(3, second=1)], "NextToken": "more"}

    cloudtrail.answer = newest_first
    items = list(source(cloudtrail).records(None))
    assert [item.body["eventID"] for item in items if isinstance(item, Record)] == ["e-4", "e-2", "e-3", "e-1"]


def test_iam_is_asked_for_only_where_it_is_recorded(cloudtrail: CloudTrail) -> None:
    list(source(cloudtrail, "eu-central-1", "us-east-1", "cn-north-1").records(None))
    asked = [(region, question["LookupAttributes"][0]["AttributeValue"]) for region, question in cloudtrail.questions]
    assert [region for region, name in asked if name == "iam.amazonaws.com"] == ["us-east-1", "cn-north-1"]


def test_at_most_two_calls_a_second_in_a_region(cloudtrail: CloudTrail) -> None:
    time = Time()
    list(source(cloudtrail, "eu-central-1", "eu-west-1", time=time).records(None))
    assert time.slept == [0.5] * 4  # between the three calls of each region, not between the regions


def test_the_first_window_is_as_long_as_asked(cloudtrail: CloudTrail) -> None:
    list(source(cloudtrail, since=timedelta(hours=2)).records(None))
    _, question = cloudtrail.questions[0]
    assert moment(question["StartTime"]) == NOW - timedelta(hours=2)
    assert moment(question["EndTime"]) == NOW


def test_the_next_window_overlaps_the_last(cloudtrail: CloudTrail) -> None:
    first = source(cloudtrail)
    assert first.cursor() is None
    list(first.records(None))
    cloudtrail.questions.clear()
    second = source(cloudtrail)
    list(second.records(first.cursor()))
    assert moment(cloudtrail.questions[0][1]["StartTime"]) == NOW - timedelta(minutes=15)
    assert second.cursor() == first.cursor() == json.dumps({"eu-central-1": NOW.isoformat()})


@pytest.mark.parametrize("cursor", ["", "not json", "[]", '{"eu-central-1": 5}', '{"eu-central-1": "2024-05-01"}'])
def test_a_cursor_that_cannot_be_read_starts_over(cloudtrail: CloudTrail, cursor: str) -> None:
    list(source(cloudtrail).records(cursor))
    assert moment(cloudtrail.questions[0][1]["StartTime"]) == NOW - timedelta(hours=24)


def test_a_position_from_a_clock_that_was_ahead_is_none(cloudtrail: CloudTrail) -> None:
    ahead = source(cloudtrail)
    list(ahead.records(json.dumps({"eu-central-1": (NOW + timedelta(days=365)).isoformat()})))
    _, question = cloudtrail.questions[0]
    assert moment(question["StartTime"]) == NOW - timedelta(hours=24)
    assert ahead.cursor() == json.dumps({"eu-central-1": NOW.isoformat()})


def test_no_window_is_longer_than_cloudtrail_keeps_events(cloudtrail: CloudTrail) -> None:
    list(source(cloudtrail, since=timedelta(days=400)).records(None))
    assert moment(cloudtrail.questions[0][1]["StartTime"]) == NOW - timedelta(days=90)


def test_a_region_that_fails_is_told_and_asked_again_the_next_time(cloudtrail: CloudTrail) -> None:
    def only_one(region: str, question: dict[str, Any]) -> Answer:
        if region == "us-east-1":
            return 400, {"__type": "AccessDeniedException", "Message": "no"}
        return {"Events": [event(1)]} if of_ecs(question) else {"Events": []}

    cloudtrail.answer = only_one
    before = json.dumps({"us-east-1": "2024-04-01T00:00:00+00:00"})
    feed = source(cloudtrail, "us-east-1", "eu-central-1")
    record, broken = feed.records(before)
    assert isinstance(record, Record)
    assert isinstance(broken, Broken)
    assert broken.where == "cloudtrail-lookup us-east-1"
    assert json.loads(feed.cursor() or "") == {
        "us-east-1": "2024-04-01T00:00:00+00:00",
        "eu-central-1": NOW.isoformat(),
    }


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "cloudtrail:LookupEvents"),
        ("ExpiredTokenException", "expired; sign in again"),
        ("UnrecognizedClientException", "does not accept the credentials"),
        ("InvalidTimeRangeException", "AWS answered InvalidTimeRangeException"),
    ],
)
def test_a_refusal_says_what_to_do(cloudtrail: CloudTrail, code: str, advice: str) -> None:
    cloudtrail.answer = lambda region, question: (400, {"__type": code, "Message": "sensitive words"})
    feed = source(cloudtrail)
    with pytest.raises(SourceError, match=advice) as raised:
        list(feed.records(None))
    assert "sensitive" not in str(raised.value)
    assert feed.cursor() is None


def test_without_credentials_the_sentence_says_so(
    cloudtrail: CloudTrail, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    environment = {"AWS_ENDPOINT_URL": cloudtrail.environment["AWS_ENDPOINT_URL"]}
    with pytest.raises(SourceError, match="no AWS credentials were found"):
        list(LookupSource(["eu-central-1"], environment=environment).records(None))
    with pytest.raises(SourceError, match="there is no AWS profile 'audit'"):
        list(LookupSource(["eu-central-1"], profile="audit", environment=environment).records(None))


def test_the_name_tells_regions_and_profile_apart() -> None:
    assert LookupSource(["a-b-1", "c-d-1", "a-b-1"], profile="audit").name == "cloudtrail-lookup:audit:a-b-1,c-d-1"
    assert LookupSource(["a-b-1"]).name == "cloudtrail-lookup:a-b-1"
    assert LookupSource(["a-b-1"]).remembers is True


def test_a_client_lasts_over_readings_until_it_is_refused(
    cloudtrail: CloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconciler.adapters import aws

    made: list[str] = []
    make = aws.client
    monkeypatch.setattr(aws, "client", lambda *words, **more: made.append(more["region"]) or make(*words, **more))
    feed = source(cloudtrail)
    list(feed.records(None))
    list(feed.records(None))
    assert made == ["eu-central-1"]
    cloudtrail.answer = lambda region, question: (400, {"__type": "ExpiredTokenException", "message": "expired"})
    with pytest.raises(SourceError):
        list(feed.records(None))
    cloudtrail.answer = lambda region, question: {"Events": []}
    list(feed.records(None))
    assert made == ["eu-central-1", "eu-central-1"]
