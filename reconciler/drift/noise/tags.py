"""Tags said twice."""

from __future__ import annotations

from reconciler.drift.equality import equal
from reconciler.drift.noise.node import Node
from reconciler.model.drift import Member


# `tags_all` is `tags` plus the provider's default_tags: a tag changed in `tags` shows there a second time, and so does
# a default tag that got another value, which the provider reads as the resource's own. What shows in `tags_all` only,
# a default tag that is gone, is kept.
def tags_all(node: Node) -> bool:
    """Tell whether a member of `tags_all` has the live value to which the same member of `tags` changed."""
    if len(node.path) != 2 or node.path[0] != "tags_all" or not isinstance(node.path[1], Member):
        return False
    key = node.path[1].key
    before, after = ((resource.get("tags") or {}).get(key) for resource in node.resources)
    return equal(node.after, after) and not equal(before, after)
