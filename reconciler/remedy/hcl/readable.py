"""A copy of a file that the grammar can read: byte for byte as long, with what it cannot read put out of its way.

tree-sitter-hcl 1.2 knows no `1e3`: it is two tokens to it, of which the second may be taken for the name of the block
that follows. Nor does it know that a line's end ends a value. What it fails at must cost that value only, not the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_EXPONENT = re.compile(rb"(?<!\w)(\d+)[eE]([+-]?)(?=\d)")
_COMMENT = rb"#[^\n]*|//[^\n]*|/\*.*?\*/"
_MARK = rb"(?P<mark>[\w\x80-\xff-]+)"
_IN_BODY = re.compile(rb'(?P<comment>%s)|(?P<quote>")|(?P<sign>=)' % _COMMENT, re.DOTALL)
_IN_VALUE = re.compile(
    rb'(?P<comment>%s)|<<-?%s[ \t]*\r?\n|(?P<quote>")|(?P<open>[\[({])|(?P<close>[\])}])|(?P<line>\n)'
    % (_COMMENT, _MARK),
    re.DOTALL,
)
_IN_QUOTES = re.compile(rb'\\.|[$%]{2,}\{|(?P<template>[$%]\{)|(?P<quote>")', re.DOTALL)
_IN_HEREDOC = re.compile(rb"[$%%]{2,}\{|(?P<template>[$%%]\{)|\n[ \t]*%s[ \t]*(?=\r?\n|\Z)" % _MARK)


def with_plain_numbers(source: bytes) -> bytes:
    """Return a file in which `1e3` is `103`, in texts as well: nothing is read from the copy but where things are."""
    return _EXPONENT.sub(lambda match: match[1] + b"0" * (1 + len(match[2])), source)


def without(source: bytes, unreadable: Callable[[bytes], bool]) -> bytes:
    """Return a file with the reference `_`, which nothing is called, for each value that is `unreadable` alone."""
    copy = bytearray(source)
    for start, end in _values(source):
        if start < end and unreadable(b"_ = " + source[start:end] + b"\n"):
            copy[start:end] = b"_" + re.sub(rb"[^\n]", b" ", source[start + 1 : end])
    return bytes(copy)


def _values(source: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the value of each argument stands, in blocks at any depth."""
    position = 0
    while token := _IN_BODY.search(source, position):
        position = token.end()
        if token["quote"]:
            position = _after_quotes(source, position)
        elif token["sign"]:
            start = position
            position = _after_value(source, position, b"\n")
            text = source[start:position]
            yield start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def _after_value(source: bytes, position: int, last: bytes) -> int:
    """Return where a value ends: before its line's end or comment, or the brace that closes what it stands in.

    With the `last` of `}` a value may have several lines, as a template's has.
    """
    depth = 0
    while token := _IN_VALUE.search(source, position):
        if not depth and (token["close"] or (last == b"\n" and (token["line"] or _ends_line(token["comment"])))):
            return token.start()
        position = token.end()
        depth += bool(token["open"]) - bool(token["close"])
        if token["quote"]:
            position = _after_quotes(source, position)
        elif token["mark"]:
            position = _after_heredoc(source, position - 1, token["mark"])
    return len(source)


def _ends_line(comment: bytes | None) -> bool:
    return comment is not None and not comment.startswith(b"/*")


def _after_quotes(source: bytes, position: int) -> int:
    while token := _IN_QUOTES.search(source, position):
        position = token.end()
        if token["quote"]:
            return position
        if token["template"]:
            position = _after_value(source, position, b"}") + 1
    return len(source)


def _after_heredoc(source: bytes, position: int, mark: bytes) -> int:
    while token := _IN_HEREDOC.search(source, position):
        position = token.end()
        if token["mark"] == mark:
            return position
        if token["template"]:
            position = _after_value(source, position, b"}") + 1
    return len(source)
