"""Gaps of moto that the sandbox closes, one small module each.

Each module states the gap and the moto version it was seen in, and offers `apply(undo)`: it changes moto's classes
through `replace` only, so that closing the sandbox leaves moto as it was. When moto closes a gap, delete its module.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module

PATCHES: tuple[str, ...] = (
    "account_settings",
    "autoscaling_tags",
    "caller_identity",
    "capacity_providers",
    "cluster_settings",
    "clusters",
    "deletion",
    "described_tags",
    "managed_policies",
    "service_creation",
    "service_network",
    "service_update",
    "task_definitions",
)
"""Modules of this package. Each stands alone; the order does not matter."""


def apply_patches(undo: ExitStack) -> None:
    """Apply every patch; leaving `undo` takes them back."""
    for name in PATCHES:
        apply: Callable[[ExitStack], None] = import_module(f"{__name__}.{name}").apply
        apply(undo)
