"""JSON values out of a stream of text: JSON lines, whole documents, several of either, lists of any length.

A list at the top, or in an object's first member (`{"Records": [`), is read member by member, so that memory holds one
record and not the file. After text that is no JSON, reading goes on at the next line or record. Long runs of records
are read by the stretch (`skimming.py`), everything else value by value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Never

from reconciler.adapters.cloudtrail.skimming import WINDOW, Skimmer, Stretch, end_of_lines, end_of_members
from reconciler.model import Json

LONGEST = 16 * 1024 * 1024
"""Characters that one value may have. CloudTrail's records stay below 1 MB."""

_MOST_FAULTS = 1000
_NEAR_END = 16
_LOOK_AHEAD = 64

_BETWEEN = re.compile(r"(?:[\s,\ufeff\x1e]+|(?<![^\n])\d{4}-\d\d-\d\dT[\d:.]+Z?[ \t]+(?=\{))*")
"""What may stand between values; a time before each is how CloudWatch Logs exports them."""
_LIST = re.compile(r'(\{\s*"(?:Records|Events)"\s*:\s*)?\[')
_RECORD_START = r'\{\s*"(?:eventVersion|awsRegion|additionalEventData|EventId)"'
_NEXT_LINE = re.compile(r"\n(?=[^\s}\],])")
_NEXT_MEMBER = re.compile(rf"(?<=[\s,\[])(?={_RECORD_START})")


class Value(NamedTuple):
    """A value; `place` is its line, or its number in the list that fills the input."""

    value: Json
    place: str


class Fault(NamedTuple):
    """Text that is no JSON. `at_end` tells that the input ended too early."""

    reason: str
    place: str
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """So many values that nobody wants, not decoded."""

    count: int


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number


DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
"""JSON as the standard has it: without NaN and Infinity, which could not be written again."""

Item = Value | Fault | Passed


def _is_cut(fault: str, rest: str) -> bool:
    """Tell whether what follows may be what a decoder needs to go on: `rest` is the text that it did not take."""
    begun = any(word.startswith(rest) for word in ("true", "false", "null", "-"))
    return fault.startswith(("Unterminated", "Invalid \\u")) or begun or not rest.strip()


def read_values(chunks: Iterable[str], skimmer: Skimmer | None = None) -> Iterator[Item]:
    """Yield the values in a text, and a fault for each stretch that is none; nothing raises.

    With a `skimmer`, values that are not wanted may be told of as passed.
    """
    return _Reader(chunks, skimmer).read()


@dataclass(slots=True)
class _List:
    wrapped: bool
    line: int
    count: int = 0

    def place(self, number: int) -> str:
        # A list on the first line is taken to fill the input, as in a log file.
        return str(number) if self.line == 1 else f"{self.line}:{number}"


