"""A bucket with a log file, and queues of their own for each test, in one embedded AWS for each module."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterator

import pytest
from sqs_feed import KEY, Feed, record

from reconciler.adapters import aws
from reconciler.sandbox import Sandbox


@pytest.fixture(scope="module")
def bucket(sandbox: Sandbox) -> str:
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="trail")
    log = json.dumps({"Records": [record("from the file"), record("x", "s3.amazonaws.com")]}, separators=(",", ":"))
    s3.put_object(Bucket="trail", Key=KEY, Body=gzip.compress(log.encode()))
    s3.put_object(Bucket="trail", Key="AWSLogs/damaged.json.gz", Body=b"\x1f\x8bnonsense")
    return "trail"


_NUMBERS = itertools.count(1)


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
