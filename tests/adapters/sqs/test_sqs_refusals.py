"""What a queue that refuses is told as, and where a queue is."""

from __future__ import annotations

from typing import Any

import pytest
from sqs_feed import Feed, eventbridge, read

from reconciler.adapters.cloudtrail.queue import Queue
from reconciler.adapters.cloudtrail.sqs import SqsSource
from reconciler.errors import SourceError
from reconciler.sandbox import Sandbox


def read_and_acknowledge(source: SqsSource) -> None:
    read(source)
    source.acknowledge()


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
