"""JSON values to HCL literals in the style of the place they go to."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reconciler.model import Json, JsonObject
from reconciler.remedy.hcl.text import encode_quoted

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = frozenset({"for", "in", "if", "else", "endif", "endfor", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: line end, indentation step, objects' sign with its blanks, quoted keys, commas, all on one line."""

    newline: str = "\n"
    unit: str = "  "
    sign: str = " = "
    quoted: bool = False
    commas: bool = False
    flat: bool = False


def encode(value: Json, style: Style | None = None, indent: str = "") -> str:
    """Write a JSON value as HCL; `indent` is that of the line it starts on.

    Raises ValueError for what HCL cannot hold: a number that is not finite, a lone surrogate.
    """
    style = style or Style()
    if isinstance(value, Mapping):
        return _encode_object(value, style, indent)
    if isinstance(value, list | tuple):
        return _encode_tuple(value, style, indent)
    return _encode_scalar(value)


def encode_key(key: str, *, quoted: bool) -> str:
    """Write an object's key, in quotes when asked or needed."""
    plain = _IDENTIFIER.fullmatch(key) and key not in _KEYWORDS
    return key if plain and not quoted else encode_quoted(key)


def encode_block(type_: str, content: JsonObject, style: Style, indent: str) -> str:
    """Write a nested block with its first line indented; lists of objects inside become blocks again.

    Raises ValueError as `encode` does, and for a name that is no identifier.
    """
    inner = indent + style.unit
    arguments = {name: value for name, value in content.items() if not is_blocks(value)}
    lines = [indent + _identifier(type_) + " {", *_assignments(arguments, style, inner, _identifier)]
    for name, value in content.items():
        if is_blocks(value):
            for member in value:
                gap = [""] if len(lines) > 1 else []
                lines += [*gap, encode_block(name, member, style, inner)]
    if len(lines) == 1:
        return lines[0] + "}"
    return style.newline.join([*lines, indent + "}"])


def is_blocks(value: Json) -> bool:
    """Tell whether a plan's value is a list of nested blocks: objects in a list, which no argument's type is."""
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(member, Mapping) for member in value)


def _identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError("a name of an argument or block is no identifier")
    return name


def _encode_scalar(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("HCL has no such number")
        return re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))
    if isinstance(value, str):
        return encode_quoted(value)
    raise ValueError(f"HCL has no {type(value).__name__}")


def _encode_tuple(value: list[Json] | tuple[Json, ...], style: Style, indent: str) -> str:
    if not value:
        return "[]"
    if style.flat or not any(isinstance(member, Mapping | list | tuple) for member in value):
        return "[" + ", ".join(encode(member, replace(style, flat=True)) for member in value) + "]"
    inner = indent + style.unit
    members = [inner + encode(member, replace(style, flat=_is_pair(member)), inner) for member in value]
    return "[" + style.newline + f",{style.newline}".join(members) + style.newline + indent + "]"


def _is_pair(value: Json) -> bool:
    """Tell whether an object is as small as `{ name = "A", value = "1" }`, which authors keep on one line."""
    if not isinstance(value, Mapping) or len(value) > 2:
        return False
    return not any(isinstance(member, Mapping | list | tuple) for member in value.values())


def _encode_object(value: JsonObject, style: Style, indent: str) -> str:
    if not value:
        return "{}"
    if style.flat:
        pairs = [
            encode_key(key, quoted=style.quoted) + style.sign + encode(member, style) for key, member in value.items()
        ]
        return "{ " + ", ".join(pairs) + " }"
    lines = _assignments(value, style, indent + style.unit, lambda key: encode_key(key, quoted=style.quoted))
    comma = "," if style.commas else ""
    return "{" + style.newline + (comma + style.newline).join(lines) + comma + style.newline + indent + "}"


def _assignments(value: JsonObject, style: Style, indent: str, name: Callable[[str], str]) -> list[str]:
    """Write `name = value` lines; `=` is aligned as terraform fmt does, over neighbours of one line each."""
    pairs = [(name(key), encode(member, style, indent)) for key, member in value.items()]
    lines: list[str] = []
    group: list[tuple[str, str]] = []
    for pair in [*pairs, None]:
        if pair is None or "\n" in pair[1]:
            width = max((len(key) for key, _ in group), default=0) if style.sign == " = " else 0
            lines += [indent + key.ljust(width) + style.sign + text for key, text in group]
            group = []
            if pair is not None:
                lines.append(indent + pair[0] + style.sign + pair[1])
        else:
            group.append(pair)
    return lines
