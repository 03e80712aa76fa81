"""A queue of EventBridge events, S3 notifications or CloudTrail's own messages, raw or wrapped in SNS's."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from reconciler.adapters.cloudtrail.envelopes import Item, NewFile, decoded
from reconciler.adapters.cloudtrail.folders import is_log_file
from reconciler.adapters.cloudtrail.heartbeat import Heartbeat
from reconciler.adapters.cloudtrail.listener import Listener
from reconciler.adapters.cloudtrail.objects import LogFiles, UnreadableError
from reconciler.adapters.cloudtrail.queue import Message, Queue
from reconciler.adapters.cloudtrail.reading import is_other
from reconciler.errors import SourceError
from reconciler.model import Broken, Skipped

_LOG = logging.getLogger(__name__)
_VISIBILITY = 60
"""Seconds that a message stays hidden without a heartbeat, as after a kill."""
_BEAT = 20.0
_POLL = 20
"""Seconds that one call waits for the first message, the most that SQS takes."""
_LAST_CALL = 2.0
"""Seconds for a call that waits for messages to return with those that have just been given back."""
_MOST_MESSAGES = 1000
_LONGEST = 30.0
"""Seconds that one reading may take; what is left comes with the next."""


class SqsSource:
    """Messages of a queue, standard or FIFO; log files that they tell of are fetched from S3.

    A message is deleted in `acknowledge` only, when what it told has been stored. Until then a heartbeat keeps it
    hidden, so that a long plan brings no second copy. What could not be stored is handed out again by the next reading,
    and `close` gives it back. After a kill messages come again within a minute.

    A message with anything broken in it, or with a log file that cannot be read, is neither deleted nor kept hidden:
    it comes again until the queue's redrive policy moves it. In a FIFO queue that holds up its own group only.

    `wait` is how many seconds to wait for the first message, 20 at most; once it listens, only the listener waits.
    `only` is that of `read_records`.
    """

    remembers = True

    def __init__(
        self,
        queue_url: str,
        *,
        region: str | None = None,
        profile: str | None = None,
        wait: int = 1,
        only: frozenset[str] = frozenset(),
        beat: float = _BEAT,
        clock: Callable[[], float] = time.monotonic,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        self._queue = Queue(queue_url, environment, region=region, profile=profile)
        self._files = LogFiles(environment, profile=profile, region=self._queue.region, only=only)
        self._wait = wait
        self._only = only
        self._clock = clock
        self._heartbeat = Heartbeat(self._keep, beat)
        self._listener: Listener | None = None
        self._held: dict[str, Message] = {}
        self._told: set[str] = set()
        self._guard = Lock()

    @property
    def name(self) -> str:
        """Return the feed's name."""
        return f"sqs:{self._queue.url}"

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield what the messages hold: those not acknowledged since the last reading, then those in the queue.

        Ends when the queue is empty, after 1,000 messages, or after 30 seconds. Raises SourceError.
        """
        others = 0
        for message in self._messages():
            for item in self._contents(message):
                if is_other(item, self._only):
                    others += 1
                else:
                    yield item
        if others:
            yield Skipped(reason="other_service", where=f"sqs {self._queue.name}", count=others)

    def cursor(self) -> str | None:
        """Return None: what has been read is not in the queue any more."""
        return None

    def acknowledge(self) -> None:
        """Delete the messages handed out, but for those with something broken in them; raises SourceError.

        Messages that could not be deleted come again, as events that the ledger knows.
        """
        with self._guard:
            done = [self._held.pop(each) for each in self._told if each in self._held]
            self._told.clear()
            if not self._held:
                self._heartbeat.stop()
        if self._listener is not None:
            self._listener.resume()
        self._queue.delete(done)

    def listen(self, wake: Callable[[], None]) -> None:
        """Wait for messages in the background; they are held for the next reading, and `wake` is called."""
        self._listener = Listener(self._receive_more, wake)
        self._listener.start()

    def close(self) -> None:
        """Give back what was not acknowledged, so that it need not wait until it becomes visible again."""
        if self._listener is not None:
            self._listener.stop()
        with self._guard:
            self._heartbeat.stop()
            held, self._held, self._told = list(self._held.values()), {}, set()
        self._queue.hide(held, 0)
        if held and self._listener is not None:
            self._listener.join(_LAST_CALL)

    def _receive_more(self) -> bool:
        """Wait for messages and hold them; returns whether the next reading has anything to tell, also a failure."""
        try:
            received = self._queue.receive(wait=_POLL, visibility=_VISIBILITY)
        except SourceError as error:
            _LOG.debug("%s", error)
            return True
        if self._listener is None or self._listener.stopped:
            self._queue.hide(received, 0)
            return False
        self._hold(received)
        return bool(received)

    def _messages(self) -> Iterator[Message]:
        """Yield messages; each is held from when it is received."""
        with self._guard:
            again = list(self._held.values())
        yield from again
        count, end, wait = len(again), self._clock() + _LONGEST, 0 if self._listener else self._wait
        while count < _MOST_MESSAGES and self._clock() < end:
            received = self._queue.receive(wait=wait, visibility=_VISIBILITY)
            if not received:
                return
            self._hold(received)
            yield from received
            count += len(received)
            wait = min(wait, 1)
        _LOG.warning(
            "the queue %s: %d messages are the most for one reading; the next goes on", self._queue.name, count
        )

    def _contents(self, message: Message) -> Iterator[Item]:
        broken = False
        for item in decoded(message.body, f"sqs {self._queue.name}:{message.id}"):
            for found in self._file(item) if isinstance(item, NewFile) else (item,):
                broken = broken or isinstance(found, Broken)
                yield found
        with self._guard:
            if broken:
                self._held.pop(message.id, None)
            else:
                self._told.add(message.id)

    def _file(self, news: NewFile) -> Iterator[Item]:
        if news.bucket is None or news.key is None:
            yield Broken("news of a file without its bucket or its key", news.where)
        elif not is_log_file(news.key):
            yield Skipped(reason="not_an_api_call", where=news.where)
        else:
            try:
                yield from self._files.read(news.bucket, news.key)
            except UnreadableError as problem:
                yield Broken(str(problem), f"s3://{news.bucket}/{news.key}")

    def _hold(self, messages: list[Message]) -> None:
        # One that comes again while it is held counts with its newest receipt.
        with self._guard:
            self._held.update((message.id, message) for message in messages)
            if self._held:
                self._heartbeat.start()

    def _keep(self) -> None:
        with self._guard:
            held = list(self._held.values())
        self._queue.hide(held, _VISIBILITY)
