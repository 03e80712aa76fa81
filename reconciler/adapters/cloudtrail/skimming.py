"""Many values at a time: which of them are wanted is told before any of them is built.

A trail holds every service's calls, and nearly none are wanted. So a stretch of text is checked as a whole to be JSON,
and only three members of each record in it are looked at. What is not exactly the JSON that a stretch is taken for is
not decided here but read value by value, with the same result: no text inside a record is ever taken for a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from reconciler.model import Json, JsonObject

API_CALL = "AwsApiCall"
WINDOW = 64 * 1024
"""Characters of a stretch at most: small enough to stay in the processor's cache."""

_LEAD = re.compile(r'\{\s*"[^"\\]*"')
_LIST = re.compile(rb'\{\s*"(?:Records|Events)"\s*:\s*\[')
_LISTS = frozenset({"Records", "Events"})
_MOST_TRIES = 8


class _Head(msgspec.Struct, gc=False, rename="camel"):
    """What tells whose call a record is; every other member is checked to be JSON and passed over."""

    event_source: Any = None
    event_name: Any = None
    event_type: Any = None


_HEAD_LINES = msgspec.json.Decoder(_Head)
_HEADS = msgspec.json.Decoder(list[_Head])
_RAW_LINES = msgspec.json.Decoder(msgspec.Raw)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT_LINES = msgspec.json.Decoder(dict[str, Any])
_OBJECTS = msgspec.json.Decoder(list[dict[str, Any]])
_VALUE: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


class Stretch(NamedTuple):
    """So many values one after the other, of which the wanted ones are built, with their number from 0."""

    length: int
    wanted: Sequence[tuple[int, Json]]


def is_api_call(value: Json) -> bool:
    """Tell whether a value is the record of an API call, whatever else it holds."""
    return isinstance(value, dict) and value.get("eventType") == API_CALL and isinstance(value.get("eventSource"), str)


def is_other_call(body: JsonObject, only: frozenset[str]) -> bool:
    """Tell whether an object is the record of an API call that nobody wants.

    `only` is what somebody wants: event sources such as `ecs.amazonaws.com`, and single calls of others such as
    `iam.amazonaws.com/PutRolePolicy`. Where it is empty, everything is wanted.
    """
    source = body.get("eventSource")
    if not isinstance(source, str) or is_wanted(source, body.get("eventName"), only):
        return False
    return body.get("eventType") == API_CALL


def is_wanted(source: str, name: Json, only: frozenset[str]) -> bool:
    """Tell whether somebody wants the calls of this name of a source; `only` is that of `is_other_call`."""
    return source in only or not only or f"{source}/{name}" in only


class Skimmer:
    """Reads stretches; `only` is that of `is_other_call`."""

    def __init__(self, only: frozenset[str]) -> None:
        self._only = only
        self._sources = frozenset(each.partition("/")[0] for each in only)
        self._mostly_wanted = False  # then to look first and build later would only read everything twice

    def members(self, text: str) -> Stretch | None:
        """Read members of a list, with commas between them; None when they are not all of them objects."""
        return self._stretch(partial(self._members, f"[{text}]"))

    def lines(self, text: str) -> Stretch | None:
        """Read lines, each with one object; None when that is not what they are, or a line is a list of records."""
        breaks = text.count("\n")
        if breaks not in (text.count("}\n{"), text.count("}\r\n{")):
            return None
        stretch = self._stretch(partial(self._lines, text))
        return stretch if stretch is not None and stretch.length == breaks + 1 else None

    def _stretch(self, read: Callable[[], Stretch | None]) -> Stretch | None:
        try:
            stretch = read()
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return None
        if stretch is not None:
            self._mostly_wanted = 2 * len(stretch.wanted) > stretch.length
        return stretch

    def _members(self, listed: str) -> Stretch:
        if self._mostly_wanted:
            return self._built(_OBJECTS.decode(listed))
        heads = _HEADS.decode(listed)
        wanted = self._wanted(heads)
        raws = _RAWS.decode(listed) if wanted else ()
        return Stretch(len(heads), [(number, _VALUE.decode(raws[number])) for number in wanted])

    def _lines(self, text: str) -> Stretch | None:
        if self._mostly_wanted:
            built = self._built(_OBJECT_LINES.decode_lines(text))
            return None if any(_LISTS & value.keys() for _, value in built.wanted) else built
        heads = _HEAD_LINES.decode_lines(text)
        wanted = self._wanted(heads)
        raws = [bytes(raw) for raw in _RAW_LINES.decode_lines(text)] if wanted else ()
        if any(_LIST.match(raws[number]) for number in wanted):
            return None
        return Stretch(len(heads), [(number, _VALUE.decode(raws[number])) for number in wanted])

    def _built(self, values: Sequence[JsonObject]) -> Stretch:
        wanted = [pair for pair in enumerate(values) if not is_other_call(pair[1], self._only)]
        return Stretch(len(values), wanted)

    def _wanted(self, heads: Sequence[_Head]) -> list[int]:
        if not self._only:
            return list(range(len(heads)))
        return [
            number
            for number, head in enumerate(heads)
            if head.event_type != API_CALL
            or type(head.event_source) is not str
            or (head.event_source in self._sources and is_wanted(head.event_source, head.event_name, self._only))
        ]


def end_of_members(text: str, start: int) -> int | None:
    """Return where the last whole member of a list in the window seems to end, its comma left out; None for none.

    The next member is taken to begin as the first one does. That may be wrong; a stretch that ends within a record is
    no JSON.
    """
    lead = _LEAD.match(text, start)
    if lead is None:
        return None
    stop = min(len(text), start + WINDOW)
    if text.find("\n", start, stop) >= 0:
        # Many small logs, each on its line.
        last = text.find("]}\n", start, stop)
        stop = last if last >= 0 else stop
    begin = stop
    for _ in range(_MOST_TRIES):
        begin = text.rfind(lead[0], start + 1, begin)
        if begin < 0:
            return None
        before = text[max(start, begin - 80) : begin].rstrip()
        if before.endswith(","):
            return begin - (min(80, begin - start) - len(before)) - 1
    return None


def end_of_lines(text: str, start: int) -> int | None:
    """Return where the last whole line in the window ends, without its end; None when there is none."""
    end = text.rfind("\n", start, start + WINDOW)
    if end < 0:
        return None
    return end - 1 if text[end - 1] == "\r" else end
