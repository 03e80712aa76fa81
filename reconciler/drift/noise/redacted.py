"""Values that CloudTrail does not tell."""

from __future__ import annotations

from typing import Final

from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

REDACTED: Final = frozenset({"***REDACTED***", "HIDDEN_DUE_TO_SECURITY_REASONS"})


# ECS blanks out environment values in its records, other services whole structures, the reader words of command lines
# that hold a password: what cannot be compared is not called changed. For records only; in a plan such a text would be
# the real value.
def redacted(node: Node) -> bool:
    """Tell whether a side, or what differs in a list of texts, is blanked out, while the other has something there."""
    before, after = node.before, node.after
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_blanked_or_same, before, after)) and before != after
    return _blanked(before, after)


def _blanked_or_same(before: Json, after: Json) -> bool:
    return before == after or _blanked(before, after)


def _blanked(*sides: Json) -> bool:
    return None not in sides and any(isinstance(side, str) and side in REDACTED for side in sides)
