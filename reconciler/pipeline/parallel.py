"""The same work for many workspaces at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")


def in_parallel(work: Callable[[str], _T], names: Sequence[str], at_once: int, stop: Callable[[], None]) -> list[_T]:
    """Do the work for each workspace, so many at a time; results come in the order of the names.

    An exception here, such as ^C, calls `stop`: the threads would otherwise go on to the end of their plans, and of
    their pull requests.
    """
    if len(names) <= 1:
        return [work(name) for name in names]
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        try:
            return list(pool.map(work, names))
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise
