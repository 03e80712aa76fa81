"""Cycles over the feeds that are due, until it is told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from reconciler.errors import ReconcilerError
from reconciler.model import RunReport
from reconciler.pipeline.findings import is_unsettled, sentence
from reconciler.ports import EventSource
from reconciler.watch.bell import Bell, StoppedError
from reconciler.watch.feed import Feed
from reconciler.watch.waits import LONGEST, Waits

_LOG = logging.getLogger(__name__)
_FIRST_WAIT = 5.0

Cycle = Callable[[Sequence[EventSource], bool], RunReport]
"""Runs one cycle over these sources; the second value says whether postponed events are looked at again."""


class Voice(Protocol):
    """Tells people and probes what goes on."""

    def report(self, report: RunReport) -> None:
        """Tell a finished cycle, quiet or not."""

    def failed(self, reason: str, wait: float) -> None:
        """Tell that a cycle failed as a whole, and in how many seconds the next one begins."""

    def turned(self) -> None:
        """Tell that the loop is alive: after every cycle, also one that failed."""


def watch(
    sources: Sequence[EventSource],
    cycle: Cycle,
    voice: Voice,
    bell: Bell,
    *,
    interval: float,
    clock: Callable[[], float],
) -> None:
    """Run cycles until `bell.stop` is called; a cycle that fails is told, waited out and tried again.

    `interval` is how many seconds a feed without news of its own is left alone; `clock` counts seconds. Raises
    SourceError when a source cannot begin to listen, BrokenPipeError when nobody reads what is told.
    """
    feeds = [Feed(source, interval, bell, clock) for source in sources]
    try:
        for feed in feeds:
            feed.listen(bell.ring)
        _Loop(feeds, cycle, voice, bell, interval, clock).go_on()
    except StoppedError:
        _LOG.debug("stopped before anything was decided")
    finally:
        for feed in feeds:
            feed.close()


class _Loop:
    def __init__(
        self,
        feeds: Sequence[Feed],
        cycle: Cycle,
        voice: Voice,
        bell: Bell,
        interval: float,
        clock: Callable[[], float],
    ) -> None:
        self._feeds = feeds
        self._cycle = cycle
        self._voice = voice
        self._bell = bell
        self._clock = clock
        self._failures = Waits(_FIRST_WAIT)
        self._again = Waits(interval)
        self._next_again = clock()

    def go_on(self) -> None:
        while not self._bell.stopped:
            now = self._clock()
            due = [feed for feed in self._feeds if feed.due <= now]
            again = self._next_again <= now
            if due or again:
                self._turn(due, again)
            else:
                self._bell.wait(min([self._next_again, *(feed.due for feed in self._feeds)]) - now)

    def _turn(self, due: Sequence[Feed], again: bool) -> None:
        try:
            report = self._cycle(due, again)
            self._schedule(report, again)
            self._voice.report(report)
        except (StoppedError, BrokenPipeError):
            raise
        except Exception as error:
            wait = self._failures.grow()
            self._voice.failed(_reason(error), wait)
            self._voice.turned()
            self._bell.pause(wait)
        else:
            self._voice.turned()
            if report.stored:
                self._failures.reset()
            else:  # nothing was acknowledged: the next cycle would find, and tell, the same
                self._bell.pause(self._failures.grow())

    def _schedule(self, report: RunReport, again: bool) -> None:
        """Say when postponed events are looked at: when they have settled; after a failure soon, then less often."""
        unsettled = any(map(is_unsettled, report.findings))
        if unsettled and (again or not self._again.failing):
            self._next_again = self._clock() + self._again.grow()
        elif again:
            self._again.reset()
            self._next_again = self._clock() + LONGEST  # another process may postpone something
        if report.held_until is not None:
            settled = (report.held_until - report.finished_at).total_seconds()
            self._next_again = min(self._next_again, self._clock() + max(0.0, settled))


def _reason(error: Exception) -> str:
    if isinstance(error, ReconcilerError | OSError):
        return sentence(error)
    _LOG.debug("a bug in reconciler; please report it with this", exc_info=error)
    return f"a bug in reconciler ({type(error).__name__}); --verbose shows where, please report it"
