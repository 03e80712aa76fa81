"""Values that CloudTrail does not tell."""

from __future__ import annotations

from typing import Final

from reconciler.drift.noise.node import Node

REDACTED: Final = frozenset({"***REDACTED***", "HIDDEN_DUE_TO_SECURITY_REASONS"})


# ECS blanks out environment values in its records, other services whole structures: what cannot be compared is not
# called changed. For records only; in a plan such a text would be the real value.
def redacted(node: Node) -> bool:
    """Tell whether a side is blanked out, while the other has something there."""
    sides = (node.before, node.after)
    return None not in sides and any(isinstance(side, str) and side in REDACTED for side in sides)
