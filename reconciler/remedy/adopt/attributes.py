"""Kind of edit: an attribute that the code does not have is added, one that is gone is removed."""

from __future__ import annotations

from reconciler.model import Member
from reconciler.remedy.adopt.bodies import inner_indent, insert_after, is_one_line, open_up, remove
from reconciler.remedy.adopt.catalogue import COMPUTED, MAPS
from reconciler.remedy.adopt.columns import close_column
from reconciler.remedy.adopt.place import Absent, Held
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.layout import column, newline, rest_of_line, starts_line
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Attribute, Block
from reconciler.remedy.hcl.write import encode, is_blocks

_META = frozenset({"count", "for_each", "provider", "depends_on", "source", "version"})


def edit(site: Site) -> list[Splice] | None:
    """Add or remove a line `name = value`; None when the place is no attribute."""
    match site.place:
        case Absent(holder=Block() as holder) as place:
            return _add(site, place, holder)
        case Held(slot=Attribute() as slot, holder=Block() as holder) if site.live is None:
            splices = remove(site.source, holder, slot)
            if splices is None:
                site.refuse_layout(slot.line)
            return splices + close_column(site.source, holder.members, slot)
    return None


def _add(site: Site, place: Absent, holder: Block) -> list[Splice] | None:
    name, *rest = place.rest
    value = site.live
    if rest and name in MAPS and len(rest) == 1 and isinstance(rest[0], Member) and value is not None:
        value = {str(rest[0].key): value}
    elif rest or is_blocks(value):
        return None
    if value is None:
        site.refuse_agreement(holder.line)
    if name in COMPUTED:
        raise RefusalError(f"{site.where(holder.line)} is set by the provider, not in code")
    indent = inner_indent(site.source, holder)
    text = encode(value, site.style, indent)
    if is_one_line(site.source, holder):
        return open_up(site.source, holder, *_beside(site.source, holder, str(name), text, indent))
    splices = _placed(site.source, holder, str(name), text, indent)
    if splices is None:
        site.refuse_layout(holder.line)
    return splices


def _beside(source: bytes, holder: Block, name: str, text: str, indent: str) -> tuple[str, bool]:
    """Write the line below the only attribute of a block of one line; tell whether it stands apart."""
    if not holder.attributes:
        return f"{indent}{name} = {text}", False
    only = holder.attributes[0]
    width = len(source[only.start : only.sign].decode()) - 1
    fits = "\n" not in text and len(name) <= width
    return f"{indent}{name.ljust(width) if fits else name} = {text}", not fits


def _placed(source: bytes, holder: Block, name: str, text: str, indent: str) -> list[Splice] | None:
    """Put the line below the last plain attribute, in its group when the column of the `=` allows that."""
    anchor = _anchor(source, holder)
    if anchor is None:
        below = newline(source) if holder.members else ""
        return insert_after(source, holder.opened, f"{indent}{name} = {text}{below}", gap=False)
    width = column(source, anchor.sign) - len(indent) - 1
    fits = "\n" not in text and len(name) <= width and anchor.name not in _META
    padded = name.ljust(width) if fits else name
    return insert_after(source, anchor.end, f"{indent}{padded} = {text}", gap=not fits)


def _anchor(source: bytes, holder: Block) -> Attribute | None:
    lines = [
        attribute
        for attribute in holder.attributes
        if b"\n" not in source[attribute.start : attribute.end]
        and starts_line(source, attribute.start)
        and rest_of_line(source, attribute.end) is not None
    ]
    first_block = min((block.start for block in holder.blocks), default=holder.end)
    above = [attribute for attribute in lines if attribute.start < first_block]
    choices = [
        [attribute for attribute in above if attribute.name not in _META],
        [attribute for attribute in lines if attribute.name not in _META],
        above,
    ]
    return next((choice[-1] for choice in choices if choice), None)
