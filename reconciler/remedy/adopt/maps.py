"""Kind of edit: an entry of a literal map, such as a tag or an object inside `jsonencode(…)`, added or removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model import Json, Member
from reconciler.remedy.adopt.catalogue import MAPS
from reconciler.remedy.adopt.columns import close_column
from reconciler.remedy.adopt.commas import aligned_entry, append_member, drop_members
from reconciler.remedy.adopt.objects import like, pruned, refuse_fragment
from reconciler.remedy.adopt.place import Absent, Held
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Entry, Object
from reconciler.remedy.hcl.write import encode, encode_key


def edit(site: Site) -> list[Splice] | None:
    """Add an entry that is absent, or remove one that is gone; None when the place is no map's entry."""
    match site.place:
        case Absent(holder=Object() as holder) as place:
            return _add(site, place, holder)
        case Held(slot=Entry() as slot, holder=Object() as holder) if site.live is None:
            dropped = drop_members(site.source, holder, [holder.entries.index(slot)])
            return dropped + close_column(site.source, holder.entries, slot)
    return None


def _add(site: Site, place: Absent, whole: Object) -> list[Splice]:
    if site.live is None:
        site.refuse_agreement(whole.line)
    refuse_fragment(site, place, whole.line)
    step = place.rest[0]
    key = str(step.key) if isinstance(step, Member) else step
    live = pruned(site.live, blanks=False) if place.in_json else site.live
    value = _first(key, place.rest[1], live) if len(place.rest) > 1 else live
    style = like(site.source, whole, site.style)
    name = encode_key(key, quoted=style.quoted)

    def write(indent: str) -> str:
        # An object in a map of many lines has lines of its own; in a map of one line everything stays on it.
        text = encode(value, replace(style, flat=style.flat or _is_small(value)), indent)
        return aligned_entry(site.source, whole, name, text) if whole.entries else f"{name} = {text}"

    splices = append_member(site.source, whole, write)
    if splices is None:
        site.refuse_layout(whole.line)
    return splices


def _first(name: str, step: str | Member, live: Json) -> Json:
    """Return the map or list that begins with one member."""
    return {str(step.key): live} if isinstance(step, Member) and name in MAPS else [live]


def _is_small(value: object) -> bool:
    return not isinstance(value, Mapping | list | tuple) or not value
