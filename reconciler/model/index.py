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
    `digest` is the state's.
    """

    workspace: str
    version: str | None
    serial: int
    lineage: str
    types: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class IndexedState:
    """A state's summary, and its entries with the keys that they are looked up by."""

    summary: StateSummary
    entries: tuple[tuple[str, Entry], ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A resource that no state has, as its neighbours are found by: `key` is its own, `siblings` begins theirs."""

    key: str
    siblings: str
    type: str
    name: str
    account: str | None
    region: str | None

    def distance(self, key: str, identity: ResourceId) -> int:
        """Return how far a resource of the name is, whose key differs where its cluster does.

        Two differences are farther than one, another account than another region, and that than another cluster.
        """
        farther = (
            (ANOTHER_ACCOUNT, identity.account not in (None, self.account)),
            (ANOTHER_REGION, identity.region not in (None, self.region)),
            (ANOTHER_KEY, key != self.key),
        )
        return sum(weight for weight, differs in farther if differs)

    def is_at(self, identity: ResourceId) -> bool:
        """Tell whether a resource may be in the same account and region."""
        pairs = ((identity.account, self.account), (identity.region, self.region))
        return all(one is None or other is None or one == other for one, other in pairs)


ANOTHER_ACCOUNT, ANOTHER_REGION, ANOTHER_KEY = 12, 10, 9


class Shelf(Protocol):
    """Entries of many states, looked up and not loaded. Keys are texts of which related ones begin alike."""

    def with_key(self, key: str, account: str | None, region: str | None) -> Iterable[Entry]:
        """Return the entries with exactly this key that may be in this account and region; None is any."""

    def with_arn(self, arn: str) -> Iterable[Entry]:
        """Return the entries with exactly this ARN."""

    def siblings(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries at the same place, whatever their own names."""

    def namesakes(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries of the type and the own name, the nearest first."""
