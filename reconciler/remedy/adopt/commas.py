"""Adding and removing members of tuples and objects: commas, lines, comments and alignment stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Collection

from reconciler.remedy.hcl.layout import (
    column,
    indent_unit,
    indentation,
    line_start,
    newline,
    next_line,
    rest_of_line,
    starts_line,
)
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Entry, Item, Object, Sequence

Write = Callable[[str], str]
"""Writes a member for the indentation of the line it starts on."""


def append_member(source: bytes, whole: Sequence | Object, write: Write) -> list[Splice] | None:
    """Add a member after the last one, in the manner of its neighbours; None when the layout is not known."""
    members = _members(whole)
    if not members:
        return _first_member(source, whole, write)
    last = members[-1]
    value_end = last.value.end
    end = rest_of_line(source, last.end)
    if end is None or end >= whole.end or not starts_line(source, last.start):
        return [Splice(value_end, value_end, f", {write(indentation(source, value_end))}".encode())]
    indent = indentation(source, last.start)
    text = write(indent)
    line = newline(source)
    lead = f"{line}{line}{indent}" if text.startswith(line) else f"{line}{indent}"
    splices = []
    if last.comma is None and (isinstance(whole, Sequence) or any(member.comma for member in members)):
        splices.append(Splice(value_end, value_end, b","))
    comma = "," if last.comma is not None else ""
    return [*splices, Splice(end, end, f"{lead}{text.removeprefix(line)}{comma}".encode())]


def _first_member(source: bytes, whole: Sequence | Object, write: Write) -> list[Splice] | None:
    indent = indentation(source, whole.start)
    inner = indent + indent_unit(source)
    if not whole.commented and isinstance(whole, Sequence):
        return [Splice(whole.start + 1, whole.end - 1, write(indent).encode())]
    line = newline(source)
    if not whole.commented:
        return [Splice(whole.start + 1, whole.end - 1, f"{line}{inner}{write(inner)}{line}{indent}".encode())]
    if not starts_line(source, whole.end - 1):
        return None
    close = line_start(source, whole.end - 1)
    return [Splice(close, close, f"{inner}{write(inner)}{line}".encode())]


def insert_member(source: bytes, whole: Sequence, index: int, text: str) -> list[Splice]:
    """Add a member before the one at `index`."""
    start = whole.items[index].start
    if starts_line(source, start):
        line = line_start(source, start)
        return [Splice(line, line, f"{indentation(source, start)}{text},{newline(source)}".encode())]
    return [Splice(start, start, f"{text}, ".encode())]


def drop_members(source: bytes, whole: Sequence | Object, dropped: Collection[int]) -> list[Splice]:
    """Remove members: those alone on their lines with these lines, others with the blanks around them."""
    members = _members(whole)
    if len(dropped) == len(members) and not whole.commented:
        return [Splice(whole.start + 1, whole.end - 1)]
    kept = [index for index in range(len(members)) if index not in dropped]
    splices = []
    for index in sorted(dropped):
        member = members[index]
        end = rest_of_line(source, member.end)
        follower = next((members[one].start for one in kept if one > index), None)
        if starts_line(source, member.start) and end is not None and end < whole.end:
            splices.append(Splice(line_start(source, member.start), next_line(source, end)))
        elif follower is not None and end is None:
            splices.append(Splice(member.start, members[index + 1].start))
        else:
            previous = members[index - 1].end if index else whole.start + 1
            splices.append(Splice(previous, member.end))
    if kept and members[-1].comma is None and (comma := members[kept[-1]].comma) and kept[-1] < len(members) - 1:
        splices.append(Splice(comma - 1, comma))
    return splices


def aligned_entry(source: bytes, whole: Object, key: str, value: str) -> str:
    """Write an object's new last entry so that its sign stands under its neighbours', as terraform fmt has it.

    A key too long for the column starts a group of its own after a blank line: the neighbours keep their bytes.
    """
    last = whole.entries[-1]
    before = source[last.key_end : last.sign].decode()
    after = source[last.sign + 1 : last.value.start].decode()
    if source[last.sign : last.sign + 1] == b":" or "\n" in value or not starts_line(source, last.start):
        blank = "" if source[last.sign : last.sign + 1] == b":" and not before else " "
        return f"{key}{blank}{source[last.sign : last.sign + 1].decode()}{after}{value}"
    if b"\n" in source[last.value.start : last.value.end]:
        return f"{key} ={after}{value}"
    width = column(source, last.sign) - len(indentation(source, last.start)) - 1
    if len(key) <= width:
        return f"{key.ljust(width)} ={after}{value}"
    return f"{newline(source)}{key} ={after}{value}"


def _members(whole: Sequence | Object) -> tuple[Item, ...] | tuple[Entry, ...]:
    return whole.items if isinstance(whole, Sequence) else whole.entries
