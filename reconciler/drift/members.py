"""Which member of one list is which member of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reconciler.drift.catalogue import UNORDERED
from reconciler.model.json import Json
from reconciler.model.resource_types import NATURAL_KEYS


@dataclass(frozen=True, slots=True)
class Pair:
    """A member by its key, with its index in each list; None where a list does not have it."""

    key: str | int
    before: int | None
    after: int | None


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
            yield Pair(key, keys[0].get(key), keys[1].get(key))
        return
    left, right = list(range(len(before))), list(range(len(after)))
    if name in UNORDERED or name in NATURAL_KEYS:
        left, right = _unequal(before, after, same)
    for position in range(max(len(left), len(right))):
        one = left[position] if position < len(left) else None
        other = right[position] if position < len(right) else None
        yield Pair(one if one is not None else other if other is not None else position, one, other)


def _keys(name: str, members: list[Json]) -> dict[str | int, int] | None:
    """Return the members' natural keys with their indexes, None when a key is missing or not unique."""
    attribute = NATURAL_KEYS.get(name)
    if attribute is None:
        return None
    keys: dict[str | int, int] = {}
    for index, member in enumerate(members):
        key = member.get(attribute)
        if attribute == "containerPort" and isinstance(key, str) and key.isascii() and key.isdigit():
            key = int(key)  # the provider reads a port written as text
        if isinstance(key, bool) or not isinstance(key, str | int) or key == "" or key in keys:
            return None
        keys[key] = index
    return keys


def _unequal(before: list[Json], after: list[Json], same: Callable[[Json, Json], bool]) -> tuple[list[int], list[int]]:
    """Return the indexes of the members that have no twin in the other list."""
    left, right = [], list(range(len(after)))
    for index, member in enumerate(before):
        twin = next((other for other in right if same(member, after[other])), None)
        if twin is None:
            left.append(index)
        else:
            right.remove(twin)
    return left, right
