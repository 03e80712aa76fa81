"""Killed at every step, from outside, through the commands a user types: no event lost, nothing proposed twice."""

from __future__ import annotations

import gzip
import itertools
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from watched_site import SERVICES, Gate, Queue, Site, change, wait_until

from reconciler.sandbox import Sandbox

pytestmark = pytest.mark.e2e

_NUMBERS = itertools.count(1)
STEPS = ("first refresh", "after refresh", "after full", "after proof", "after push", "before delete", "after delete")
BY_HAND = ("first refresh", "after full", "after push")


@pytest.fixture
def gate(site: Site, sandbox: Sandbox) -> Iterator[Gate]:
    made = Gate(site, sandbox.endpoint)
    site.environment = {**site.environment, "AWS_ENDPOINT_URL_SQS": made.endpoint}
    yield made
    made.close()


def queue_of(site: Site, sandbox: Sandbox, kind: str) -> Queue:
    queue = Queue(sandbox, fifo=kind == "fifo")
    site.configure(queue.source)
    return queue


def is_author(event: Any, finding: Any) -> bool:
    return any(event["id"] == change["event_id"] for change in finding["changes"])


def assert_exactly_once(site: Site, names: tuple[str, ...], events: int) -> None:
    """Every event became a change of exactly one run; each drift has one branch of one commit and one body."""
    reports = site.reports()
    for report in reports:
        tally = report["events"]
        assert tally["read"] == tally["changes"] + sum(tally["skipped"].values()) + tally.get("broken", 0)
    assert sum(report["events"]["changes"] for report in reports) == events
    findings = [finding for report in reports for finding in report["findings"]]
    assert len({event["id"] for finding in findings for event in finding["events"]}) == events
    # A drift that stands names its author each time it is told; no other event comes again.
    told = [event["id"] for finding in findings for event in finding["events"] if not is_author(event, finding)]
    assert sorted(told) == sorted(set(told))
    assert site.ledger().postponed() == {}
    proposed = site.proposed()
    assert len(proposed) == len(names)
    assert set(proposed.values()) == {1}
    assert site.bodies() == sorted(proposed)
    standing = {finding["address"] for finding in site.ledger().open_findings()}
    assert standing == {f"aws_ecs_service.{name}" for name in names}


