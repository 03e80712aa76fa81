"""How the members of objects and lists of objects are written where the author has written some already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model import AttributePath, Json, JsonObject, Member
from reconciler.model.resource_types import DEFAULTS, NATURAL_KEYS
from reconciler.remedy.adopt.catalogue import COMPUTED
from reconciler.remedy.adopt.place import Absent
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.values import Object, Sequence
from reconciler.remedy.hcl.write import Style


def build(path: AttributePath, name: str, live: Json) -> Json:
    """Return the value that has `live` at `path`: objects for names, one-member lists for members of lists.

    `name` is the attribute that leads to the value. Raises RefusalError for a member that only an index names,
    unless it is the first.
    """
    if not path:
        return live
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        return {step: build(rest, step, live)}
    return [member_of(name, step, rest, live)]


def member_of(name: str, step: Member, rest: AttributePath, live: Json) -> Json:
    """Return a new member of the list `name`, with its natural key."""
    value = build(rest, name, live)
    natural = NATURAL_KEYS.get(name)
    if not rest or not isinstance(value, dict) or (natural and natural in value):
        return value
    if natural:
        return {natural: step.key, **value}
    if step.key != 0:
        raise RefusalError(f"{name} has no member {step.key} in code, and a part of it is not enough to write one")
    return value


def refuse_fragment(site: Site, place: Absent, line: int) -> None:
    """Raise RefusalError when only a part of what is missing is known: the rest would be a guess."""
    whole_member = len(place.rest) == 2 and isinstance(place.rest[1], Member)
    if len(place.rest) > 1 and not whole_member:
        raise RefusalError(f"{site.where(line)} is part of something that the code does not have; a person must add it")


def block_content(type_: str, live: JsonObject) -> JsonObject:
    """Return what a nested block holds when a person writes it: what names it first, and nothing that says nothing.

    Left out are nulls, empty and computed members, and numbers at their default of zero. Other defaults stay: the
    block may require the attribute.
    """
    kept = pruned({key: value for key, value in live.items() if key not in COMPUTED}, blanks=True)
    natural = NATURAL_KEYS.get(type_)
    in_order = sorted(kept.items(), key=lambda item: item[0] != natural)
    return {key: value for key, value in in_order if not _is_plain_zero(type_, key, value)}


def _is_plain_zero(block: str, name: str, value: Json) -> bool:
    return type(value) is int and value == 0 and DEFAULTS.get((block, name)) == 0


def pruned(value: Json, *, blanks: bool) -> Json:
    """Return a value without its nulls and empty collections, and without empty texts when `blanks` go too."""
    if isinstance(value, Mapping):
        members = {key: pruned(member, blanks=blanks) for key, member in value.items()}
        return {key: member for key, member in members.items() if not _is_empty(member, blanks)}
    if isinstance(value, list | tuple):
        return [pruned(member, blanks=blanks) for member in value]
    return value


def _is_empty(value: Json, blanks: bool) -> bool:
    return value is None or (value == "" and blanks) or (isinstance(value, Mapping | list | tuple) and not value)


def like(source: bytes, model: Object, style: Style) -> Style:
    """Return the style of an object that the author wrote."""
    if not model.entries:
        return style
    first = model.entries[0]
    sign = source[first.sign : first.sign + 1].decode()
    flat = b"\n" not in source[model.start : model.end]
    before = source[first.key_end : first.sign].strip(b" \t") if sign == ":" else b""
    padded = source[first.key_end : first.sign] and not before
    return replace(
        style,
        sign=" = " if sign == "=" else f"{' ' if padded else ''}: ",
        quoted=any(source[entry.start : entry.start + 1] == b'"' for entry in model.entries),
        commas=not flat and any(entry.comma for entry in model.entries),
        flat=flat,
    )


def like_siblings(source: bytes, whole: Sequence, style: Style) -> Style:
    """Return the style of a list's last object."""
    models = [item.value for item in whole.items if isinstance(item.value, Object)]
    return like(source, models[-1], style) if models else style


def in_order_of(whole: Sequence, value: JsonObject) -> JsonObject:
    """Return an object with its keys in the order of the list's last one, the others behind."""
    models = [item.value for item in whole.items if isinstance(item.value, Object)]
    known = [entry.key for entry in models[-1].entries if entry.key in value] if models else []
    return {key: value[key] for key in dict.fromkeys([*[key for key in known if key], *value])}
