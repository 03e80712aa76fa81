"""What is imported only when it is needed: terraform starts before there is anything to read its result."""

from __future__ import annotations

import importlib

_AFTER_A_PLAN = (
    "reconciler.pipeline.check",
    "reconciler.report",
    "reconciler.adapters.ledger",
)


def import_what_follows() -> None:
    """Import what only the result of a plan needs; called while terraform is at work."""
    for name in _AFTER_A_PLAN:
        importlib.import_module(name)
