"""What the loop waits for: news of a feed, or the end."""

from __future__ import annotations

from queue import Empty, SimpleQueue

_LOOK = 1.0
"""Seconds."""


class StoppedError(Exception):
    """It was told to stop while nothing had been decided yet: the cycle ends here, and its events come again."""


class Bell:
    """Ends waits. `ring` and `stop` may be called from any thread and from a signal handler, the others from one.

    Built on SimpleQueue, whose `put` is made for that; an Event set by a signal handler can block for ever.
    """

    def __init__(self) -> None:
        self._rings: SimpleQueue[None] = SimpleQueue()
        self._stops: SimpleQueue[None] = SimpleQueue()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Tell whether `stop` was called."""
        return self._stopped

    def ring(self) -> None:
        """End the wait that is, or the next one."""
        if self._rings.empty():
            self._rings.put(None)

    def stop(self) -> None:
        """End every wait, from now on."""
        self._stopped = True
        self._rings.put(None)
        self._stops.put(None)

    def wait(self, seconds: float) -> None:
        """Wait, no longer than until the bell rings."""
        if not self._stopped:
            _get(self._rings, seconds)

    def pause(self, seconds: float) -> None:
        """Wait so long, whatever rings; raises StoppedError when it is told to stop, or was."""
        if self._stopped or _get(self._stops, seconds):
            raise StoppedError


def _get(tokens: SimpleQueue[None], seconds: float) -> bool:
    # A signal that the system hands to another thread does not end this thread's wait; its handler runs after it.
    for left in (*[_LOOK] * int(seconds // _LOOK), max(0.0, seconds % _LOOK)):
        try:
            tokens.get(timeout=left)
        except Empty:
            continue
        return True
    return False
