"""A change of a whole map, block or list of objects, taken apart into the changes it is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.model import AttributePath, Json, Member
from reconciler.model.resource_types import NATURAL_KEYS
from reconciler.remedy.adopt.catalogue import COMPUTED, MAPS
from reconciler.remedy.adopt.place import Absent, HeldBlock, HeldBlocks
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.values import Object
from reconciler.remedy.hcl.values import Sequence as Tuple
from reconciler.remedy.hcl.write import is_blocks


@dataclass(frozen=True, slots=True)
class Part:
    """One change as it is edited: the path, the state's and the live value there."""

    path: AttributePath
    state: Json
    live: Json

    @property
    def order(self) -> tuple[int, int]:
        """Return a sort key: removals last and from the end, so that indexes stay true."""
        step = self.path[-1]
        index = step.key if isinstance(step, Member) and isinstance(step.key, int) else 0
        return (1, -index) if self.live is None else (0, 0)

    @property
    def whole(self) -> AttributePath:
        """Return the path of the top-level map or nested block that this is a part of, or else its own."""
        if len(self.path) > 1 and self.path[0] in MAPS:
            return self.path[:1]
        return self.path[:2] if len(self.path) > 2 and isinstance(self.path[1], Member) else self.path


def gather(whole: AttributePath, parts: Sequence[Part]) -> Part:
    """Make the parts of one map or block that is not there into its addition."""
    content: dict[str, Json] = {}
    step = whole[-1]
    if isinstance(step, Member) and (natural := NATURAL_KEYS.get(str(whole[0]))):
        content[natural] = step.key
    for part in parts:
        last = part.path[-1]
        content[str(last.key) if isinstance(last, Member) else last] = part.live
    return Part(whole, None, content)


def take_apart(site: Site) -> tuple[Part, ...] | None:
    """Return the changes below this one, None when it is edited as it stands."""
    place, state, live = site.place, site.state, site.live
    if isinstance(place, Absent):
        return _members(site.path, [], live) if is_blocks(live) and not place.in_json else None
    if isinstance(place, HeldBlocks):
        return _members(site.path, state or [], live or [])
    if isinstance(place, HeldBlock):
        return _entries(site.path, _mapping(state), live) if isinstance(live, Mapping) else None
    if place.in_json:
        state, live = _document(state), _document(live)
    if isinstance(place.value, Object) and isinstance(live, Mapping):
        return _entries(site.path, _mapping(state), live)
    if isinstance(place.value, Tuple) and (is_blocks(live) or (is_blocks(state) and live == [])):
        return _members(site.path, state or [], live)
    return None


def _entries(path: AttributePath, state: Mapping[str, Json], live: Mapping[str, Json]) -> tuple[Part, ...]:
    is_map = path[-1] in MAPS
    parts = []
    for key in dict.fromkeys((*state, *live)):
        one, other = state.get(key), live.get(key)
        empty = all(value in (None, "", [], {}) for value in (one, other))
        if one != other and not (empty and not is_map) and (is_map or key not in COMPUTED):
            parts.append(Part((*path, Member(key) if is_map else key), one, other))
    return tuple(parts)


def _members(path: AttributePath, state: list[Json], live: list[Json]) -> tuple[Part, ...]:
    natural = NATURAL_KEYS.get(str(path[-1]))
    before, after = _keyed(natural, state), _keyed(natural, live)
    if before is None or after is None:
        before, after = dict(enumerate(state)), dict(enumerate(live))
    parts = [Part((*path, Member(key)), before.get(key), after.get(key)) for key in dict.fromkeys((*before, *after))]
    return tuple(sorted((part for part in parts if part.state != part.live), key=lambda part: part.order))


def _keyed(natural: str | None, members: list[Json]) -> dict[str | int, Json] | None:
    if natural is None:
        return None
    keyed = {member.get(natural): member for member in members}
    return keyed if len(keyed) == len(members) and None not in keyed else None


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _document(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
