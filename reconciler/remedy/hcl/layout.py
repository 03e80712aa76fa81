"""How a file is laid out: line ends, indentation, what else stands on a line."""

from __future__ import annotations

import re
from collections.abc import Collection

_REST = re.compile(rb"[ \t]*(?:#[^\n]*?|//[^\n]*?|/\*(?:[^*\n]|\*(?!/))*\*/[ \t]*)?(?=\r?\n|\Z)")
_COMMENT_LINE = re.compile(rb"[ \t]*(?:#|//)")
_GAP = re.compile(rb",?(?P<gap> +)(?=#|//|/\*)")
_COMMENT = re.compile(rb"[ \t](?:#|//|/\*)")
_INDENTED = re.compile(rb"\{[^\n]*\n([ \t]+)(?=[^\s#/])")


def newline(source: bytes) -> str:
    """Return the file's line end."""
    first = source.find(b"\n")
    return "\r\n" if first > 0 and source[first - 1 : first] == b"\r" else "\n"


def indent_unit(source: bytes) -> str:
    """Return the file's indentation step: that of its first indented line below a brace, else two spaces."""
    match = _INDENTED.search(source)
    if match is None or source[: match.start()].rpartition(b"\n")[2][:1].isspace():
        return "  "
    return match[1].decode()


def line_start(source: bytes, offset: int) -> int:
    """Return where the line of `offset` starts; a byte order mark is not part of it."""
    start = source.rfind(b"\n", 0, offset) + 1
    return 3 if start == 0 and source.startswith(b"\xef\xbb\xbf") else start


def next_line(source: bytes, offset: int) -> int:
    """Return where the line after that of `offset` starts, or the file's end."""
    end = source.find(b"\n", offset)
    return len(source) if end < 0 else end + 1


def indentation(source: bytes, offset: int) -> str:
    """Return the blanks that the line of `offset` starts with."""
    start = line_start(source, offset)
    line = source[start : next_line(source, start)]
    return line[: len(line) - len(line.lstrip(b" \t"))].decode()


def column(source: bytes, offset: int) -> int:
    """Return how many characters stand before `offset` on its line."""
    return len(source[line_start(source, offset) : offset].decode())


def starts_line(source: bytes, offset: int) -> bool:
    """Tell whether only blanks stand before `offset` on its line."""
    return not source[line_start(source, offset) : offset].strip()


def rest_of_line(source: bytes, offset: int) -> int | None:
    """Return where the line of `offset` ends, before its line end; None when more than a comment follows."""
    match = _REST.match(source, offset)
    return match.end() if match else None


def is_blank(source: bytes, start: int) -> bool:
    """Tell whether the line that starts at `start` exists and is blank."""
    return start < len(source) and not source[start : next_line(source, start)].strip()


def above_comments(source: bytes, start: int) -> int:
    """Return where the comment lines directly above the line at `start` begin, or `start` itself."""
    while start > 0:
        previous = line_start(source, start - 1)
        if not _COMMENT_LINE.match(source, previous):
            break
        start = previous
    return start


def comment_gap(source: bytes, offset: int, gone: Collection[int]) -> tuple[int, int] | None:
    """Return the blanks before the comment that follows a value's end and stands under a neighbour line's comment.

    `gone` are the starts of lines that do not stay.
    """
    match = _GAP.match(source, offset)
    if match is None:
        return None
    start = line_start(source, offset)
    width = match.end() - start
    neighbours = {next_line(source, offset)} | ({line_start(source, start - 1)} if start > 0 else set())
    for neighbour in neighbours - set(gone):
        line = source[neighbour : next_line(source, neighbour)]
        if _COMMENT.match(line, width - 1) and line[:width].strip():
            return match.span("gap")
    return None
