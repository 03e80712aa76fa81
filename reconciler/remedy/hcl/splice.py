"""Replacing byte ranges and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.remedy.hcl.layout import comment_gap


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """The bytes from `start` to `end` become `text`; equal ends insert."""

    start: int
    end: int
    text: bytes = b""


def splice(source: bytes, splices: Iterable[Splice]) -> bytes:
    """Apply all splices at once; insertions at one place keep their order, overlapping deletions become one.

    Raises ValueError when splices overlap otherwise, or reach beyond the source.
    """
    for one in reversed(_merged(splices, len(source))):
        source = source[: one.start] + one.text + source[one.end :]
    return source


def _merged(splices: Iterable[Splice], length: int) -> list[Splice]:
    merged: list[Splice] = []
    for one in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if not 0 <= one.start <= one.end <= length:
            raise ValueError(f"bytes {one.start} to {one.end} are outside a source of {length}")
        last = merged[-1] if merged else None
        if last is None or one.start >= last.end:
            merged.append(one)
        elif not last.text and not one.text:
            merged[-1] = Splice(last.start, max(last.end, one.end))
        else:
            raise ValueError(f"two edits meet at byte {one.start}")
    return merged


def keep_columns(source: bytes, splices: Iterable[Splice]) -> list[Splice]:
    """Add what keeps a comment behind an edited value under its neighbours' comments, as far as its blanks allow."""
    given = list(splices)
    gone = {one.start for one in given if one.start < one.end and not one.text}
    grown: dict[tuple[int, int], int] = {}
    for one in given:
        gap = comment_gap(source, one.end, gone)
        if gap and b"\n" not in source[one.start : one.end] + one.text:
            more = len(one.text.decode()) - len(source[one.start : one.end].decode())
            grown[gap] = grown.get(gap, 0) + more
    return given + [Splice(*gap, b" " * max(1, gap[1] - gap[0] - more)) for gap, more in grown.items() if more]
