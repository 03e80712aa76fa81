"""A queue over the wire, in the embedded AWS: every kind of message, and when each is deleted."""

from __future__ import annotations

import gzip
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import pytest

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.adapters.cloudtrail.queue import Queue
from reconciler.adapters.cloudtrail.sqs import SqsSource
from reconciler.errors import SourceError
from reconciler.events import SOURCES, parse
from reconciler.model import Broken, ChangeEvent, Record, Skipped, Trust

pytest.importorskip("moto")

from reconciler.sandbox import Sandbox

_NUMBERS = itertools.count(1)
KEY = "team a/AWSLogs/123456789012/CloudTrail/us-east-1/2024/05/02/é+1.json.gz"
DIGEST = "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2024/05/02/x.json.gz"


def record(event: str, source: str = "ecs.amazonaws.com") -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventSource": source,
        "eventName": "X",
        "eventID": event,
        "eventType": "AwsApiCall",
    }


def eventbridge(event: str, **more: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "e",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ecs",
        "detail": record(event, **more),
    }


def notification(bucket: str, key: str, name: str = "ObjectCreated:Put") -> dict[str, Any]:
    # S3's own form: the key is encoded as in a form.
    s3 = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/"), "size": 1}}
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name, "s3": s3}]}


def new_object(bucket: str, key: str) -> dict[str, Any]:
    detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    return {"version": "0", "detail-type": "Object Created", "source": "aws.s3", "detail": detail}


def delivery(bucket: str, *keys: str) -> dict[str, Any]:
    return {"s3Bucket": bucket, "s3ObjectKey": list(keys)}


def sns(message: Any) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": json.dumps(message)}


TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox) -> str:
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="trail")
    log = json.dumps({"Records": [record("from the file"), record("x", "s3.amazonaws.com")]}, separators=(",", ":"))
    s3.put_object(Bucket="trail", Key=KEY, Body=gzip.compress(log.encode()))
    s3.put_object(Bucket="trail", Key="AWSLogs/damaged.json.gz", Body=b"\x1f\x8bnonsense")
    return "trail"


