"""Bytes from a file or stdin as text, gzip or not, whatever its name says."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

_CHUNK = 512 * 1024
_LARGEST_STEP = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),  # PowerShell's `>`
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Readable(Protocol):
    """What is needed of a stream of bytes: a file, stdin, the body of an object."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


class TextInput:
    """An input as pieces of text. `problem` says, once it has been read, why it ends before its end."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.problem: str | None = None

    def chunks(self) -> Iterator[str]:
        """Yield the text; bytes that are no text become U+FFFD. Reading stops at the first damage."""
        pieces = self._pieces()
        first = next(pieces, b"")
        encoding = next((name for mark, name in _BYTE_ORDER_MARKS if first.startswith(mark)), "utf-8")
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        yield decoder.decode(first)
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)

    def _pieces(self) -> Iterator[bytes]:
        raw = self._raw()
        first = next(raw, b"")
        if first.startswith(_GZIP_MAGIC):
            yield from self._unzipped(first, raw)
        else:
            yield first
            yield from raw

    def _raw(self) -> Iterator[bytes]:
        # read1, where there is one, gives what a pipe holds now instead of waiting for a whole chunk.
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            first = self._stream.read(2)
            yield first + read(_CHUNK)
            while chunk := read(_CHUNK):
                yield chunk
        except OSError as error:
            self.problem = f"reading failed: {error.strerror or error}"

    def _unzipped(self, first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the content of one or more gzip members."""
        member = zlib.decompressobj(wbits=31)
        begun = False
        for packed in _chain(first, rest):
            while packed:
                if member.eof:
                    # Some writers pad with zeros; anything else has to be another member.
                    packed = packed.lstrip(b"\0")
                    if not packed:
                        break
                    member, begun = zlib.decompressobj(wbits=31), False
                try:
                    plain = member.decompress(packed, _LARGEST_STEP)
                except zlib.error:
                    self.problem = "broken gzip: the data is damaged; what stands before was read"
                    return
                begun = True
                if plain:
                    yield plain
                packed = member.unused_data if member.eof else member.unconsumed_tail
        if begun and not member.eof and self.problem is None:
            self.problem = "broken gzip: the file ends too early; what stands before was read"


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
