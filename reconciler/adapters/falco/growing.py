"""How far a file that grows and is rotated has been read.

A position is an offset with a digest of what stands before it, so that it is found again in whatever file holds it
now: the same one, the renamed one, its copy or its `.gz`. Names and inodes are no help: they are kept over
`copytruncate`, and given out anew.
"""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

_WITNESS = 4096
_BLOCK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Position:
    """So many bytes of a file have been read; `digest` is that of the first and the last of them."""

    offset: int
    digest: str

    @classmethod
    def parse(cls, text: str | None) -> Position | None:
        """Return the position of a cursor, None where there is none or it is not of this form."""
        try:
            value = json.loads(text or "null")
            offset, digest = value["offset"], value["digest"]
        except (ValueError, TypeError, KeyError):
            return None
        return cls(offset, digest) if isinstance(offset, int) and offset > 0 and isinstance(digest, str) else None

    def __str__(self) -> str:
        return json.dumps({"offset": self.offset, "digest": self.digest})

    def is_in(self, stream: IO[bytes]) -> bool:
        """Tell whether a file begins with what has been read; damaged gzip raises OSError, EOFError or zlib.error."""
        return _digest(stream, self.offset) == self.digest


def position_at(stream: IO[bytes], offset: int) -> Position:
    """Return the position after so many bytes of a file, which must have as many."""
    return Position(offset, _digest(stream, offset))


def open_log(path: Path) -> IO[bytes]:
    """Open a file, unpacked where it is gzip; raises OSError."""
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP_MAGIC
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


def end_of_lines(stream: IO[bytes], start: int) -> int:
    """Return where the last whole line ends, `start` when there is none after it."""
    end = stream.seek(0, 2)
    while end > start:
        begin = max(start, end - _BLOCK)
        stream.seek(begin)
        found = stream.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return start


class Slice:
    """The bytes of a file from `start` to `end`, as a stream."""

    def __init__(self, stream: IO[bytes], start: int, end: int) -> None:
        self._stream = stream
        self._left = end - start
        stream.seek(start)

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        found = self._stream.read(min(size, self._left))
        self._left -= len(found)
        return found


def _digest(stream: IO[bytes], offset: int) -> str:
    """Return a digest of the first and the last bytes before an offset; shorter files give another one."""
    stream.seek(0)
    first = stream.read(min(_WITNESS, offset))
    stream.seek(max(0, offset - _WITNESS))
    last = stream.read(min(_WITNESS, offset))
    return sha256(b"%d:%d:" % (len(first), len(last)) + first + last).hexdigest()


def rotated(path: Path) -> list[Path]:
    """Return the files that a rotation may have made of one, newest first: those whose names begin with its own.

    Falco names its own `NAME_...txt`, logrotate `NAME.1` or `NAME-20261122`, with or without `.gz`.
    """
    ages: dict[Path, tuple[int, str]] = {}
    for each in path.parent.glob(f"{escape(path.name)}[._-]*"):
        with suppress(OSError):  # taken away meanwhile
            if each.is_file():
                ages[each] = (each.stat().st_mtime_ns, each.name)
    return sorted(ages, key=ages.__getitem__, reverse=True)
