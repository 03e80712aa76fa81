"""Adding to and removing from the body of a block: whole lines, blank lines between groups."""

from __future__ import annotations

from reconciler.remedy.hcl.layout import (
    above_comments,
    indent_unit,
    indentation,
    is_blank,
    line_start,
    newline,
    next_line,
    rest_of_line,
    starts_line,
)
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Attribute, Block


def is_one_line(source: bytes, block: Block) -> bool:
    """Tell whether a block opens and closes on one line."""
    return b"\n" not in source[block.opened : block.closed]


def inner_indent(source: bytes, block: Block) -> str:
    """Return the indentation of a block's members."""
    for member in block.members:
        if starts_line(source, member.start):
            return indentation(source, member.start)
    return indentation(source, block.start) + indent_unit(source)


def open_up(source: bytes, block: Block, lines: str, gap: bool) -> list[Splice]:
    """Give a block of one line lines of its own, the new ones behind what it holds, after a blank line with `gap`."""
    line, inner = newline(source), inner_indent(source, block)
    content = source[block.opened : block.closed].strip().decode()
    kept = f"{inner}{content}{line * (1 + gap)}" if content else ""
    text = f"{line}{kept}{lines}{line}{indentation(source, block.start)}"
    return [Splice(block.opened, block.closed, text.encode())]


def insert_after(source: bytes, offset: int, lines: str, *, gap: bool) -> list[Splice] | None:
    """Put lines below the line of `offset`, with a blank one between when asked; None when the line goes on."""
    end = rest_of_line(source, offset)
    if end is None:
        return None
    line = newline(source)
    return [Splice(end, end, f"{line * (1 + gap)}{lines}".encode())]


def insert_before(source: bytes, block: Block, lines: str) -> list[Splice] | None:
    """Put lines above a nested block and the comments that belong to it, with blank lines around."""
    if not starts_line(source, block.start):
        return None
    line = newline(source)
    start = above_comments(source, line_start(source, block.start))
    above = line_start(source, start - 1)
    lead = "" if is_blank(source, above) or _opens(source, above) else line
    return [Splice(start, start, f"{lead}{lines}{line}{line}".encode())]


def remove(source: bytes, holder: Block, member: Attribute | Block) -> list[Splice] | None:
    """Remove a member with its lines, and a blank line that would be left double or at the end.

    None when it shares its lines with something else.
    """
    if is_one_line(source, holder) and len(holder.members) == 1:
        inside = source[holder.opened : member.start] + source[member.end : holder.closed]
        return [Splice(holder.opened, holder.closed)] if not inside.strip() else None
    end = rest_of_line(source, member.end)
    if end is None or not starts_line(source, member.start):
        return None
    start, after = line_start(source, member.start), next_line(source, end)
    above = line_start(source, start - 1)
    closes = line_start(source, holder.closed) == after
    if is_blank(source, above) and (is_blank(source, after) or closes):
        start = above
    elif is_blank(source, after) and _opens(source, above):
        after = next_line(source, after)
    return [Splice(start, after)]


def _opens(source: bytes, start: int) -> bool:
    return source[start : next_line(source, start)].rstrip().endswith(b"{")
