"""Something done again and again beside the work, until it is stopped or the process ends."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread


class Heartbeat:
    """Calls `beat` every `seconds` between `start` and `stop`; `beat` must not raise."""

    def __init__(self, beat: Callable[[], None], seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._stopped: Event | None = None

    @property
    def running(self) -> bool:
        """Tell whether it beats."""
        return self._stopped is not None

    def start(self) -> None:
        """Begin, unless it beats already. The thread is a daemon: it does not keep the process alive."""
        if self._stopped is None:
            self._stopped = Event()
            Thread(target=self._go_on, args=(self._stopped,), name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        """Beat no more; does not wait for a beat that is on its way."""
        if self._stopped is not None:
            self._stopped.set()
            self._stopped = None

    def _go_on(self, stopped: Event) -> None:
        while not stopped.wait(self._seconds):
            self._beat()
