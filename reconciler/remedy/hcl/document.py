"""Terraform's JSON syntax to the blocks and expressions that the native syntax has.

https://developer.hashicorp.com/terraform/language/syntax/json (1.11). Any level of blocks may be an object or a list of
objects; texts are templates without escapes. Only a provider's schema tells arguments from blocks: what may be either
is there as both. Nothing has a place in a file, for documents are never edited.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from reconciler.model import Json
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Attribute, Block, Entry, Expression, Item, Object, Opaque, Scalar, Sequence

_LABELS: Final = {"data": 2, "dynamic": 1, "module": 1, "output": 1, "provider": 1, "resource": 2, "variable": 1}
_NOWHERE: Final = (0, 0, 0)


def parse_document(name: str, source: bytes) -> tuple[Block, ...]:
    """Read the blocks of one document; raises HclSyntaxError."""
    try:
        return tuple(block for body in objects(load(source)) for block in _members(body) if isinstance(block, Block))
    except (ValueError, RecursionError):
        raise HclSyntaxError(f"{name} is no JSON that can be read; run terraform validate") from None


def load(source: bytes) -> Json:
    """Read JSON in which a name that comes twice stands for a list: Terraform merges what is repeated."""

    def merged(members: list[tuple[str, Json]]) -> dict[str, Json]:
        values: dict[str, list[Json]] = {}
        for name, value in members:
            values.setdefault(name, []).append(value)
        return {name: found[0] if len(found) == 1 else found for name, found in values.items()}

    loaded: Json = json.loads(source, object_pairs_hook=merged)
    return loaded


def objects(value: Json) -> Iterator[dict[str, Json]]:
    """Yield the object that a value is, or those in a list."""
    yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict))


def _blocks(kind: str, value: Json, labels: tuple[str, ...] = ()) -> Iterator[Block]:
    for body in objects(value):
        if len(labels) == _LABELS.get(kind, 0):
            yield Block(kind, labels, *_NOWHERE, 0, 0, partial(_members, body, kind))
            continue
        for label, inner in body.items():
            yield from _blocks(kind, inner, (*labels, label))


def _members(body: dict[str, Json], kind: str = "") -> tuple[Attribute | Block, ...]:
    return tuple(_inner(body, kind))


def _inner(body: dict[str, Json], kind: str) -> Iterator[Attribute | Block]:
    for name, value in body.items():
        read = partial(_of_variable, name, value) if kind == "variable" else partial(_expression, value)
        yield Attribute(name, *_NOWHERE, 0, read)
        yield from _blocks(name, value)


def _is_template(text: str) -> bool:
    return "${" in text or "%{" in text


def _never(_text: str) -> bool:
    return False


def _of_variable(name: str, value: Json) -> Expression:
    """Return an argument of a variable: its type is written as in the native syntax, and its default no template."""
    return _read(value) if name == "type" and isinstance(value, str) else _expression(value, is_template=_never)


def _expression(value: Json, is_template: Callable[[str], bool] = _is_template) -> Expression:
    if isinstance(value, str):
        return _template(value) if is_template(value) else Scalar(*_NOWHERE, value)
    if isinstance(value, list):
        items = tuple(Item(_expression(each, is_template), None) for each in value)
        return Sequence(*_NOWHERE, items, commented=False)
    if not isinstance(value, dict):
        return Scalar(*_NOWHERE, value)
    entries = tuple(_entry(name, _expression(each, is_template), is_template) for name, each in value.items())
    return Object(*_NOWHERE, entries, commented=False)


def _entry(name: str, value: Expression, is_template: Callable[[str], bool]) -> Entry:
    computed = _template(name) if is_template(name) else None
    return Entry(None if computed else name, 0, 0, 0, value, None, computed)


def _template(text: str) -> Expression:
    """Read a text as the heredoc that holds it, without the last line's end."""
    mark = "_"
    while mark in text:
        mark += "_"
    # Where a heredoc has a literal for each line, a text has one for all, which matters to what takes blanks away.
    read = _unread(text) if "~" in text and "\n" in text else _read(f"<<{mark}\n{text}\n{mark}\n")
    if isinstance(read, Scalar):
        return Scalar(*_NOWHERE, str(read.value).removesuffix("\n"))
    if not isinstance(read, Opaque) or not read.parts:
        return _unread(text)
    *parts, last = read.parts
    if isinstance(last, Scalar):
        rest = str(last.value).removesuffix("\n")
        last_parts = (Scalar(*_NOWHERE, rest),) if rest else ()
        return Opaque(*_NOWHERE, read.kind, text, (*parts, *last_parts), read.operator)
    return read


def _read(text: str) -> Expression:
    try:
        (attribute,) = parse("", f"_ {{\n_ = {text}\n}}\n".encode()).blocks[0].attributes
    except (HclSyntaxError, ValueError):
        return _unread(text)
    return attribute.value


def _unread(text: str) -> Opaque:
    return Opaque(*_NOWHERE, "an expression that cannot be read", text)
