"""Functions of Terraform on texts.

Each gets texts only: Terraform makes one of every number and bool that it gets for a text. What depends on letters that
are not ASCII is not told: Terraform and Python know different versions of Unicode, and count them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.text import BLANKS
from reconciler.remedy.meaning.texts import as_number
from reconciler.remedy.meaning.values import Bag, Typed, as_text

_WORD = re.compile(r"(?<![A-Za-z0-9_])[a-z]")
_VERB = re.compile(r"%(?:(?P<percent>%)|(?P<flag>[-0]?)(?P<width>\d{0,3})(?P<verb>[a-zA-Z])|)")
_SAFE = re.compile(
    r"""\^? (?: (?: [\w\ ,:;=@/-] | \. | \\[-./\\+*?^$()\[\]{}|dw] | \[\^?(?:\w-\w | \\?[-./_] | [\w\ ,:;=@])+\] )
        [+*?]? ){1,12} \$?""",
    re.VERBOSE | re.ASCII,
)
_MOST = 300  # characters that an expression is sought in, which two repetitions make some millions of steps


def _texts(function: Callable[..., Json]) -> Callable[..., Json]:
    """Make a function of texts one of scalars that says `UNKNOWN` of all else."""

    @wraps(function)
    def told(*values: Json) -> Json:
        texts = [as_text(value) for value in values]
        return UNKNOWN if UNKNOWN in texts else function(*texts)

    return told


def _ascii(function: Callable[..., Json]) -> Callable[..., Json]:
    """Make a function of texts one that says `UNKNOWN` of letters that are not ASCII."""

    @wraps(function)
    def told(*texts: str) -> Json:
        return function(*texts) if all(text.isascii() for text in texts) else UNKNOWN

    return _texts(told)


def _split(separator: str, text: str) -> Json:
    return Typed(text.split(separator) if separator else text)


def _join(separator: Json, *lists: Json) -> Json:
    """Return the members of lists with a text between each two."""
    if not all(isinstance(each, list) and not isinstance(each, Bag) for each in lists):
        return UNKNOWN
    texts = [as_text(value) for value in (separator, *(member for each in lists for member in each))]
    return UNKNOWN if UNKNOWN in texts else str(texts[0]).join(map(str, texts[1:]))


def _replace(text: str, old: str, new: str) -> Json:
    if len(old) < 2 or not (old.startswith("/") and old.endswith("/")):
        return text.replace(old, new)
    pattern = old[1:-1]
    # Of such expressions, with a match that is not empty, RE2 and Python say the same.
    if not _SAFE.fullmatch(pattern) or len(re.findall(r"[+*]", pattern)) > 2 or len(text) > _MOST:
        return UNKNOWN
    if not (text + new).isascii() or "\n" in text or "$" in new:
        return UNKNOWN
    found = [*re.finditer(pattern, text, re.ASCII)]
    if not all(match[0] for match in found):
        return UNKNOWN
    return re.sub(pattern, lambda _: new, text, flags=re.ASCII)


def _substr(text: str, offset: str, length: str) -> Json:
    start, size = as_number(offset), as_number(length)
    if not isinstance(start, int) or not isinstance(size, int) or size < -1:
        return UNKNOWN
    start = start if start >= 0 else max(start + len(text), 0)
    return text[start:] if size == -1 else text[start : start + size]


def _format(pattern: Json, *values: Json) -> Json:
    """Return what `format` makes of texts, whole numbers, and what is written as it is by `%v`."""
    if not isinstance(pattern, str):
        return UNKNOWN
    verbs = [verb for verb in _VERB.finditer(pattern) if not verb["percent"]]
    if len(verbs) != len(values):
        return UNKNOWN
    written = [_written(verb, value) for verb, value in zip(verbs, values, strict=True)]
    if UNKNOWN in written:
        return UNKNOWN
    given = iter(written)
    return _VERB.sub(lambda verb: "%" if verb["percent"] else str(next(given)), pattern)


def _written(verb: re.Match[str], value: Json) -> Json:
    width = int(verb["width"] or 0)
    if verb["verb"] == "d":
        number = as_number(value)
        layout = {"": ">", "-": "<", "0": "0="}[verb["flag"] or ""]
        return f"{number:{layout}{width}}" if isinstance(number, int) else UNKNOWN
    text = as_text(value)
    if verb["verb"] not in ("s", "v") or verb["flag"] == "0" or not isinstance(text, str):
        return UNKNOWN
    if width and not text.isascii():
        return UNKNOWN
    return text.ljust(width) if verb["flag"] else text.rjust(width)


def _formatlist(pattern: Json, *values: Json) -> Json:
    lists = [value for value in values if isinstance(value, list)]
    if not lists or any(isinstance(each, Bag) or len(each) != len(lists[0]) for each in lists):
        return UNKNOWN
    rows = ([value[row] if isinstance(value, list) else value for value in values] for row in range(len(lists[0])))
    return Typed(_format(pattern, *row) for row in rows)


def _indent(spaces: str, text: str) -> Json:
    number = as_number(spaces)
    return text.replace("\n", "\n" + " " * number) if isinstance(number, int) and 0 <= number < 100 else UNKNOWN


STRINGS: Mapping[str, Callable[..., Json]] = {
    "chomp": _texts(lambda text: text.rstrip("\r\n")),
    "endswith": _texts(lambda text, end: text.endswith(end)),
    "format": _format,
    "formatlist": _formatlist,
    "indent": _texts(_indent),
    "join": _join,
    "lower": _ascii(str.lower),
    "replace": _texts(_replace),
    "split": _texts(_split),
    "startswith": _texts(lambda text, start: text.startswith(start)),
    "strcontains": _texts(lambda text, part: part in text),
    "substr": _ascii(_substr),
    "title": _ascii(lambda text: _WORD.sub(lambda word: word[0].upper(), text)),
    "trim": _ascii(lambda text, letters: text.strip(letters)),
    "trimprefix": _texts(lambda text, start: text.removeprefix(start)),
    "trimspace": _texts(lambda text: text.strip(BLANKS)),
    "trimsuffix": _texts(lambda text, end: text.removesuffix(end)),
    "upper": _ascii(str.upper),
}
