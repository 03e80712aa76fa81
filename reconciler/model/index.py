"""What the state index keeps of a state: no attribute's value, for states hold secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reconciler.model.events import ResourceId
from reconciler.model.workspace import StateResource


@dataclass(frozen=True, slots=True)
class Entry:
    """One managed resource with the identity that events know it by. In an index its `attributes` may be left out."""

    identity: ResourceId
    resource: StateResource


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSummary:
    """A state as it was when it was indexed; `types` counts its resources.

    `version` changes whenever the state, its place or what an index keeps of it does; None: nobody can tell.
    """

    workspace: str
    version: str | None
    serial: int
    lineage: str
    types: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexedState:
    """A state's summary, and its entries with the keys that they are looked up by."""

    summary: StateSummary
    entries: tuple[tuple[str, Entry], ...]


class Shelf(Protocol):
    """Entries of many states, looked up and not loaded. Keys are texts of which related ones begin alike."""

    def with_key(self, key: str) -> Iterable[Entry]:
        """Return the entries with exactly this key."""

    def with_arn(self, arn: str) -> Iterable[Entry]:
        """Return the entries with exactly this ARN."""

    def like(self, prefix: str, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries whose key begins so."""

    def named(self, type_: str, name: str, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries of a type whose own name, the last part of their key, is this."""
