"""How long a server that fails is waited for: patiently once, then hardly at all for a while.

The states of thousands of workspaces lie on few servers. Waiting for one that is down for each of them would hold up
everybody else's findings for hours.
"""

from __future__ import annotations

import time
from collections.abc import Callable

HURRIED_SECONDS = 3.0
"""How long an answer may take of a server that failed a moment ago."""
_SPENT_SECONDS = 60.0


class Patience:
    """Remembers which servers failed a moment ago. May be used in several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._failed: dict[str, float] = {}

    def is_spent(self, server: str) -> bool:
        """Tell whether the server failed within the last minute, and has not answered since."""
        failed = self._failed.get(server)
        return failed is not None and self._clock() - failed < _SPENT_SECONDS

    def note(self, server: str, *, answered: bool) -> None:
        """Remember how asking ended."""
        if answered:
            self._failed.pop(server, None)
        elif not self.is_spent(server):
            self._failed[server] = self._clock()


PATIENCE = Patience()
