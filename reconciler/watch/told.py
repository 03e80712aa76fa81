"""Which problems people know already: what lasts for days is not told in every cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_AGAIN = 3600.0
"""Seconds after which a problem that lasts is told again: nobody scrolls back further."""


class Told:
    """The problems that were told within the last hour, as `clock` has it in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at: dict[str, float] = {}

    def known(self) -> frozenset[str]:
        """Return the problems that need not be told again yet."""
        now = self._clock()
        self._at = {problem: at for problem, at in self._at.items() if now - at < _AGAIN}
        return frozenset(self._at)

    def note(self, problems: Iterable[str]) -> None:
        """Remember that these were told now."""
        self._at.update(dict.fromkeys(problems, self._clock()))
