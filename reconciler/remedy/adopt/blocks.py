"""Kind of edit: a whole nested block is added or removed."""

from __future__ import annotations

from reconciler.model import JsonObject, Member
from reconciler.remedy.adopt.bodies import (
    inner_indent,
    insert_after,
    insert_before,
    is_one_line,
    open_up,
    remove,
)
from reconciler.remedy.adopt.objects import block_content, member_of
from reconciler.remedy.adopt.place import Absent, HeldBlock
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.layout import is_blank, next_line
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Block
from reconciler.remedy.hcl.write import encode_block


def edit(site: Site) -> list[Splice] | None:
    """Add a nested block that the code does not have, remove one that is gone; None when the place is no block."""
    place = site.place
    if isinstance(place, HeldBlock) and site.live is None:
        splices = remove(site.source, place.holder, place.block)
        if splices is None:
            site.refuse_layout(place.block.line)
        return splices
    if isinstance(place, Absent) and isinstance(place.holder, Block) and len(place.rest) > 1:
        return _add(site, place, place.holder)
    return None


def content_of(site: Site, place: Absent) -> JsonObject:
    """Return what the new block holds; raises RefusalError when that is not known."""
    name, step, *rest = place.rest
    line = place.holder.line
    if site.live is None:
        site.refuse_agreement(line)
    if not isinstance(step, Member):
        step, rest = Member(0), [step, *rest]
    content = member_of(str(name), step, tuple(rest), site.live)
    if not isinstance(content, dict):
        raise RefusalError(f"{site.where(line)} is not in the code, and its live value is no block")
    return block_content(str(name), content)


def _add(site: Site, place: Absent, holder: Block) -> list[Splice]:
    type_ = str(place.rest[0])
    siblings = holder.nested(type_)
    text = encode_block(type_, content_of(site, place), site.style, inner_indent(site.source, holder))
    if is_one_line(site.source, holder):
        return open_up(site.source, holder, text, gap=True)
    lifecycle = next(iter(holder.nested("lifecycle")), None)
    if siblings:
        splices = insert_after(site.source, siblings[-1].end, text, gap=_apart(site.source, siblings))
    elif lifecycle:
        splices = insert_before(site.source, lifecycle, text)
    else:
        last = holder.members[-1].end if holder.members else holder.opened
        splices = insert_after(site.source, last, text, gap=bool(holder.members))
    if splices is None:
        site.refuse_layout(holder.line)
    return splices


def _apart(source: bytes, siblings: tuple[Block, ...]) -> bool:
    """Tell whether blocks of this type stand apart: they do unless the author has two without a blank line."""
    return len(siblings) < 2 or is_blank(source, next_line(source, siblings[-2].end))
