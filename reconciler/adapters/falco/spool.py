"""A directory of alerts that have been accepted and not yet handled."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock

_DRAFT = ".draft"
_MOST_FILES = 20_000
_MOST_BYTES = 256 * 1024 * 1024


class FullError(Exception):
    """The spool holds as much as it may."""


class Spool:
    """One file for each alert, readable by their owner only, in the order in which they came.

    A file is there whole, and on the disk, when `put` returns. Several processes may share the directory: one that
    accepts and one that handles.
    """

    def __init__(self, directory: Path, *, files: int = _MOST_FILES, size: int = _MOST_BYTES) -> None:
        self.directory = directory
        self._most = (files, size)
        self._room = (0, 0)
        self._lock = Lock()

    def put(self, content: bytes) -> None:
        """Store an alert; raises FullError when there is no room, OSError when it cannot be stored."""
        with self._lock:
            self._take_room(len(content))
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{time.time_ns():020}-{secrets.token_hex(6)}"
        draft = self.directory / f"{name}{_DRAFT}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.rename(self.directory / f"{name}.json")
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._sync()

    def names(self) -> list[str]:
        """Return the names of the alerts that are there, oldest first; raises OSError."""
        try:
            return sorted(file.name for file in self.directory.iterdir() if _DRAFT not in file.name)
        except FileNotFoundError:
            return []

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, Path]]:
        """Yield names with their files, but for those that another process has handled meanwhile."""
        for name in names:
            file = self.directory / name
            if file.exists():
                yield name, file

    def remove(self, names: Iterable[str]) -> None:
        """Forget alerts; those that are gone already are no matter. Raises OSError."""
        for name in names:
            (self.directory / name).unlink(missing_ok=True)
        with self._lock:
            self._room = (0, 0)  # counted anew with the next

    def hand_over(self, names: Iterable[str], directory: Path) -> None:
        """Move alerts to the directory of another spool; raises OSError."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, file in self.read(names):
            file.rename(directory / name)

    def _take_room(self, size: int) -> None:
        if self._room[0] < 1 or self._room[1] < size:
            sizes = [file.stat().st_size for _, file in self.read(self.names())]
            self._room = (self._most[0] - len(sizes), self._most[1] - sum(sizes))
        files, left = self._room
        if files < 1 or left < size:
            raise FullError
        self._room = (files - 1, left - size)

    def _sync(self) -> None:
        """Make the names last as well: a file without its name is lost after a power failure."""
        descriptor = os.open(self.directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
