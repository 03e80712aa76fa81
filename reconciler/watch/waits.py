"""Waits that grow while something fails."""

from __future__ import annotations

LONGEST = 300.0
"""Seconds after which the world is looked at again, however often it has failed: minutes, as an outage is over."""


class Waits:
    """Seconds to wait after each failure in a row: the first, then twice as long, up to `LONGEST` or the first."""

    def __init__(self, first: float) -> None:
        self._first = first
        self._failures = 0

    @property
    def failing(self) -> bool:
        """Tell whether the last attempt failed."""
        return self._failures > 0

    def grow(self) -> float:
        """Count a failure; returns how long to wait."""
        self._failures += 1
        doublings = min(self._failures - 1, 30)
        return min(self._first * 2.0**doublings, max(self._first, LONGEST))

    def reset(self) -> None:
        """Forget the failures: it worked."""
        self._failures = 0
