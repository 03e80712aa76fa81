"""What HCL looks like once it is read: blocks, attributes and expressions with their byte ranges.

`start` and `end` are byte offsets into the file, `end` exclusive; `line` counts from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from reconciler.model import Json


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string without interpolation, a number, a bool or null, decoded."""

    start: int
    end: int
    line: int
    value: Json


@dataclass(frozen=True, slots=True)
class Item:
    """A member of a tuple. `comma` is the end of the comma after it, None where there is none."""

    value: Expression
    comma: int | None

    @property
    def start(self) -> int:
        """Return where the member starts."""
        return self.value.start

    @property
    def end(self) -> int:
        """Return where the member ends, with its comma."""
        return self.comma or self.value.end


@dataclass(frozen=True, slots=True)
class Sequence:
    """A tuple, `[a, b]`."""

    start: int
    end: int
    line: int
    items: tuple[Item, ...]
    commented: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of an object; `sign` is where `=` or `:` stands. A key that is `computed` is None."""

    key: str | None
    start: int
    key_end: int
    sign: int
    value: Expression
    comma: int | None
    computed: Expression | None = None

    @property
    def end(self) -> int:
        """Return where the member ends, with its comma."""
        return self.comma or self.value.end


@dataclass(frozen=True, slots=True)
class Object:
    """An object, `{ a = b }`."""

    start: int
    end: int
    line: int
    entries: tuple[Entry, ...]
    commented: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function with plain arguments."""

    start: int
    end: int
    line: int
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other expression; `kind` names it for a person, a plain reference by its text.

    `text` is the whole of it. What is taken apart has an `operator`, and `parts` that it works on:

    - `name`: none; the name itself is in `names`. `[]`: a value and the keys that lead into it, in the places of the
      empty `names` among those of attributes. `[*]`: what it goes through; `names` lead to what it takes of each.
    - `?:`: the condition and both results. `==`, `&&`, `!` and the like: the sides.
    - `for []`, `for {}`: what it goes through, what it makes of each, key and value, and the condition if there is one;
      `names` are the variables.
    - `template`: literals and what stands between them, directives as `%if`, with a condition and two templates, and
      `%for`, with what it goes through and a template. `...`: the arguments of a call of the function in `names`,
      the last of which is a list of more.
    """

    start: int
    end: int
    line: int
    kind: str
    text: str = ""
    parts: tuple[Expression, ...] = ()
    operator: str = ""
    names: tuple[str, ...] = ()


Expression: TypeAlias = Scalar | Sequence | Object | Call | Opaque


@dataclass(frozen=True)
class Attribute:
    """`name = value`; `sign` is where `=` stands. The value is read when first asked for."""

    name: str
    start: int
    end: int
    line: int
    sign: int
    _read: Callable[[], Expression] = field(repr=False, compare=False)

    @cached_property
    def value(self) -> Expression:
        """Return the expression."""
        return self._read()


@dataclass(frozen=True)
class Block:
    """A block; `opened` is the offset after `{`, `closed` the offset of `}`. Its body is read when first asked for."""

    type: str
    labels: tuple[str, ...]
    start: int
    end: int
    line: int
    opened: int
    closed: int
    _read: Callable[[], tuple[Attribute | Block, ...]] = field(repr=False, compare=False)

    @cached_property
    def members(self) -> tuple[Attribute | Block, ...]:
        """Return attributes and nested blocks in the author's order."""
        return self._read()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Return the block's own attributes."""
        return tuple(member for member in self.members if isinstance(member, Attribute))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the nested blocks, `dynamic` ones as such."""
        return tuple(member for member in self.members if isinstance(member, Block))

    def attribute(self, name: str) -> Attribute | None:
        """Return the block's own attribute of that name."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)

    def nested(self, type_: str) -> tuple[Block, ...]:
        """Return the nested blocks of one type."""
        return tuple(block for block in self.blocks if block.type == type_)

    def dynamic(self, type_: str) -> Block | None:
        """Return the `dynamic` block that generates nested blocks of that type."""
        return next((block for block in self.nested("dynamic") if block.labels == (type_,)), None)


@dataclass(frozen=True, slots=True)
class File:
    """A parsed file with its top-level blocks."""

    name: str
    source: bytes
    blocks: tuple[Block, ...]

    def resources(self) -> tuple[Block, ...]:
        """Return the `resource "type" "name"` blocks."""
        return tuple(block for block in self.blocks if block.type == "resource" and len(block.labels) == 2)

    def resource(self, type_: str, name: str) -> tuple[Block, ...]:
        """Return the blocks of one resource: more than one is a mistake of the author's."""
        return tuple(block for block in self.resources() if block.labels == (type_, name))
