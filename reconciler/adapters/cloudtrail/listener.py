"""Something waited for in the background, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread


class Listener:
    """Calls `attend`, which waits, again and again; when it returns True, calls `wake` and rests until `resume`.

    Neither may raise. The thread is a daemon: it does not keep the process alive.
    """

    def __init__(self, attend: Callable[[], bool], wake: Callable[[], None]) -> None:
        self._attend = attend
        self._wake = wake
        self._thread = Thread(target=self._go_on, name="listener", daemon=True)
        self._stopped = False
        self._resumed = Event()

    @property
    def stopped(self) -> bool:
        """Tell whether `stop` was called."""
        return self._stopped

    def start(self) -> None:
        """Begin."""
        self._resumed.set()
        self._thread.start()

    def resume(self) -> None:
        """Wait for the next thing."""
        self._resumed.set()

    def stop(self) -> None:
        """Wait for nothing any more; does not wait for an `attend` that is on its way."""
        self._stopped = True
        self._resumed.set()

    def join(self, seconds: float) -> None:
        """Wait so long at most for an `attend` that is on its way."""
        self._thread.join(seconds)

    def _go_on(self) -> None:
        while True:
            self._resumed.wait()
            if self._stopped:
                return
            if self._attend():
                self._resumed.clear()
                if self._stopped:
                    return
                self._wake()
