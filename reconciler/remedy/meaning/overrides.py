"""What override files make of the blocks of the others.

https://developer.hashicorp.com/terraform/language/files/override (1.11): an argument takes the place of the argument of
its name, and blocks inside that of all blocks of their type, of `dynamic` ones as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from reconciler.model import Json
from reconciler.remedy.hcl.values import Attribute, Block, Scalar

_Member = Attribute | Block


def overridden(blocks: Iterable[Block], over: Iterable[Block]) -> list[Block]:
    """Return the blocks of a module with those of an override file merged over them."""
    merged, more = [*blocks], list[Block]()
    by_identity: defaultdict[tuple[Json, ...], list[int]] = defaultdict(list)
    for place, block in enumerate(merged):
        by_identity[_identity(block)].append(place)
    for block in over:
        if block.type == "locals":
            more.append(block)
            continue
        for place in by_identity[_identity(block)]:
            merged[place] = _merged(merged[place], block)
    names = {attribute.name for block in more for attribute in block.attributes}
    return [*(_without(block, names) if names and block.type == "locals" else block for block in merged), *more]


def alias_of(provider: Block) -> Json:
    """Return the alias of a provider's configuration, None where it has none that is a constant."""
    attribute = provider.attribute("alias")
    return attribute.value.value if attribute and isinstance(attribute.value, Scalar) else None


def _identity(block: Block) -> tuple[Json, ...]:
    return (block.type, *block.labels, alias_of(block) if block.type == "provider" else None)


def _without(block: Block, names: set[str]) -> Block:
    return replace(block, _read=lambda: tuple(member for member in block.members if _name(member) not in names))


def _merged(block: Block, over: Block) -> Block:
    def members() -> tuple[_Member, ...]:
        names = {_name(member) for member in over.members}
        return (*(member for member in block.members if _name(member) not in names), *over.members)

    return replace(block, _read=members)


def _name(member: _Member) -> str:
    """Return the name that an argument has, or the blocks that a block makes."""
    if isinstance(member, Attribute):
        return member.name
    return member.labels[0] if member.type == "dynamic" and member.labels else member.type