@pytest.mark.parametrize("kind", ["standard", "fifo"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_over_a_queue_is_killed(site: Site, gate: Gate, sandbox: Sandbox, step: str, kind: str) -> None:
    queue = queue_of(site, sandbox, kind)
    site.drift("s0", "s1")
    for name in ("s0", "s1"):
        queue.send(change(name, 1))
    site.kill_at(step)
    assert site.run()[0] == -signal.SIGKILL, site.said()
    queue.show()
    code, _ = site.run()
    assert code == 0, site.said()
    assert queue.all() == []
    assert_exactly_once(site, ("s0", "s1"), 2)


@pytest.mark.parametrize("kind", ["standard", "fifo"])
@pytest.mark.parametrize("step", STEPS)
def test_a_watch_is_killed_while_its_queue_is_being_filled(
    site: Site, gate: Gate, sandbox: Sandbox, step: str, kind: str
) -> None:
    queue = queue_of(site, sandbox, kind)
    site.drift(*SERVICES)
    stop = threading.Event()

    def fill() -> None:
        for number, name in itertools.product(range(3), SERVICES):
            queue.send(change(name, number))
            stop.wait(0.15)

    filling = threading.Thread(target=fill)
    site.kill_at(step)
    filling.start()
    try:
        process = site.start("watch", "--format", "json", "--interval", "1s")
        assert process.wait(timeout=60) == -signal.SIGKILL, site.said()
        process = site.start("watch", "--format", "json", "--interval", "1s")
        filling.join()
        queue.show()
        # Also what the killed one's last call was answered with.
        for _ in range(20):  # not too often: a message that is shown while it is held gets another receipt
            queue.show()
            with suppress(AssertionError):
                wait_until(lambda: bool(site.reports()) and queue.all() == [], "", 4)
                break
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    finally:
        stop.set()
        filling.join()
    assert process.returncode == 0, site.said()
    assert all(json.loads(line)["schema_version"] == 1 for line in output.splitlines())
    assert_exactly_once(site, SERVICES, 3 * len(SERVICES))


def file_source(site: Site, sandbox: Sandbox) -> Callable[..., None]:
    folder = site.root / "events"
    folder.mkdir()
    site.configure({"type": "file", "path": str(folder)})

    def put(*records: dict[str, Any]) -> None:
        (folder / f"{next(_NUMBERS)}.json").write_text(json.dumps({"Records": records}))

    return put


def bucket_source(site: Site, sandbox: Sandbox) -> Callable[..., None]:
    bucket = f"trail-{next(_NUMBERS)}"
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket=bucket)
    site.configure({"type": "s3", "bucket": bucket, "regions": ["us-east-1"]})

    def put(*records: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        folder = f"AWSLogs/123456789012/CloudTrail/us-east-1/{now:%Y/%m/%d}"
        key = f"{folder}/123456789012_CloudTrail_us-east-1_{now:%Y%m%dT%H%MZ}_{next(_NUMBERS)}.json.gz"
        body = gzip.compress(json.dumps({"Records": records}, separators=(",", ":")).encode())
        s3.put_object(Bucket=bucket, Key=key, Body=body)

    return put


@pytest.mark.parametrize("source", [file_source, bucket_source])
@pytest.mark.parametrize("step", BY_HAND)
def test_a_run_over_files_and_buckets_is_killed(
    site: Site, sandbox: Sandbox, source: Callable[..., Callable[..., None]], step: str
) -> None:
    put = source(site, sandbox)
    site.drift("s0", "s1")
    put(change("s0", 1), change("s1", 1))
    site.kill_at(step)
    assert site.run()[0] == -signal.SIGKILL, site.said()
    put(change("s1", 2))
    assert site.run()[0] == 0, site.said()
    site.run()
    assert_exactly_once(site, ("s0", "s1"), 3)


@pytest.mark.parametrize("source", [file_source, bucket_source])
def test_a_watch_that_is_killed_right_after_it_stored_goes_on_where_it_was(
    site: Site, sandbox: Sandbox, source: Callable[..., Callable[..., None]]
) -> None:
    put = source(site, sandbox)
    site.drift("s0", "s1")
    put(change("s0", 1))
    first = site.start("watch", "--format", "json", "--interval", "1s")
    wait_until(lambda: len(site.reports()) == 1, "nothing stored")
    first.kill()
    first.wait()
    put(change("s1", 1))
    second = site.start("watch", "--format", "json", "--interval", "1s")
    wait_until(lambda: len(site.reports()) == 2, "nothing more stored")
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert_exactly_once(site, ("s0", "s1"), 2)


@pytest.mark.parametrize("step", ["first refresh", "after store"])
def test_a_watch_over_lookup_events_is_killed(site: Site, sandbox: Sandbox, step: str) -> None:
    site.drift()
    site.configure({"type": "cloudtrail-lookup", "regions": ["us-east-1"]})
    sandbox.client("ecs").create_cluster(clusterName="prod")
    events = sum(record["eventSource"] == "ecs.amazonaws.com" for record in sandbox.records())
    if step == "first refresh":
        site.kill_at(step)
    first = site.start("watch", "--format", "json", "--interval", "1s")
    if step == "after store":
        wait_until(lambda: len(site.reports()) == 1, "nothing stored")
        first.kill()
    first.wait(timeout=30)
    second = site.start("watch", "--format", "json", "--interval", "1s", "--verbose")
    wait_until(lambda: "0 changes" in site.said(), "no second look")
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert sum(report["events"]["changes"] for report in site.reports()) == events
