"""Which member of one list is which member of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from reconciler.drift.catalogue import UNORDERED
from reconciler.model.json import Json
from reconciler.model.resource_types import NATURAL_KEYS


@dataclass(frozen=True, slots=True)
class Pair:
    """A member by its key, with its index in each list; None where a list does not have it.

    `named` tells a natural key from an index, of the first list that has the member.
    """

    key: str | int
    before: int | None
    after: int | None
    named: bool = False


def match_members(
    name: str, before: list[Json], after: list[Json], same: Callable[[Json, Json], bool]
) -> Iterator[Pair]:
    """Pair the members of a list of objects named `name`.

    By natural key where the list's type has one and it is unique in both lists, else by index. Where order means
    nothing, as in every list with a key, members between which `same` sees no difference are paired first and drop out:
    port 80 may be there twice, for tcp and udp.
    """
    keys = (_keys(name, before), _keys(name, after))
    if keys[0] is not None and keys[1] is not None:
        for key in dict.fromkeys((*keys[0], *keys[1])):
            yield Pair(key, keys[0].get(key), keys[1].get(key), named=True)
        return
    left, right = list(range(len(before))), list(range(len(after)))
    if name in UNORDERED or name in NATURAL_KEYS:
        left, right = _unequal(name, before, after, same)
    for position in range(max(len(left), len(right))):
        one = left[position] if position < len(left) else None
        other = right[position] if position < len(right) else None
        yield Pair(one if one is not None else other if other is not None else position, one, other)


def _keys(name: str, members: list[Json]) -> dict[str | int, int] | None:
    """Return the members' natural keys with their indexes, None when a key is missing or not unique."""
    keys: dict[str | int, int] = {}
    for index, member in enumerate(members):
        key = _key(name, member)
        if key is None or key in keys:
            return None
        keys[key] = index
    return keys if name in NATURAL_KEYS else None


def _key(name: str, member: Json) -> str | int | None:
    key = member.get(NATURAL_KEYS.get(name, ""))
    if name == "portMappings" and isinstance(key, str) and key.isascii() and key.isdigit():
        return int(key)  # the provider reads a port written as text
    return None if isinstance(key, bool) or not isinstance(key, str | int) or key == "" else key


def _unequal(
    name: str, before: list[Json], after: list[Json], same: Callable[[Json, Json], bool]
) -> tuple[list[int], list[int]]:
    """Return the indexes of the members that have no twin in the other list."""
    left, right = [], dict.fromkeys(range(len(after)))
    places = _places(name, after)
    groups: dict[Hashable, list[int]] = {}
    for index in right:
        groups.setdefault(places[index], []).append(index)
    for index, place in enumerate(_places(name, before)):
        group = groups.get(place, [])
        twin = next((other for other in group if same(before[index], after[other])), None)
        if twin is None:
            left.append(index)
        else:
            group.remove(twin)
            del right[twin]
    return left, list(right)


def _places(name: str, members: list[Json]) -> list[Hashable]:
    """Return for each member where its twin may be: among those of the same name, in the order of an environment's."""
    keys = [_key(name, member) for member in members]
    if name != "environment":
        return list(keys)
    seen: Counter[Hashable] = Counter()
    places: list[Hashable] = []
    for key in keys:
        places.append((key, seen[key]))
        seen[key] += 1
    return places
