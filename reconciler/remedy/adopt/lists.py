"""Kind of edit: a list of single values. `["FARGATE"]` -> `["FARGATE", "FARGATE_SPOT"]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Literal

from reconciler.model import Json
from reconciler.remedy.adopt.catalogue import is_set
from reconciler.remedy.adopt.commas import append_member, drop_members, insert_member
from reconciler.remedy.adopt.place import Held
from reconciler.remedy.adopt.sameness import same
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.layout import indentation, starts_line
from reconciler.remedy.hcl.literal import NotLiteralError, decode
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Entry, Sequence
from reconciler.remedy.hcl.write import encode

Step = tuple[Literal["replace", "drop", "insert"], int, Json]
"""What to do with the member at an index; "insert" puts the value before it."""


def edit(site: Site) -> list[Splice] | None:
    """Add, remove and replace members; those that stay keep their bytes and comments."""
    place = site.place
    if not isinstance(place, Held) or not isinstance(place.value, Sequence):
        return None
    if not isinstance(site.live, list | tuple) or any(isinstance(member, Mapping) for member in site.live):
        return None
    try:
        said = decode(place.value)
    except NotLiteralError as error:
        site.refuse_expression(error.part.value if isinstance(error.part, Entry) else error.part)
    unordered = is_set(site.resource.labels[0]) and not place.in_json
    if same(said, site.live, exact=place.in_json, unordered=unordered):
        site.refuse_agreement(place.value.line)
    live = list(site.live)
    steps = _set_steps(said, live) if unordered else _ordered_steps(said, live)
    return _splices(site, place.value, list(steps))


def _set_steps(said: list[Json], live: list[Json]) -> Iterator[Step]:
    gone = [index for index, member in enumerate(said) if member not in live]
    new = [member for member in live if member not in said]
    yield from _pair(gone, new, len(said))


def _ordered_steps(said: list[Json], live: list[Json]) -> Iterator[Step]:
    matcher = SequenceMatcher(None, [repr(member) for member in said], [repr(member) for member in live], False)
    for tag, one, one_end, other, other_end in matcher.get_opcodes():
        if tag != "equal":
            yield from _pair(list(range(one, one_end)), list(live[other:other_end]), one_end)


def _pair(gone: list[int], new: list[Json], end: int) -> Iterator[Step]:
    """Put new members in the place of those that went, as far as there are any."""
    for index, value in zip(gone, new, strict=False):
        yield "replace", index, value
    for index in gone[len(new) :]:
        yield "drop", index, None
    for value in new[len(gone) :]:
        yield "insert", end, value


def _splices(site: Site, whole: Sequence, steps: list[Step]) -> list[Splice] | None:
    splices: list[Splice] = []
    added: list[str] = []
    for action, index, value in steps:
        text = encode(value)
        if action == "replace":
            member = whole.items[index].value
            splices.append(Splice(member.start, member.end, text.encode()))
        elif action == "insert" and index < len(whole.items):
            splices += insert_member(site.source, whole, index, text)
        elif action == "insert":
            added.append(text)
    if dropped := [index for action, index, _ in steps if action == "drop"]:
        splices += drop_members(site.source, whole, dropped)
    if added:
        splices += _appended(site, whole, added)
    return splices


def _appended(site: Site, whole: Sequence, added: list[str]) -> list[Splice]:
    own_lines = bool(whole.items) and starts_line(site.source, whole.items[-1].start)
    joint = f",{site.style.newline}{indentation(site.source, whole.items[-1].start)}" if own_lines else ", "
    splices = append_member(site.source, whole, lambda _: joint.join(added))
    if splices is None:
        site.refuse_layout(whole.line)
    return splices
