"""Nothing, written in two ways."""

from __future__ import annotations

from reconciler.drift.noise.node import Node
from reconciler.model.json import Json


# The provider's SDK writes null for what was never set and an empty collection or string once it has read the API:
# right after an apply `tags`, `security_groups` and `requires_compatibilities` go null -> {} or [] nearly everywhere
# (provider 5.100). A member of a map is something else: the tag `Team = ""` exists.
def null_or_empty(node: Node) -> bool:
    """Tell whether both sides of an attribute hold nothing: null, "", [] or {}."""
    return node.name is not None and is_empty(node.before) and is_empty(node.after)


def is_empty(value: Json) -> bool:
    """Tell whether a value is null, "", [] or {}; 0 and false are values."""
    return value is None or (isinstance(value, str | list | dict) and not value)
