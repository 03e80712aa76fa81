"""Where in a resource block an attribute's path leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model import AttributePath, Json, Member, render_path
from reconciler.model.resource_types import NATURAL_KEYS
from reconciler.remedy.adopt.catalogue import UNORDERED_BLOCKS
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.hcl.literal import NotLiteralError, decode, decode_block
from reconciler.remedy.hcl.values import Attribute, Block, Call, Entry, Expression, File, Item, Object, Scalar, Sequence

Holder: TypeAlias = Block | Object | Sequence


@dataclass(frozen=True, slots=True)
class Held:
    """The code says something there. `in_json` is inside `jsonencode(…)`, whose call itself is unwrapped."""

    value: Expression
    slot: Attribute | Entry | Item
    holder: Holder
    in_json: bool


@dataclass(frozen=True, slots=True)
class HeldBlock:
    """A nested block stands there."""

    block: Block
    holder: Block


@dataclass(frozen=True, slots=True)
class HeldBlocks:
    """The path names nested blocks of a type, all of them."""

    blocks: tuple[Block, ...]
    holder: Block


@dataclass(frozen=True, slots=True)
class Absent:
    """The code says nothing there: `holder` has no `rest[0]`. `name` is the attribute that leads to the holder."""

    holder: Holder
    rest: AttributePath
    name: str
    in_json: bool


Place: TypeAlias = Held | HeldBlock | HeldBlocks | Absent


def locate(file: File, resource: Block, path: AttributePath, state: Json) -> Place:
    """Follow a path into a resource block. `state` is the value that the state has there.

    Raises RefusalError when the way leads through what is no literal or cannot be told.
    """
    return _Walk(file, path, state).into_block(resource, 0)


@dataclass(frozen=True, slots=True)
class _Walk:
    file: File
    path: AttributePath
    state: Json

    def into_block(self, block: Block, depth: int) -> Place:
        step = self.path[depth]
        if isinstance(step, Member):
            raise RefusalError(f"{self.where(depth, block.line)} is a block without members; a person must look at it")
        if attribute := block.attribute(step):
            return self.into_value(Held(attribute.value, attribute, block, False), depth + 1)
        if dynamic := block.dynamic(step):
            raise RefusalError(f"{self.where(depth + 1, dynamic.line)} comes from a dynamic block; {_DECIDE}")
        blocks = block.nested(step)
        if not blocks:
            return Absent(block, self.path[depth:], step, False)
        if depth + 1 == len(self.path):
            return HeldBlocks(blocks, block)
        member = self.path[depth + 1]
        if not isinstance(member, Member):
            if len(blocks) > 1:
                raise RefusalError(f"{self.where(depth + 1, block.line)} stands for {len(blocks)} blocks; {_DECIDE}")
            return self.into_block(blocks[0], depth + 1)
        index = self.choose(member, step, blocks, depth + 1, block.line)
        if index is None:
            return Absent(block, self.path[depth:], step, False)
        if depth + 2 == len(self.path):
            return HeldBlock(blocks[index], block)
        return self.into_block(blocks[index], depth + 2)

    def into_value(self, held: Held, depth: int) -> Place:
        value = held.value
        if isinstance(value, Call) and value.name == "jsonencode" and len(value.arguments) == 1:
            return self.into_value(Held(value.arguments[0], held.slot, held.holder, True), depth)
        if depth == len(self.path):
            return held
        name = next(step for step in reversed(self.path[:depth]) if isinstance(step, str))
        step = self.path[depth]
        if isinstance(value, Object):
            key = step.key if isinstance(step, Member) else step
            entry = self.entry(value, str(key), depth, fold=held.in_json)
            if entry is None:
                return Absent(value, self.path[depth:], name, held.in_json)
            return self.into_value(Held(entry.value, entry, value, held.in_json), depth + 1)
        if isinstance(value, Sequence) and isinstance(step, Member):
            members = tuple(item.value for item in value.items)
            index = self.choose(step, name, members, depth, value.line)
            if index is None:
                return Absent(value, self.path[depth:], name, held.in_json)
            return self.into_value(Held(members[index], value.items[index], value, held.in_json), depth + 1)
        raise RefusalError(self.closed(value, depth))

    def entry(self, value: Object, key: str, depth: int, *, fold: bool) -> Entry | None:
        """Find an object's entry. Go reads JSON keys in any case, so inside JSON `Image` is `image`."""
        if any(entry.key is None for entry in value.entries):
            raise RefusalError(f"{self.where(depth, value.line)} has computed keys; {_DECIDE}")
        found = [entry for entry in value.entries if entry.key == key]
        if not found and fold:
            found = [entry for entry in value.entries if (entry.key or "").casefold() == key.casefold()]
        if len(found) > 1:
            raise RefusalError(f"{self.where(depth, value.line)} names one key twice; {_DECIDE}")
        return found[0] if found else None

    def choose(
        self, step: Member, name: str, members: tuple[Block | Expression, ...], depth: int, line: int
    ) -> int | None:
        """Return the index of the member that `step`, at `depth`, names, None when the code has none."""
        natural = NATURAL_KEYS.get(name)
        keys = [_key(member, natural) for member in members] if natural else []
        found = [index for index, key in enumerate(keys) if key.known and str(key.value) == str(step.key)]
        if len(found) == 1:
            return found[0]
        told = bool(natural) and all(key.known for key in keys) and len({str(key.value) for key in keys}) == len(keys)
        if found or isinstance(step.key, str) or told:
            return self.unmatched(keys, found, depth, line)
        return self.by_index(name, members, step.key, depth, line)

    def unmatched(self, keys: list[_Key], found: list[int], depth: int, line: int) -> int | None:
        if found:
            raise RefusalError(f"{self.where(depth + 1, line)} stands for {len(found)} members; {_DECIDE}")
        if all(key.known for key in keys):
            return None
        if len(keys) == 1 and self.state is not None and depth + 1 < len(self.path):
            return 0  # the state has the member and the code makes one: its name is computed, its identity is not
        raise RefusalError(f"{self.where(depth + 1, line)} cannot be told: a name there is an expression; {_DECIDE}")

    def by_index(
        self, name: str, members: tuple[Block | Expression, ...], index: int, depth: int, line: int
    ) -> int | None:
        if index >= len(members):
            return None
        alone = len(members) == 1
        if not alone and (name in UNORDERED_BLOCKS or not self.agrees(members[index], self.path[depth + 1 :])):
            raise RefusalError(f"{self.where(depth + 1, line)} cannot be told from its siblings; {_DECIDE}")
        return index

    def agrees(self, member: Block | Expression, rest: AttributePath) -> bool:
        """Tell whether a member found by its index says what the state says, so that it is the one meant."""
        try:
            said = decode_block(member) if isinstance(member, Block) else decode(member)
        except NotLiteralError:
            return False
        for step in rest:
            said = said.get(step) if isinstance(step, str) and isinstance(said, dict) else None
        if isinstance(said, dict) and isinstance(self.state, dict):
            return all(self.state.get(key) == value for key, value in said.items())
        return bool(said == self.state)

    def where(self, depth: int, line: int) -> str:
        return f"{render_path(self.path[:depth]) or 'the block'} in {self.file.name}:{line}"

    def closed(self, value: Expression, depth: int) -> str:
        if isinstance(value, Scalar):
            kind = "a text" if isinstance(value.value, str) else "a single value"
            return f"{self.where(depth, value.line)} is {kind}, whose parts cannot be edited in place; {_EDIT}"
        return expression_reason(self.file, self.path[:depth], value)


_DECIDE = "a person must decide what to change"
_EDIT = "a person must edit it"


@dataclass(frozen=True, slots=True)
class _Key:
    known: bool
    value: Json


def _key(member: Block | Expression, natural: str) -> _Key:
    """Read a member's natural key; not known when the member or its key is an expression."""
    if isinstance(member, Block):
        attribute = member.attribute(natural)
        value = attribute.value if attribute else None
    elif isinstance(member, Object):
        value = next(
            (entry.value for entry in member.entries if (entry.key or "").casefold() == natural.casefold()), None
        )
    else:
        return _Key(False, None)
    return _Key(isinstance(value, Scalar), value.value if isinstance(value, Scalar) else None)


def expression_reason(file: File, path: AttributePath, value: Expression) -> str:
    """Say that a value is computed, and by what."""
    kind = f"a call of {value.name}()" if isinstance(value, Call) else getattr(value, "kind", "a list or map")
    return (
        f"{render_path(path)} in {file.name}:{value.line} is an expression ({kind}); "
        "a person must decide where the value belongs"
    )