class _Reader:
    """A window on the text: `_text[_at:]` is not read yet, `_line` is the line at `_counted`."""

    def __init__(self, chunks: Iterable[str], skimmer: Skimmer | None) -> None:
        self._chunks = iter(chunks)
        self._skimmer = skimmer
        self._not_before = 0  # where skimming may be tried again
        self._lost = False
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._ended = False
        self._list: _List | None = None

    def read(self) -> Iterator[Item]:
        if self._more() and _is_binary(self._text):
            yield Fault("neither text nor gzip", "1")
            return
        faults = 0
        while not self._lost and self._skip_between():
            if skimmed := self._skim():
                yield from skimmed
                faults = 0
                continue
            item = self._member(self._list) if self._list else self._top()
            if item is None:
                continue
            yield item
            faults = faults + 1 if isinstance(item, Fault) else 0
            if faults == _MOST_FAULTS:
                yield Fault(f"{faults} faults in a row: the rest was not read", self._place())
                return
        if self._lost:
            yield Fault(f"nothing that may be a record in {LONGEST} characters: the rest was not read", self._place())
        if self._list is not None:
            yield Fault("invalid JSON: the list of records ends early", self._place(), at_end=True)

    def _top(self) -> Item | None:
        opened = _LIST.match(self._text, self._at)
        if opened is None:
            return self._decode()
        self._list = _List(wrapped=opened[1] is not None, line=self._line_at(self._at))
        self._at = opened.end()
        return None

    def _member(self, within: _List) -> Item | None:
        if self._text[self._at] == "]":
            self._at += 1
            self._list = None
            return self._close() if within.wrapped else None
        within.count += 1
        return self._decode()

    def _close(self) -> Item | None:
        """Read over what follows a list in its object: `, "NextToken": "…"}`."""
        while self._skip_between():
            if self._text[self._at] == "}":
                self._at += 1
                return None
            name = self._decode()
            if isinstance(name, Fault):
                return name
            if not (self._skip_between() and self._text[self._at] == ":"):
                break
            self._at += 1
            if self._skip_between() and isinstance(value := self._decode(), Fault):
                return value
        return self._fault("invalid JSON: the object ends early", self._at, at_end=self._ended)

    def _skim(self) -> list[Value | Passed]:
        """Read a stretch of values; none where there is no stretch, or it has to be read value by value."""
        if self._skimmer is None or self._at < self._not_before or self._text[self._at] != "{":
            return []
        if not self._list and _LIST.match(self._text, self._at):
            return []
        end_of, read = (end_of_members, self._skimmer.members) if self._list else (end_of_lines, self._skimmer.lines)
        end = end_of(self._text, self._at)
        while end is None and len(self._text) - self._at < WINDOW and self._more():
            end = end_of(self._text, self._at)
        if end is None:
            return []
        stretch = read(self._text[self._at : end])
        if stretch is None:
            self._not_before = end
            return []
        return self._skimmed(stretch, end)

    def _skimmed(self, stretch: Stretch, end: int) -> list[Value | Passed]:
        if self._list:
            before = self._list.count
            found = [Value(value, self._list.place(before + number + 1)) for number, value in stretch.wanted]
            self._list.count += stretch.length
        else:
            line = self._line_at(self._at)
            found = [Value(value, str(line + number)) for number, value in stretch.wanted]
        self._at = end
        return [*found, Passed(stretch.length - len(found))]

    def _decode(self) -> Value | Fault:
        while True:
            reason, position, incomplete, cut = "nested too deeply", self._at, False, False
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                reason, position = f"invalid JSON: {error.msg}", error.pos
                incomplete = error.msg.startswith("Unterminated") or position >= len(self._text) - _NEAR_END
                cut = incomplete and _is_cut(error.msg, self._text[position:])
            except ValueError:
                reason = "invalid JSON: a number that JSON cannot have"
            except RecursionError:
                pass
            else:
                found = Value(value, self._place())
                self._at = end
                return found
            length = len(self._text) - self._at
            if incomplete and length > LONGEST:
                return self._fault(f"a value of more than {LONGEST} characters", self._at)
            if not (incomplete and self._more(length)):
                return self._fault(reason, position, at_end=cut and self._ended)

    def _fault(self, reason: str, position: int, *, at_end: bool = False) -> Fault:
        # Where something is missing, the decoder points at what follows, which may be lines below.
        last = len(self._text[self._at : position].rstrip())
        place = self._list.place(self._list.count) if self._list else str(self._line_at(self._at + max(0, last - 1)))
        self._resume()
        return Fault(reason, place, at_end)

    def _resume(self) -> None:
        """Go to the next place where a value may begin."""
        following = _NEXT_MEMBER if self._list else _NEXT_LINE
        self._at += 1
        passed = 0
        while True:
            found = following.search(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return
            before = self._at
            self._at = max(self._at, len(self._text) - _LOOK_AHEAD)
            passed += self._at - before
            self._lost = passed > LONGEST
            if self._lost or not self._more():
                self._at = len(self._text)
                self._list = None
                return

    def _skip_between(self) -> bool:
        passed = 0
        while True:
            between = _BETWEEN.match(self._text, self._at)
            end = between.end() if between else self._at
            passed += end - self._at
            self._at = end
            self._lost = passed > LONGEST
            if self._lost:
                return False
            left = len(self._text) - self._at
            if left >= _LOOK_AHEAD or not self._more():
                return self._at < len(self._text)

    def _more(self, least: int = 0) -> bool:
        """Read on, at least so many characters if there are; drops what has been read. False at the end."""
        parts: list[str] = []
        while not self._ended and sum(map(len, parts)) <= least:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            if chunk:
                parts.append(chunk)
        if not parts:
            return False
        self._line_at(self._at)
        read = max(0, self._at - 1)  # what may begin here depends on the character before
        self._at -= read
        self._counted -= read
        self._not_before -= read
        self._text = "".join((self._text[read:], *parts))
        return True

    def _place(self) -> str:
        return self._list.place(self._list.count) if self._list else str(self._line_at(self._at))

    def _line_at(self, position: int) -> int:
        if position >= self._counted:
            if self._text.find("\n", self._counted, position) >= 0:  # far faster than counting, where a log is one line
                self._line += self._text.count("\n", self._counted, position)
            self._counted = position
            return self._line
        return self._line - self._text.count("\n", position, self._counted)


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    return "\0" in sample or sample.count("\ufffd") > len(sample) // 10
