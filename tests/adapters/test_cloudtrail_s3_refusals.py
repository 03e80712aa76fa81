"""What a bucket refuses, loses or breaks off is told, and asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from trail_bucket import NOW, Trail, hours, ids, log, read

from reconciler.adapters.cloudtrail.s3 import S3Source
from reconciler.errors import SourceError
from reconciler.model import Broken


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
    source._files._client = lambda: client
    return client


def test_long_lists_are_read_to_their_end(trail: Trail) -> None:
    class Small(Refusing):
        def list_objects_v2(self, **question: Any) -> Any:
            return self.client.list_objects_v2(**{**question, "MaxKeys": 2})

    for number in range(5):
        trail.put(f"{number}", ago=hours(10 - number))
        trail.put(f"{number} elsewhere", account=f"{number:012}")
    source = trail.source()
    source._files._client = lambda: Small(trail.s3, {})
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
    source._files._client = lambda: Breaking(trail.s3, {})
    (broken,), cursor = read(source)
    assert "cannot be reached" in broken.reason
    assert ids(read(trail.source(), cursor)[0]) == ["a"]
