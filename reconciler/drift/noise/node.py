"""What a noise rule looks at."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.drift.catalogue import is_reported
from reconciler.model.drift import AttributePath
from reconciler.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One place in a resource of `type`, with its value on both sides; None where a side has nothing there.

    `parents` are the objects around the place, `resources` the whole resources, each as (before, after): some values
    can be judged only beside their neighbours.
    """

    type: str
    path: AttributePath
    before: Json
    after: Json
    parents: tuple[JsonObject, JsonObject] = ({}, {})
    resources: tuple[JsonObject, JsonObject] = ({}, {})

    @property
    def name(self) -> str | None:
        """Return the attribute's name, None at a member of a list or map."""
        last = self.path[-1]
        return last if isinstance(last, str) else None

    @property
    def place(self) -> tuple[str, str | None]:
        """Return the name of what the attribute lies in (the type, at the top level) and its own name."""
        names = [step for step in self.path[:-1] if isinstance(step, str)]
        return (names[-1] if names else self.type, self.name)

    @property
    def top(self) -> str | None:
        """Return the attribute's name at the top level of a resource that the product reports, else None."""
        return self.name if len(self.path) == 1 and is_reported(self.type) else None
