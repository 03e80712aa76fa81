"""The same members in another order."""

from __future__ import annotations

from reconciler.drift.catalogue import UNORDERED, is_reported
from reconciler.drift.noise.node import Node


# AWS returns these lists in an order of its own (a request for FARGATE_SPOT, FARGATE answers FARGATE, FARGATE_SPOT),
# and plan JSON shows Terraform's sets as lists. Members that are objects are paired before their rules are asked.
def reordered(node: Node) -> bool:
    """Tell whether a list of scalars without meaningful order has the same on both sides, each as often."""
    if node.name not in UNORDERED or not is_reported(node.type):
        return False
    if not isinstance(node.before, list) or not isinstance(node.after, list) or len(node.before) != len(node.after):
        return False
    if any(isinstance(member, dict | list) for member in (*node.before, *node.after)):
        return False  # DeepDiff would ignore the order of the lists inside, too
    from deepdiff import DeepDiff  # slow to import, and most runs find nothing to compare

    return not DeepDiff(node.before, node.after, ignore_order=True, report_repetition=True)