@dataclass
class Feed:
    """A queue of its own, and its readers."""

    sandbox: Sandbox
    url: str
    made: list[SqsSource] = field(default_factory=list)

    @property
    def sqs(self) -> Any:
        return self.sandbox.client("sqs")

    def send(self, *messages: Any, **more: Any) -> None:
        for message in messages:
            body = message if isinstance(message, str) else json.dumps(message)
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)

    def source(self, **settings: Any) -> SqsSource:
        source = SqsSource(self.url, **{"environment": self.sandbox.environment(), "wait": 0, **settings})
        self.made.append(source)
        return source

    def counts(self) -> tuple[int, int]:
        """Return how many messages are visible, and how many are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])


@pytest.fixture
def make(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Feed]]:
    # Making a client takes longer than all calls of a test.
    monkeypatch.setattr(aws, "client", lambda service, *_, **__: sandbox.client(service))
    made: list[Feed] = []

    def make_one(name: str = "", **attributes: str) -> Feed:
        name = f"queue-{next(_NUMBERS)}{name}"
        made.append(
            Feed(sandbox, sandbox.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
        )
        return made[-1]

    yield make_one
    for feed in made:
        for source in feed.made:
            source.close()


@pytest.fixture
def feed(make: Callable[..., Feed]) -> Feed:
    return make()


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def read(source: SqsSource) -> list[Any]:
    return list(source.records(None))


def beating() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "heartbeat"}


def read_and_acknowledge(source: SqsSource) -> None:
    read(source)
    source.acknowledge()


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


def test_a_message_is_deleted_only_after_acknowledge(feed: Feed) -> None:
    feed.send(*(eventbridge(f"{number}") for number in range(25)))
    source = feed.source()
    assert len(ids(read(source))) == 25
    assert feed.counts() == (0, 25)
    source.acknowledge()
    assert feed.counts() == (0, 0)
    source.acknowledge()


def test_what_was_not_acknowledged_is_handed_out_again_by_the_same_reader(feed: Feed) -> None:
    feed.send(eventbridge("a"))
    source = feed.source()
    read(source)
    feed.send(eventbridge("b"))
    assert ids(read(source)) == ["a", "b"]
    source.acknowledge()
    assert feed.counts() == (0, 0)


def test_what_was_not_acknowledged_is_given_back_when_the_reader_closes(feed: Feed) -> None:
    feed.send(eventbridge("a"))
    first = feed.source()
    read(first)
    assert ids(read(feed.source())) == []
    first.close()
    assert ids(read(feed.source())) == ["a"]


def test_what_was_not_read_to_its_end_is_not_deleted(feed: Feed) -> None:
    feed.send(eventbridge("a"), eventbridge("b"))
    source = feed.source()
    next(source.records(None))
    source.acknowledge()
    assert sum(feed.counts()) == 2
    source.close()
    assert sorted(ids(read(feed.source()))) == ["a", "b"]


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


def test_a_heartbeat_keeps_messages_hidden_until_they_are_acknowledged(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[int] = []
    beaten = threading.Event()

    def hide(self: Queue, messages: Any, seconds: int) -> None:
        hidden.append(len(messages))
        if len(hidden) >= 3:
            beaten.set()

    monkeypatch.setattr(Queue, "hide", hide)
    feed.send(eventbridge("a"), eventbridge("b"), "{broken")
    source = feed.source(beat=0.01)
    before = beating()
    read(source)
    (thread,) = beating() - before
    assert thread.daemon
    assert beaten.wait(5)
    assert hidden[-1] == 2  # not the one that is left to the redrive policy
    source.acknowledge()
    thread.join(5)
    assert not thread.is_alive()


def test_a_plan_longer_than_the_visibility_brings_no_second_copy(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.adapters.cloudtrail.sqs._VISIBILITY", 1)
    feed.send(eventbridge("a"))
    source = feed.source(beat=0.2)
    read(source)
    time.sleep(1.5)
    assert feed.counts() == (0, 1)
    source.acknowledge()
    assert feed.counts() == (0, 0)


def test_nothing_beats_while_the_queue_is_empty(feed: Feed) -> None:
    source = feed.source()
    before = beating()
    assert read(source) == []
    assert beating() <= before
    source.acknowledge()


def test_one_reading_is_bounded_in_messages_and_in_time_and_says_so(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    feed.send(*(eventbridge(f"{number}") for number in range(25)))
    monkeypatch.setattr("reconciler.adapters.cloudtrail.sqs._MOST_MESSAGES", 20)
    first = feed.source()
    assert len(ids(read(first))) == 20
    assert "the next goes on" in caplog.text
    first.close()
    ticks = itertools.count(0, 20)
    assert len(ids(read(feed.source(clock=lambda: next(ticks))))) == 10


def test_calls_of_other_services_are_counted(feed: Feed, bucket: str) -> None:
    feed.send(*(eventbridge(f"{number}", source="s3.amazonaws.com") for number in range(3)), delivery("trail", KEY))
    items = read(feed.source(only=SOURCES))
    assert ids(items) == ["from the file"]
    assert sorted((item.reason, item.count) for item in items if isinstance(item, Skipped)) == [
        ("other_service", 1),
        ("other_service", 3),
    ]


def test_a_fifo_queue_gives_its_groups_in_order(make: Callable[..., Feed]) -> None:
    feed = make(".fifo", FifoQueue="true", ContentBasedDeduplication="true")
    feed.send("{broken", eventbridge("1"), MessageGroupId="poisoned")
    feed.send(eventbridge("2"), eventbridge("3"), MessageGroupId="good")
    source = feed.source()
    events = ids(read(source))
    assert [event for event in events if event in "23"] == ["2", "3"]
    source.acknowledge()
    feed.send(eventbridge("4"), MessageGroupId="good")
    assert ids(read(source)) == ["4"]


@pytest.mark.parametrize(
    ("call", "permission"),
    [
        ("receive_message", "sqs:ReceiveMessage"),
        ("delete_message_batch", "sqs:DeleteMessage"),
        ("change_message_visibility_batch", "sqs:ChangeMessageVisibility"),
    ],
)
def test_a_refusal_names_the_permission(
    feed: Feed, call: str, permission: str, caplog: pytest.LogCaptureFixture
) -> None:
    from botocore.exceptions import ClientError

    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "sensitive words"}}, call)

    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return refuse if name == call else getattr(feed.sqs, name)

    feed.send(eventbridge("a"))
    source = feed.source()
    source._queue.__dict__["_client"] = Refusing()
    if call == "change_message_visibility_batch":
        read(source)
        source.close()  # what cannot be given back comes by itself: no reason to end a run
        said = caplog.text
    else:
        with pytest.raises(SourceError) as raised:
            read_and_acknowledge(source)
        said = str(raised.value)
    assert permission in said
    assert "sensitive" not in said


def test_no_such_queue(sandbox: Sandbox) -> None:
    source = SqsSource(f"{sandbox.queue_url}-nowhere", environment=sandbox.environment(), wait=0)
    with pytest.raises(SourceError, match="there is no such queue; check the source's queue_url"):
        read(source)


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/trail", "eu-west-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/trail", "cn-north-1"),
        ("https://eu-west-1.queue.amazonaws.com/123456789012/trail", "eu-west-1"),
        ("http://127.0.0.1:4566/123456789012/trail", None),
    ],
)
def test_the_region_is_the_url_s(url: str, region: str | None) -> None:
    assert Queue(url, {}).region == region
    assert Queue(url, {}, region="us-west-2").region == "us-west-2"
    assert SqsSource(url).name == f"sqs:{url}"


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


def test_a_message_is_heard_of_while_nobody_reads_and_waits_for_the_reader(feed: Feed) -> None:
    source, woken = feed.source(), threading.Event()
    source.listen(woken.set)
    feed.send(eventbridge("a"))
    assert woken.wait(10)
    feed.send(eventbridge("b"))
    assert sorted(ids(read(source))) == ["a", "b"]
    woken.clear()
    source.acknowledge()
    assert feed.counts() == (0, 0)
    feed.send(eventbridge("c"))
    assert woken.wait(10)
    assert ids(read(source)) == ["c"]
    source.close()
    assert feed.counts() == (1, 0)


def test_what_is_heard_during_a_cycle_survives_its_acknowledgement(feed: Feed) -> None:
    source, woken = feed.source(), threading.Event()
    feed.send(eventbridge("a"))
    read(source)
    source.listen(woken.set)
    feed.send(eventbridge("b"))
    assert woken.wait(10)
    source.acknowledge()
    assert feed.counts() == (0, 1)
    assert ids(read(source)) == ["b"]


def test_a_queue_that_refuses_is_asked_again_only_after_the_cycle_that_tells_of_it(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    woken = threading.Event()

    def receive(self: Queue, **_: Any) -> list[Any]:
        asked.append(1)
        raise SourceError("no")

    monkeypatch.setattr(Queue, "receive", receive)
    source = feed.source()
    source.listen(woken.set)
    assert woken.wait(5)
    time.sleep(0.05)
    assert len(asked) == 1
    with pytest.raises(SourceError):
        read(source)
    source.close()


def test_a_copy_of_a_held_message_takes_its_place(feed: Feed) -> None:
    feed.send(eventbridge("a"))
    source = feed.source()
    read(source)
    (message,) = source._held.values()
    source._queue.hide([message], 0)  # as after a suspended minute
    assert ids(read(source)) == ["a", "a"]
    source.acknowledge()
    assert feed.counts() == (0, 0)


def test_a_listener_does_not_take_with_it_what_is_given_back(feed: Feed) -> None:
    source, woken = feed.source(), threading.Event()
    source.listen(woken.set)
    feed.send(eventbridge("a"))
    assert woken.wait(10)
    read(source)
    source._listener.resume()  # as after another acknowledgement: it waits for messages again
    time.sleep(0.3)
    source.close()
    assert feed.counts() == (1, 0)
