"""A source with a schedule of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from reconciler.errors import SourceError
from reconciler.model import Broken, Record, Skipped
from reconciler.ports import EventSource
from reconciler.watch.bell import Bell, StoppedError
from reconciler.watch.waits import Waits

_FIRST_WAIT = 5.0


class Feed:
    """A source that is asked at each interval, at once when it has news, and less and less often while it fails.

    Fulfils `ports.EventSource`, so that a cycle reads it as any other. `interval` is in seconds, as `clock` has them.
    """

    def __init__(self, source: EventSource, interval: float, bell: Bell, clock: Callable[[], float]) -> None:
        self._source = source
        self._interval = interval
        self._bell = bell
        self._clock = clock
        self._waits = Waits(_FIRST_WAIT)
        self._news = False
        self._next = clock()

    @property
    def name(self) -> str:
        """Return the source's name."""
        return self._source.name

    @property
    def remembers(self) -> bool:
        """Tell whether events that the ledger has seen are skipped."""
        return self._source.remembers

    @property
    def due(self) -> float:
        """Return when it is to be asked; news does not shorten the wait after a failure."""
        return -math.inf if self._news and not self._waits.failing else self._next

    def records(self, cursor: str | None) -> Iterator[Record | Skipped | Broken]:
        """Yield the source's records; raises SourceError, and StoppedError between two records."""
        self._news = False
        try:
            for item in self._source.records(cursor):
                if self._bell.stopped:
                    raise StoppedError
                yield item
        except SourceError:
            self._next = self._clock() + self._waits.grow()
            raise
        self._waits.reset()
        self._next = self._clock() + self._interval

    def cursor(self) -> str | None:
        """Return the source's position."""
        return self._source.cursor()

    def acknowledge(self) -> None:
        """Acknowledge to the source; raises SourceError."""
        self._source.acknowledge()

    def listen(self, wake: Callable[[], None]) -> None:
        """Begin to listen for news; raises SourceError."""

        def woken() -> None:
            self._news = True
            wake()

        self._source.listen(woken)

    def close(self) -> None:
        """Close the source."""
        self._source.close()
