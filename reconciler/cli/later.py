"""What is imported, or made, only when it is needed: terraform starts before there is anything to read its result."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

_T = TypeVar("_T")

_AFTER_A_PLAN = (
    "reconciler.pipeline.check",
    "reconciler.report",
    "reconciler.adapters.ledger",
)


def import_what_follows() -> None:
    """Import what only the result of a plan needs; called while terraform is at work."""
    for name in _AFTER_A_PLAN:
        importlib.import_module(name)


def later(make: Callable[[], _T]) -> _T:
    """Return a stand-in for what `make` returns, which is made at its first use."""
    return cast(_T, _Later(make))


class _Later:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)
