"""The edited file, read again: does it say what is live, and does everything else say what it said?"""

from __future__ import annotations

from reconciler.model import Member
from reconciler.remedy.adopt.catalogue import is_set
from reconciler.remedy.adopt.objects import block_content, pruned
from reconciler.remedy.adopt.parts import Part
from reconciler.remedy.adopt.place import Absent, Held, HeldBlock, HeldBlocks, Holder, locate
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.sameness import as_written, same
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.literal import NotLiteralError, decode, decode_block
from reconciler.remedy.hcl.values import Block, File, Object


def holds(site: Site, part: Part, edited: File) -> bool:
    """Tell whether an edit did what it should and nothing else."""
    type_, name = site.resource.labels
    found = edited.resource(type_, name)
    if len(found) != 1 or _others(site.file, site.resource, part) != _others(edited, found[0], part):
        return False
    try:
        # The guard for members found by index compares with what the code should say by now, which is the live value.
        place = locate(edited, found[0], part.path, part.live)
    except RefusalError:
        return False
    if part.live is None:
        return isinstance(place, Absent) or _shrunk(site, part, place)
    try:
        return _says(place, part, unordered=is_set(type_))
    except NotLiteralError:
        return False


def _others(file: File, resource: Block, part: Part) -> tuple[list[bytes], list[bytes]]:
    """Return the bytes of what the edit may not touch: other blocks, and the resource's other members.

    Blanks between a name and its `=` may change: they are the column's, not the member's.
    """
    blocks = [file.source[block.start : block.end] for block in file.blocks if block is not resource]
    members = [
        file.source[member.start : member.end]
        if isinstance(member, Block)
        else member.name.encode() + file.source[member.sign : member.end]
        for member in resource.members
        if part.path[0] != (member.type if isinstance(member, Block) else member.name)
    ]
    return blocks, members


def _shrunk(site: Site, part: Part, place: Held | HeldBlock | HeldBlocks) -> bool:
    """Tell whether a member that an index named is gone, although another has its index now."""
    step = part.path[-1]
    if not isinstance(step, Member) or not isinstance(step.key, int) or isinstance(place, HeldBlocks):
        return False
    before = site.place
    return isinstance(before, Held | HeldBlock) and _size(before.holder) == _size(place.holder) + 1


def _size(holder: Holder) -> int:
    if isinstance(holder, Block):
        return len(holder.blocks)
    return len(holder.entries if isinstance(holder, Object) else holder.items)


def _says(place: Held | HeldBlock | HeldBlocks | Absent, part: Part, *, unordered: bool) -> bool:
    if isinstance(place, HeldBlock):
        type_ = place.block.type
        return same(block_content(type_, decode_block(place.block)), block_content(type_, part.live))
    if not isinstance(place, Held):
        return False
    said = decode(place.value)
    live = pruned(part.live, blanks=False) if place.in_json else part.live
    written = as_written(said, live, exact=place.in_json)
    return same(said, written, exact=place.in_json, unordered=unordered and not place.in_json)
