"""Records in files, directories and on stdin."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.errors import SourceError
from reconciler.model import Broken

_STILL_WRITTEN = 60.0
"""Seconds after a file was written to in which half a record at its end is taken to be at work, and not cut off."""


class FileSource:
    """CloudTrail records from paths: files, gzip or not, directories with all that is below, or `-` for stdin.

    `only` is that of `read_records`: what is not wanted is counted, as one `other_service` per input.
    """

    def __init__(
        self,
        paths: Sequence[Path | Literal["-"] | str],
        *,
        name: str | None = None,
        remembers: bool = False,
        only: frozenset[str] = frozenset(),
    ) -> None:
        self._paths = tuple(paths)
        self._name = name or f"file:{','.join(map(str, paths))}"
        self._remembers = remembers
        self._only = only

    @property
    def name(self) -> str:
        """Return the feed's name."""
        return self._name

    @property
    def remembers(self) -> bool:
        """Tell whether events that the ledger has seen are skipped."""
        return self._remembers

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield everything in the paths, in their order; directories in the order of their names.

        Raises SourceError, before anything is read, when a path is missing or cannot be read. What is below a directory
        and cannot be read, or is no file, is a Broken: the others are read.
        """
        for each in [found for path in self._paths for found in _inputs(path)]:
            yield from self._read(each)

    def cursor(self) -> str | None:
        """Return None: files have no position."""
        return None

    def acknowledge(self) -> None:
        """Do nothing: files stay."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: it is asked."""

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _read(self, each: _Input) -> Iterator[Item]:
        problem = each.problem or (_problem(each.path) if each.path and not each.named else None)
        if problem:
            yield Broken(problem, str(each.path))
            return
        with _open(each.path) as stream:
            growing = self._remembers and each.path is not None and _is_growing(stream)
            yield from read_records(stream, str(each.path or "stdin"), self._only, growing=growing)


class _Input(NamedTuple):
    """A file, or None for stdin; `named` where it is a path that somebody wrote, and not found below one."""

    path: Path | None
    named: bool = True
    problem: str | None = None


def _inputs(path: Path | str) -> Iterator[_Input]:
    """Yield the files that a path stands for; raises SourceError when it is missing or cannot be read."""
    if str(path) == "-":
        yield _Input(None)
        return
    path = Path(path)
    if not _exists(path):
        raise SourceError(f"{path} does not exist: name a file or directory of CloudTrail records, or - for stdin")
    if problem := _refusal(path):
        raise SourceError(f"{path} {problem}")
    yield from _below(path) if path.is_dir() else (_Input(path),)


def _exists(path: Path) -> bool:
    with suppress(OSError):  # a name that is too long for a file
        return path.exists()
    return False


def _below(path: Path) -> Iterator[_Input]:
    refused: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (_Input(Path(folder, name), named=False) for name in sorted(files) if not name.startswith("."))
    for error in refused:
        yield _Input(Path(error.filename), named=False, problem=f"cannot be read: {error.strerror}")


def _problem(file: Path) -> str | None:
    """Return why what stands in a directory is not read: nobody waits for a pipe that nobody named."""
    if not file.exists():
        return "does not exist, or no longer"
    return _refusal(file) if file.is_file() else "is no file"


def _refusal(path: Path) -> str | None:
    if os.access(path, os.R_OK):  # a pipe is not opened twice
        return None
    return "cannot be read: Permission denied; check its permissions"


def _is_growing(stream: BinaryIO) -> bool:
    return abs(time.time() - os.fstat(stream.fileno()).st_mtime) < _STILL_WRITTEN  # clocks of file servers differ


def _open(path: Path | None) -> nullcontext[BinaryIO] | BinaryIO:
    if path is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
