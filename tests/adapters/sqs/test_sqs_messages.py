"""Every kind of message in a queue over the wire, and what becomes of those that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqs_feed import (
    DIGEST,
    KEY,
    TEST_EVENT,
    Feed,
    delivery,
    eventbridge,
    ids,
    new_object,
    notification,
    read,
    record,
    sns,
)

from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.adapters.cloudtrail.sqs import SqsSource
from reconciler.events import SOURCES, parse
from reconciler.model import Broken, ChangeEvent, Record, Skipped, Trust
from reconciler.sandbox import Sandbox


@pytest.mark.parametrize(
    "wrap", [lambda message: message, sns, lambda message: sns(sns(message))], ids=["raw", "SNS", "twice"]
)
@pytest.mark.parametrize(
    ("message", "event"),
    [
        (eventbridge("a"), "a"),
        (record("b"), "b"),
        (notification("trail", KEY), "from the file"),
        (new_object("trail", KEY), "from the file"),
        (delivery("trail", KEY), "from the file"),
    ],
    ids=["EventBridge", "record", "S3", "S3 through EventBridge", "CloudTrail"],
)
def test_every_kind_of_message_raw_and_wrapped(
    feed: Feed, bucket: str, message: Any, event: str, wrap: Callable[[Any], Any]
) -> None:
    feed.send(wrap(message))
    source = feed.source()
    assert event in ids(read(source))
    source.acknowledge()
    assert feed.counts() == (0, 0)


@pytest.mark.parametrize(
    "message",
    [
        TEST_EVENT,
        notification("trail", DIGEST),
        notification("trail", KEY, "ObjectRemoved:Delete"),
        delivery("trail", DIGEST.replace("Digest", "Insight")),
        {**sns("x"), "Type": "SubscriptionConfirmation"},
        {**eventbridge("a"), "detail-type": "ECS Service Action"},
    ],
    ids=["test", "digest", "removed", "insight", "subscription", "state change"],
)
def test_what_tells_of_no_call_is_skipped_and_deleted(feed: Feed, bucket: str, message: Any) -> None:
    feed.send(message, sns(message))
    source = feed.source()
    skipped = read(source)
    assert [item.reason for item in skipped if isinstance(item, Skipped)] == ["not_an_api_call"] * 2
    source.acknowledge()
    assert feed.counts() == (0, 0)


POISON = {
    "no JSON": "{broken",
    "nothing known": {"hello": "world"},
    "a file that is not there": notification("trail", "AWSLogs/nowhere.json.gz"),
    "a bucket that is not there": delivery("nowhere-at-all", KEY),
    "a damaged file": notification("trail", "AWSLogs/damaged.json.gz"),
    "news without a key": {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "trail"}}}]},
    "one file of two": delivery("trail", KEY, "AWSLogs/nowhere.json.gz"),
}


@pytest.mark.parametrize("situation", POISON)
def test_poison_is_told_and_stays_for_the_redrive_policy(feed: Feed, bucket: str, situation: str) -> None:
    feed.send(POISON[situation], eventbridge("a"))
    source = feed.source()
    items = read(source)
    (broken,) = (item for item in items if isinstance(item, Broken))
    assert broken.where.startswith(("sqs queue-", "s3://"))
    assert "a" in ids(items)
    source.acknowledge()
    assert feed.counts() == (0, 1)
    assert read(source) == []  # nor is it handed out again before it is visible


def test_poison_ends_in_the_dead_letter_queue(make: Callable[..., Feed]) -> None:
    dead = make()
    arn = dead.sqs.get_queue_attributes(QueueUrl=dead.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    feed = make(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
    feed.send("{broken")
    receipts: list[Any] = []
    for _ in range(3):
        source = feed.source()
        receive = source._queue.receive
        source._queue.receive = lambda receive=receive, **more: receipts.extend(found := receive(**more)) or found
        read(source)
        source.acknowledge()
        source._queue.hide(receipts, 0)  # two minutes later
        receipts.clear()
    assert dead.counts() == (1, 0)


def test_calls_of_other_services_are_counted(feed: Feed, bucket: str) -> None:
    feed.send(*(eventbridge(f"{number}", source="s3.amazonaws.com") for number in range(3)), delivery("trail", KEY))
    items = read(feed.source(only=SOURCES))
    assert ids(items) == ["from the file"]
    assert sorted((item.reason, item.count) for item in items if isinstance(item, Skipped)) == [
        ("other_service", 1),
        ("other_service", 3),
    ]


def test_the_same_change_from_the_queue_from_news_and_from_files(sandbox: Sandbox) -> None:
    sandbox.client("sqs").purge_queue(QueueUrl=sandbox.queue_url)
    sandbox.flush()
    sandbox.client("ecs", "jane").create_cluster(clusterName="prod")
    (file,) = sandbox.flush()
    key = file.relative_to(sandbox.log_directory).as_posix()
    feeds: list[Any] = []
    for message in (None, delivery(sandbox.trail_bucket, key)):
        if message:
            sandbox.client("sqs").send_message(QueueUrl=sandbox.queue_url, MessageBody=json.dumps(message))
        source = SqsSource(sandbox.queue_url, environment=sandbox.environment(), wait=0, only=SOURCES)
        feeds.append(read(source))
        source.acknowledge()
    feeds.append(list(FileSource([file]).records(None)))
    changes = [
        [
            (outcome.id, outcome.name, outcome.resources, outcome.actor, outcome.time)
            for outcome in (parse(item, Trust()) for item in items if isinstance(item, Record))
            if isinstance(outcome, ChangeEvent)
        ]
        for items in feeds
    ]
    assert changes[0] == changes[1] == changes[2]
    assert [name for _, name, *_ in changes[0]] == ["CreateCluster"]
