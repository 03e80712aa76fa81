"""When a message is deleted, kept hidden, and given back."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqs_feed import Feed, beating, eventbridge, ids, read

from reconciler.adapters.cloudtrail.queue import Queue


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


def test_a_copy_of_a_held_message_takes_its_place(feed: Feed) -> None:
    feed.send(eventbridge("a"))
    source = feed.source()
    read(source)
    (message,) = source._held.values()
    source._queue.hide([message], 0)  # as after a suspended minute
    assert ids(read(source)) == ["a", "a"]
    source.acknowledge()
    assert feed.counts() == (0, 0)


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
