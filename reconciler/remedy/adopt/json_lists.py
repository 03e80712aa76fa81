"""Kind of edit: a member of a list of objects, such as a container or an environment variable, added or removed."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.remedy.adopt.commas import append_member, drop_members
from reconciler.remedy.adopt.objects import in_order_of, like_siblings, pruned, refuse_fragment
from reconciler.remedy.adopt.place import Absent, Held
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.layout import indentation
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Item, Sequence
from reconciler.remedy.hcl.write import encode


def edit(site: Site) -> list[Splice] | None:
    """Add a member that is absent, or remove one that is gone; None when the place is no list's member."""
    match site.place:
        case Absent(holder=Sequence() as holder) as place:
            return _add(site, place, holder)
        case Held(slot=Item() as slot, holder=Sequence() as holder) if site.live is None:
            return drop_members(site.source, holder, [holder.items.index(slot)])
    return None


def _add(site: Site, place: Absent, whole: Sequence) -> list[Splice]:
    if site.live is None:
        site.refuse_agreement(whole.line)
    refuse_fragment(site, place, whole.line)
    value = pruned(site.live, blanks=False)
    if isinstance(value, Mapping):
        value = in_order_of(whole, value)
    style = like_siblings(site.source, whole, site.style)
    if not whole.items and not whole.commented:
        text = encode([value], style, indentation(site.source, whole.start))
        return [Splice(whole.start, whole.end, text.encode())]
    splices = append_member(site.source, whole, lambda indent: encode(value, style, indent))
    if splices is None:
        site.refuse_layout(whole.line)
    return splices
