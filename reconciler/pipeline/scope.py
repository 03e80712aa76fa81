"""Which part of a workspace a check is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Which addresses a check is about: `only` these where there are any, and none of those looked at `elsewhere`.

    `deleted` are services of which events say that they are: every plan of them takes two minutes.
    """

    only: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()

    def covers(self, address: str) -> bool:
        """Tell whether the check is about the address."""
        return address not in self.elsewhere and (not self.only or address in self.only)


WHOLE = Scope()
"""Everything in the workspace."""
