"""Falco's alerts in a file that it appends to: JSON lines of its `file_output`."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.falco.growing import Position, Slice, end_of_lines, open_log, position_at, rotated
from reconciler.errors import SourceError

_LOG = logging.getLogger(__name__)
_UNREADABLE = (OSError, EOFError, zlib.error)


class _Part(NamedTuple):
    """A file to be read from `start`; a `closed` one is not written to any more."""

    path: Path
    start: int
    closed: bool


class FalcoFile:
    """Alerts in a file, each line once: the cursor says how far it has been read.

    A last line without its end waits for it. After a rotation the rest of the old file is read first, then the new one
    from its start; see `growing`. `only` is that of `read_records`.
    """

    remembers = True

    def __init__(self, path: Path, *, only: frozenset[str] = frozenset()) -> None:
        self._path = path
        self._only = only
        self._position: Position | None = None

    @property
    def name(self) -> str:
        """Return the feed's name."""
        return f"falco:{self._path}"

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield what the lines after the cursor tell; raises SourceError."""
        self._position = Position.parse(cursor)
        try:
            for part in self._parts():
                yield from self._read(part)
        except _UNREADABLE as error:
            reason = getattr(error, "strerror", None) or "it is damaged"
            raise SourceError(f"{self._path} cannot be read: {reason}; check the file and its permissions") from error

    def cursor(self) -> str | None:
        """Return how far the file has been read, None before its first line."""
        return str(self._position) if self._position else None

    def acknowledge(self) -> None:
        """Do nothing: the file stays, the cursor moves."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: it is asked."""

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _parts(self) -> list[_Part]:
        """Return what is to be read, oldest first."""
        last, here = self._position, self._path
        there = here.exists()
        if there and (last is None or _holds(here, last)):
            return [_Part(here, last.offset if last else 0, closed=False)]
        older = rotated(here) if last else []
        found = next((number for number, each in enumerate(older) if last and _holds(each, last)), None)
        current = [_Part(here, 0, closed=False)] if there else []
        if last is None or found is None:
            if not there:
                raise SourceError(
                    f"{here} does not exist: Falco makes it with its first alert; check the source's path against "
                    "file_output in falco.yaml"
                )
            _LOG.warning(
                "%s has been replaced, and what was read last is in no file beside it: alerts in between may be lost",
                here,
            )
            return current
        # The renamed file is written to until Falco has made the new one.
        closed = there and here.stat().st_size > 0
        between = [_Part(each, 0, closed=True) for each in reversed(older[:found])]
        return [_Part(older[found], last.offset, closed=closed or bool(between)), *between, *current]

    def _read(self, part: _Part) -> Iterator[Item]:
        with open_log(part.path) as stream:
            end = stream.seek(0, 2) if part.closed else end_of_lines(stream, part.start)
            if end <= part.start:
                return
            after = f" after byte {part.start}" if part.start else ""
            yield from read_records(Slice(stream, part.start, end), f"{part.path}{after}", self._only)
            self._position = position_at(stream, end)


def _holds(path: Path, position: Position) -> bool:
    try:
        with open_log(path) as stream:
            return position.is_in(stream)
    except _UNREADABLE:
        return False
