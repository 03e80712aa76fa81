"""A trail's bucket over the wire, in the embedded AWS: what is new, what is late, and what cannot be read."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.adapters.cloudtrail.s3 import S3Source
from reconciler.errors import SourceError
from reconciler.events import SOURCES, parse
from reconciler.model import Broken, ChangeEvent, Record, Skipped, Trust
from reconciler.sandbox import Sandbox

NOW = datetime(2024, 5, 2, 1, 30, tzinfo=UTC)
ACCOUNT = "123456789012"
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def log(*ids: str, source: str = "ecs.amazonaws.com") -> bytes:
    records = [
        {"eventVersion": "1.11", "eventSource": source, "eventName": "X", "eventID": each, "eventType": "AwsApiCall"}
        for each in ids
    ]
    return gzip.compress(json.dumps({"Records": records}, separators=(",", ":")).encode())


@dataclass
class Trail:
    """A bucket of its own, and how it is read."""

    sandbox: Sandbox
    bucket: str

    @property
    def s3(self) -> Any:
        return self.sandbox.client("s3")

    def key(self, time: datetime, *, region: str = "us-east-1", account: str = ACCOUNT, above: str = "AWSLogs/") -> str:
        name = f"{account}_CloudTrail_{region}_{time:%Y%m%dT%H%MZ}_{next(_NUMBERS):016}.json.gz"
        return f"{above}{account}/CloudTrail/{region}/{time:%Y/%m/%d}/{name}"

    def put(self, event: str, *, ago: timedelta = timedelta(hours=1), **place: str) -> str:
        """Deliver a log file of one event; returns its key."""
        key = self.key(NOW - ago, **place)
        self.put_object(key, log(event))
        return key

    def put_object(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def source(self, now: datetime = NOW, **settings: Any) -> S3Source:
        return S3Source(self.bucket, environment=self.sandbox.environment(), now=lambda: now, **settings)


@pytest.fixture
def trail(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Trail:
    # Making a client takes longer than all calls of a test.
    monkeypatch.setattr(aws, "client", lambda service, *_, **__: sandbox.client(service))
    bucket = f"trail-{next(_NUMBERS)}"
    sandbox.client("s3").create_bucket(Bucket=bucket)
    return Trail(sandbox, bucket)


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def read(source: S3Source, cursor: str | None = None) -> tuple[list[Any], str | None]:
    return list(source.records(cursor)), source.cursor()


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_only_new_files_the_second_time(trail: Trail) -> None:
    trail.put("a", ago=hours(3))
    trail.put("b", ago=hours(2))
    first, cursor = read(trail.source())
    trail.put("c")
    second, cursor = read(trail.source(), cursor)
    third, _ = read(trail.source(), cursor)
    assert (ids(first), ids(second), third) == (["a", "b"], ["c"], [])


@pytest.mark.parametrize("late", [hours(0.5), hours(2), hours(5)], ids=str)
def test_a_file_that_appears_behind_a_newer_one_is_read(trail: Trail, late: timedelta) -> None:
    trail.put("newest", ago=hours(0.1))
    _, cursor = read(trail.source())
    trail.put("late", ago=hours(0.1) + late)
    assert ids(read(trail.source(), cursor)[0]) == ["late"]


def test_a_file_of_the_same_minute_whose_name_sorts_first_is_read(trail: Trail) -> None:
    key = trail.key(NOW - hours(1))
    trail.put_object(key.replace(".json.gz", "zz.json.gz"), log("a"))
    _, cursor = read(trail.source())
    trail.put_object(key, log("b"))
    assert ids(read(trail.source(), cursor)[0]) == ["b"]


def test_the_turn_of_the_day_hides_nothing(trail: Trail) -> None:
    trail.put("yesterday", ago=hours(2))
    trail.put("today", ago=hours(0.2))
    first, cursor = read(trail.source())
    trail.put("late yesterday", ago=hours(1.6))
    assert (ids(first), ids(read(trail.source(), cursor)[0])) == (["yesterday", "today"], ["late yesterday"])


def test_the_first_window_is_a_day_or_as_long_as_asked(trail: Trail) -> None:
    trail.put("old", ago=hours(30))
    trail.put("new", ago=hours(20))
    assert ids(read(trail.source())[0]) == ["new"]
    assert ids(read(trail.source(since=hours(48)))[0]) == ["old", "new"]
    assert ids(read(trail.source(since=hours(1)))[0]) == []


def test_a_folder_goes_on_where_it_was_left_however_long_ago(trail: Trail) -> None:
    trail.put("a", ago=hours(100))
    _, cursor = read(trail.source(NOW - hours(99)))
    trail.put("b", ago=hours(90))
    trail.put("first of its region", ago=hours(90), region="eu-west-1")
    assert ids(read(trail.source(), cursor)[0]) == ["first of its region", "b"]


def test_the_cursor_keeps_no_more_than_the_overlap(trail: Trail) -> None:
    for hour in range(20):
        trail.put(f"{hour}", ago=hours(hour + 1))
    _, cursor = read(trail.source())
    (folder,) = json.loads(cursor or "")["folders"].values()
    assert len(folder["read"]) == 7  # six hours, both ends


def test_a_name_from_the_future_does_not_hide_what_comes_until_then(trail: Trail) -> None:
    trail.put("forged", ago=-hours(24 * 365))
    first, cursor = read(trail.source())
    trail.put("b", ago=-hours(2))
    second, cursor = read(trail.source(NOW + hours(3)), cursor)
    assert (ids(first), ids(second)) == (["forged"], ["b"])


@pytest.mark.parametrize(
    "cursor", ["", "x", "[]", "{}", '{"folders": 5}', '{"folders": {"a": {"time": "2024-05-01"}}}']
)
def test_a_cursor_that_cannot_be_read_starts_over(trail: Trail, cursor: str) -> None:
    trail.put("a")
    assert ids(read(trail.source(), cursor)[0]) == ["a"]


def test_an_organisation_s_trail(trail: Trail) -> None:
    trail.put("management", above="AWSLogs/o-ab12cd34ef/")
    trail.put("member", above="AWSLogs/o-ab12cd34ef/", account="210987654321")
    trail.put("own")
    assert sorted(ids(read(trail.source())[0])) == ["management", "member", "own"]
    assert ids(read(trail.source(prefix="AWSLogs/o-ab12cd34ef/210987654321"))[0]) == ["member"]


@pytest.mark.parametrize(
    "prefix",
    ["team", "team/", "team/AWSLogs/", f"team/AWSLogs/{ACCOUNT}/", f"team/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/"],
)
def test_the_prefix_may_be_the_trail_s_or_a_folder_of_its_layout(trail: Trail, prefix: str) -> None:
    trail.put("a", above="team/AWSLogs/")
    trail.put("another trail's")
    assert ids(read(trail.source(prefix=prefix))[0]) == ["a"]


def test_the_regions_wanted_and_no_others(trail: Trail) -> None:
    trail.put("a", region="us-east-1")
    trail.put("b", region="eu-central-1")
    assert ids(read(trail.source(regions=["eu-central-1"]))[0]) == ["b"]
    assert ids(read(trail.source())[0]) == ["b", "a"]


def test_what_is_no_log_file_is_not_read(trail: Trail) -> None:
    trail.put("a")
    for kind in ("CloudTrail-Digest", "CloudTrail-Insight", "Config"):
        trail.put_object(trail.key(NOW - hours(1)).replace("/CloudTrail/", f"/{kind}/"), log("no"))
    trail.put_object(f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2024/05/02/", b"")
    trail.put_object(f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2024/99/99/x.json.gz", log("no"))
    trail.put_object("readme.txt", b"no")
    items, _ = read(trail.source())
    assert ids(items) == ["a"]
    assert len(items) == 1


def test_calls_of_other_services_are_counted_by_file(trail: Trail) -> None:
    key = trail.key(NOW - hours(1))
    trail.put_object(key, log("x", "y", source="s3.amazonaws.com"))
    items, _ = read(trail.source(only=SOURCES))
    assert items == [Skipped(reason="other_service", where=f"s3://{trail.bucket}/{key}", count=2)]


def test_a_file_that_vanishes_is_told_and_the_others_go_on(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = trail.put("gone", ago=hours(2))
    trail.put("b")
    source = trail.source()
    listed = source._listed

    def and_then_removed(*arguments: Any) -> Iterator[tuple[str, datetime]]:
        keys = list(listed(*arguments))
        trail.s3.delete_object(Bucket=trail.bucket, Key=gone)
        yield from keys

    monkeypatch.setattr(source, "_listed", and_then_removed)
    (broken, record), cursor = read(source)
    assert isinstance(broken, Broken)
    assert broken.where == f"s3://{trail.bucket}/{gone}"
    assert "no longer" in broken.reason
    assert ids([record]) == ["b"]
    assert read(trail.source(), cursor)[0] == []


def test_a_damaged_file_gives_what_it_has(trail: Trail) -> None:
    key = trail.key(NOW - hours(1))
    trail.put_object(key, log(*(f"{number}" for number in range(2000)))[:-200])
    trail.put("b", ago=hours(0.5))
    items, cursor = read(trail.source())
    (broken,) = (item for item in items if isinstance(item, Broken))
    assert broken == Broken(
        "broken gzip: the file ends too early; what stands before was read", f"s3://{trail.bucket}/{key}"
    )
    assert {"0", "1000", "b"} <= set(ids(items))
    assert read(trail.source(), cursor)[0] == []


class Refusing:
    """An S3 client some of whose calls are refused."""

    def __init__(self, client: Any, refused: dict[str, str], code: str = "AccessDenied") -> None:
        self.client, self.refused, self.code = client, refused, code
        self.asked = 0

    def list_objects_v2(self, **question: Any) -> Any:
        self.refuse("list", question.get("Prefix", ""))
        return self.client.list_objects_v2(**question)

    def get_object(self, **question: Any) -> Any:
        self.asked += 1
        self.refuse("get", question["Key"])
        return self.client.get_object(**question)

    def refuse(self, call: str, name: str) -> None:
        from botocore.exceptions import ClientError

        if call in self.refused and self.refused[call] in name:
            raise ClientError({"Error": {"Code": self.code, "Message": "sensitive words"}}, call)


def refusing(trail: Trail, source: S3Source, code: str = "AccessDenied", **refused: str) -> Refusing:
    client = Refusing(trail.s3, refused, code)
    source._files.__dict__["_client"] = client
    return client


def test_long_lists_are_read_to_their_end(trail: Trail) -> None:
    class Small(Refusing):
        def list_objects_v2(self, **question: Any) -> Any:
            return self.client.list_objects_v2(**{**question, "MaxKeys": 2})

    for number in range(5):
        trail.put(f"{number}", ago=hours(10 - number))
        trail.put(f"{number} elsewhere", account=f"{number:012}")
    source = trail.source()
    source._files.__dict__["_client"] = Small(trail.s3, {})
    items, cursor = read(source)
    assert len(set(ids(items))) == len(items) == 10
    assert read(trail.source(), cursor)[0] == []


@pytest.mark.parametrize(("call", "permission"), [("list", "s3:ListBucket"), ("get", "s3:GetObject")])
def test_a_refusal_of_everything_names_the_permission_and_moves_nothing(
    trail: Trail, call: str, permission: str
) -> None:
    for number in range(30):
        trail.put(f"{number}")
    source = trail.source()
    client = refusing(trail, source, **{call: ""})
    with pytest.raises(SourceError, match=permission) as raised:
        list(source.records(None))
    assert "sensitive" not in str(raised.value)
    assert client.asked <= 10
    assert len(ids(read(trail.source(), source.cursor())[0])) == 30


def test_a_reader_that_was_refused_works_again_once_it_may(trail: Trail) -> None:
    trail.put("a")
    source = trail.source()
    client = refusing(trail, source, get="")
    with pytest.raises(SourceError):
        list(source.records(None))
    client.refused.clear()
    items, _ = read(source, source.cursor())
    assert (ids(items), len(items)) == (["a"], 1)


def test_a_file_that_may_not_be_read_is_asked_for_again(trail: Trail) -> None:
    locked = trail.put("locked", ago=hours(9))
    trail.put("b", ago=hours(8))
    trail.put("c", ago=hours(0.1))
    source = trail.source()
    refusing(trail, source, get=locked)
    items, cursor = read(source)
    (broken,) = (item for item in items if isinstance(item, Broken))
    assert broken.where == f"s3://{trail.bucket}/{locked}"
    assert "s3:GetObject" in broken.reason
    assert ids(items) == ["b", "c"]
    assert ids(read(trail.source(NOW + hours(1)), cursor)[0]) == ["locked"]


def test_after_a_week_it_is_given_up(trail: Trail) -> None:
    locked = trail.put("locked", ago=hours(9))
    trail.put("b", ago=hours(8))
    source = trail.source()
    refusing(trail, source, get=locked)
    _, cursor = read(source)
    trail.put("c", ago=-hours(24 * 8))
    source = trail.source(NOW + hours(24 * 9))
    refusing(trail, source, get=locked)
    items, cursor = read(source, cursor)
    assert (ids(items), len(items)) == (["c"], 2)
    assert read(trail.source(NOW + hours(24 * 9)), cursor)[0] == []


def test_a_connection_that_breaks_within_a_file_leaves_it_for_the_next_time(trail: Trail) -> None:
    from botocore.exceptions import ReadTimeoutError

    class Breaking(Refusing):
        def get_object(self, **question: Any) -> Any:
            answer = super().get_object(**question)
            whole = answer["Body"].read
            answer["Body"].read = lambda size: whole(size) if size == 2 else self.broken()
            return answer

        def broken(self) -> bytes:
            raise ReadTimeoutError(endpoint_url="https://example.com")

    trail.put("a")
    source = trail.source()
    source._files.__dict__["_client"] = Breaking(trail.s3, {})
    (broken,), cursor = read(source)
    assert "cannot be reached" in broken.reason
    assert ids(read(trail.source(), cursor)[0]) == ["a"]


def test_no_such_bucket(sandbox: Sandbox) -> None:
    with pytest.raises(SourceError, match="the bucket nowhere-at-all: there is no such bucket"):
        list(S3Source("nowhere-at-all", environment=sandbox.environment()).records(None))


def test_a_prefix_below_which_there_is_no_trail(trail: Trail) -> None:
    assert read(trail.source())[0] == []  # nothing has been delivered yet
    trail.put("a", above="team/AWSLogs/")
    with pytest.raises(SourceError, match="check the source's prefix"):
        list(trail.source().records(None))


def test_the_name_tells_buckets_prefixes_and_profiles_apart() -> None:
    assert S3Source("b", prefix="AWSLogs/").name == "s3:b/AWSLogs/"
    assert S3Source("b", prefix="AWSLogs/", profile="audit", regions=["us-east-1"]).name == "s3:audit:b/AWSLogs/"
    assert S3Source("b").remembers is True


def test_the_same_change_as_from_files(sandbox: Sandbox) -> None:
    sandbox.flush()
    sandbox.client("ecs", "jane").create_cluster(clusterName="prod")
    files = sandbox.flush()
    source = S3Source(sandbox.trail_bucket, environment=sandbox.environment(), only=SOURCES)
    changes = [
        {
            (outcome.id, outcome.name, outcome.resources, outcome.actor, outcome.time)
            for outcome in (parse(item, Trust()) for item in items if isinstance(item, Record))
            if isinstance(outcome, ChangeEvent) and outcome.name == "CreateCluster"
        }
        for items in (source.records(None), FileSource(files).records(None))
    ]
    assert changes[0] == changes[1]
    assert len(changes[0]) == 1
