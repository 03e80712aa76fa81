"""Hearing of a message while nobody reads."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqs_feed import Feed, eventbridge, ids, read

from reconciler.adapters.cloudtrail.queue import Queue
from reconciler.errors import SourceError


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
