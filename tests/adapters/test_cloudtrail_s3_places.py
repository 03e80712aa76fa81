"""Where in a bucket log files are looked for, and what else lies there."""

from __future__ import annotations

import pytest
from trail_bucket import ACCOUNT, NOW, Trail, hours, ids, log, read

from reconciler.adapters.cloudtrail.s3 import S3Source
from reconciler.errors import SourceError
from reconciler.events import SOURCES
from reconciler.model import Skipped
from reconciler.sandbox import Sandbox


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
