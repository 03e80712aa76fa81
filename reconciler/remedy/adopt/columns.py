"""The column of the `=` signs, as terraform fmt keeps it: one blank behind the longest name of neighbouring lines."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.remedy.hcl.layout import column, line_start, next_line, rest_of_line, starts_line
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Attribute, Block, Entry


def close_column(source: bytes, members: Sequence[Attribute | Block | Entry], gone: Attribute | Entry) -> list[Splice]:
    """Move the signs of the lines around `gone` to the left, when only its name kept them where they are.

    Lines that terraform fmt would not leave as they are have a layout of their own, which is kept.
    """
    lines = {
        line_start(source, one.start): one for one in members if not isinstance(one, Block) and _alone(source, one)
    }
    here = line_start(source, gone.start)
    if here not in lines:
        return []
    others = [*_run(source, lines, here, up=True), *_run(source, lines, here, up=False)]
    columns = {column(source, one.sign) for one in (gone, *others)}
    longest = max((_name_end(source, one) for one in others), default=0)
    if len(columns) != 1 or _name_end(source, gone) + 1 != column(source, gone.sign):
        return []
    more = column(source, gone.sign) - longest - 1
    return [Splice(one.sign - more, one.sign) for one in others if more > 0]


def _alone(source: bytes, member: Attribute | Entry) -> bool:
    """Tell whether a member with `=` has one line to itself."""
    return (
        source[member.sign : member.sign + 1] == b"="
        and starts_line(source, member.start)
        and b"\n" not in source[member.start : member.end]
        and rest_of_line(source, member.end) is not None
    )


def _run(source: bytes, lines: dict[int, Attribute | Entry], start: int, *, up: bool) -> list[Attribute | Entry]:
    found = []
    while (start > 0) if up else (start < len(source)):
        start = line_start(source, start - 1) if up else next_line(source, start)
        if start not in lines:
            break
        found.append(lines[start])
    return found


def _name_end(source: bytes, member: Attribute | Entry) -> int:
    name = source[member.start : member.sign].rstrip(b" ")
    return column(source, member.start + len(name))
