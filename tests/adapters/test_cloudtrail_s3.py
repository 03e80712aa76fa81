"""A trail's bucket over the wire, in the embedded AWS: what is new, and what is late."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from trail_bucket import NOW, Trail, hours, ids, log, read

from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.adapters.cloudtrail.s3 import S3Source
from reconciler.events import SOURCES, parse
from reconciler.model import ChangeEvent, Record, Trust
from reconciler.sandbox import Sandbox


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
