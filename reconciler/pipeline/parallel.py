"""The same work for many workspaces at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

_LOOK_SECONDS = 0.5
"""A signal that the system hands to another thread, or that comes as a wait begins, does not end the wait: its handler
runs after it."""
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def in_parallel(
    work: Callable[[_In], _Out],
    items: Sequence[_In],
    at_once: int,
    stop: Callable[[], None],
    done: Callable[[_Out, int], None] = lambda _result, _left: None,
) -> list[_Out]:
    """Do the work for each item, so many at a time; results come in the order of the items.

    `done` takes each result as soon as it is there, in this thread, with how many are still to come. An exception here,
    such as ^C, calls `stop`: the threads would otherwise go on to the end of their plans, and of their pull requests.
    """
    if len(items) <= 1:
        results = [work(item) for item in items]
        for result in results:
            done(result, 0)
        return results
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        try:
            futures = [pool.submit(work, item) for item in items]
            for left, future in zip(reversed(range(len(items))), _as_completed(futures), strict=True):
                done(future.result(), left)
            return [future.result() for future in futures]
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise


def _as_completed(futures: Sequence[Future[_Out]]) -> Iterator[Future[_Out]]:
    """Yield those that are done, the earlier of several at once first."""
    waiting = set(futures)
    while waiting:
        completed, waiting = wait(waiting, _LOOK_SECONDS, FIRST_COMPLETED)
        yield from (future for future in futures if future in completed)
