"""The same work for many workspaces at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def in_parallel(
    work: Callable[[_In], _Out], items: Sequence[_In], at_once: int, stop: Callable[[], None]
) -> list[_Out]:
    """Do the work for each item, so many at a time; results come in the order of the items.

    An exception here, such as ^C, calls `stop`: the threads would otherwise go on to the end of their plans, and of
    their pull requests.
    """
    if len(items) <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise
