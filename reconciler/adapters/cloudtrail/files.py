"""Records in files, directories and on stdin."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, Literal

from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.errors import SourceError


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

        Raises SourceError, before anything is read, when a path is missing or cannot be read.
        """
        inputs = [found for path in self._paths for found in _inputs(path)]
        for path in inputs:
            _check(path)
        for path in inputs:
            yield from self._read(path)

    def cursor(self) -> str | None:
        """Return None: files have no position."""
        return None

    def acknowledge(self) -> None:
        """Do nothing: files stay."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: it is asked."""

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _read(self, path: Path | None) -> Iterator[Item]:
        with _open(path) as stream:
            yield from read_records(stream, "stdin" if path is None else str(path), self._only)


def _inputs(path: Path | str) -> Iterator[Path | None]:
    """Yield the files that a path stands for, None for stdin."""
    if str(path) == "-":
        yield None
        return
    path = Path(path)
    if not path.is_dir():
        yield path
        return
    for folder, folders, files in os.walk(path, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))


def _refuse(error: OSError) -> None:
    raise SourceError(f"{error.filename} cannot be read: {error.strerror}; check its permissions") from error


def _check(path: Path | None) -> None:
    if path is None:
        return
    try:
        if path.is_file():
            path.open("rb").close()
        elif not path.exists():
            raise SourceError(f"{path} does not exist: name a file or directory of CloudTrail records, or - for stdin")
        elif not os.access(path, os.R_OK):  # a pipe is not opened twice
            raise SourceError(f"{path} cannot be read: Permission denied; check its permissions")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check its permissions") from error


def _open(path: Path | None) -> nullcontext[BinaryIO] | BinaryIO:
    if path is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
