"""What a resource in no state may have been meant to be: the same name elsewhere, or nearly the name in its place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from reconciler.match.index import StateIndex, own_name
from reconciler.model import Entry, ResourceId

_TOLD = 3
_LOOKED_AT = 5000
"""Names in one cluster: comparing them all takes some 20 ms."""
_SIMILARITY = 0.75
"""Of 1; difflib's measure: `web` and `web-2` are told, `web` and `api` are not."""


def nearest(identity: ResourceId, index: StateIndex) -> str:
    """Return the nearest resources of states in words, the nearest first; empty when nothing is near."""
    found = {
        (entry.resource.workspace, entry.resource.address): _words(entry, identity)
        for entry in islice(_near(identity, index), _TOLD)
    }
    return f"the nearest: {', '.join(found.values())}" if found else ""


def _near(identity: ResourceId, index: StateIndex) -> Iterator[Entry]:
    """Yield a resource of the name elsewhere, then those of its own place whose names are nearly its own."""
    yield from index.namesakes(identity, _TOLD)
    siblings = {own_name(entry.identity) or "": entry for entry in index.siblings(identity, _LOOKED_AT)}
    close = get_close_matches(own_name(identity) or "", siblings, _TOLD, _SIMILARITY)
    yield from (siblings[name] for name in close)


def _words(entry: Entry, wanted: ResourceId) -> str:
    differences = "; ".join(_differences(entry.identity, wanted)) or f"name {own_name(entry.identity)}"
    return f"{entry.resource.address} in {entry.resource.workspace} ({differences})"


def _differences(one: ResourceId, other: ResourceId) -> list[str]:
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in ("account", "region", "cluster"))
    return [f"{name} {value}" for name, value, wanted in pairs if value != wanted and value is not None]
