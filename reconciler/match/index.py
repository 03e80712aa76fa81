"""The state index: resource identity -> (workspace, address)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from heapq import nsmallest
from itertools import islice

from reconciler.match.identify import Place, home_of, identify, last_part
from reconciler.match.uses import CODEDEPLOY, REVISION, USES, uses
from reconciler.model import Entry, IndexedState, ResourceId, Shelf, State, StateResource, StateSummary
from reconciler.model.index import Sought

_KEY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "aws_ecs_service": ("cluster", "name"),
    "aws_ecs_task_definition": ("family",),
    "aws_ecs_cluster": ("name",),
    "aws_ecs_cluster_capacity_providers": ("cluster",),
    "aws_ecs_capacity_provider": ("name",),
    "aws_ecs_task_set": ("cluster", "service", "name"),
    "aws_ecs_account_setting_default": ("name",),
    "aws_appautoscaling_target": ("cluster", "service"),
    "aws_appautoscaling_policy": ("cluster", "service", "name"),
    "aws_appautoscaling_scheduled_action": ("cluster", "service", "name"),
    "aws_iam_policy_attachment": ("arn",),
    "aws_iam_role": ("name",),
    "aws_iam_role_policy": ("role", "name"),
    "aws_iam_role_policies_exclusive": ("role",),
    "aws_iam_role_policy_attachment": ("role", "arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role",),
    "aws_ecs_tag": ("arn", "name"),
    **dict.fromkeys(USES, ("name",)),
    CODEDEPLOY: ("cluster", "name"),
}
"""What names a resource of each type within one account and region; types that are not here are known by ARN."""

DEPOSED = "deposed:"
"""What the type of a deposed object begins with in the index, so that nothing takes it for what is managed."""

INDEX_FORM = json.dumps([3, _KEY_FIELDS])
"""What stored indexes are built of. Raise the number when `identify` reads the same state differently."""


_OUTDATED = 20
"""How many times more of what is stored are asked for than wanted: what no longer counts is among them."""


class Loaded:
    """A shelf in memory."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries = list(entries)
        self._by_key: dict[str, list[Entry]] = defaultdict(list)
        self._by_arn: dict[str, list[Entry]] = defaultdict(list)
        self._by_address: dict[tuple[str, str], Entry] = {}
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._by_prefix: dict[str, list[Entry]] = {}
        for key, entry in self._entries:
            self._by_name[_join([entry.identity.type, own_name(entry.identity)])].append(entry)
            self._by_key[key].append(entry)
            self._by_address.setdefault((entry.resource.workspace, entry.resource.address), entry)
            if entry.identity.arn:
                self._by_arn[entry.identity.arn].append(entry)

    def with_key(self, key: str, account: str | None, region: str | None) -> Iterable[Entry]:
        """Return the entries with exactly this key that may be in this account and region; None is any."""
        return (
            entry
            for entry in self._by_key.get(key, ())
            if _agree(entry.identity.account, account) and _agree(entry.identity.region, region)
        )

    def with_arn(self, arn: str) -> Iterable[Entry]:
        """Return the entries with exactly this ARN."""
        return self._by_arn.get(arn, ())

    def siblings(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries at the same place, whatever their own names."""
        prefix = sought.siblings
        if prefix not in self._by_prefix:  # few are asked for, and often the same: many events about one cluster
            self._by_prefix[prefix] = [entry for key, entry in self._entries if key.startswith(prefix)]
        return islice((entry for entry in self._by_prefix[prefix] if sought.is_at(entry.identity)), limit)

    def namesakes(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries of the type and the own name, the nearest first."""
        found = self._by_name.get(_join([sought.type, sought.name]), ())
        return nsmallest(limit, found, key=lambda entry: sought.distance(natural_key(entry.identity), entry.identity))

    def at(self, workspace: str, address: str) -> Entry | None:
        """Return the entry at an address of a workspace."""
        return self._by_address.get((workspace, address))


class StateIndex:
    """Managed resources of all workspaces by identity: those loaded, and those that `stored` looks up.

    Of what is stored, only the workspaces for which `current` holds count.
    """

    def __init__(
        self,
        entries: Iterable[tuple[str, Entry]],
        stored: Shelf | None = None,
        current: Callable[[str], bool] = lambda _workspace: True,
    ) -> None:
        self._loaded = Loaded(entries)
        self._stored = stored
        self._current = current
        self._found: dict[ResourceId, tuple[Entry, ...]] = {}

    def find(self, identity: ResourceId) -> tuple[Entry, ...]:
        """Return every entry that `identity` names: same type and names, no contradiction in account or region."""
        if identity not in self._found:  # many events are about one resource
            key = natural_key(identity)
            found = self._on_shelves(lambda shelf: shelf.with_key(key, identity.account, identity.region))
            self._found[identity] = tuple(found)
        return self._found[identity]

    def by_arn(self, arn: str) -> tuple[Entry, ...]:
        """Return the entries with exactly this ARN (of a task definition: with its revision)."""
        return tuple(self._on_shelves(lambda shelf: shelf.with_arn(arn)))

    def namesakes(self, identity: ResourceId, limit: int) -> tuple[Entry, ...]:
        """Return the nearest entries of the type and own name, whatever the cluster, account and region."""
        sought = _sought(identity)
        if sought is None:
            return ()
        found = self._on_shelves(lambda shelf: shelf.namesakes(sought, limit * _OUTDATED))
        return tuple(
            nsmallest(limit, found, key=lambda entry: sought.distance(natural_key(entry.identity), entry.identity))
        )

    def siblings(self, identity: ResourceId, limit: int) -> tuple[Entry, ...]:
        """Return some entries of the type in the same cluster, account and region, whatever their own name."""
        sought = _sought(identity)
        return tuple(self._on_shelves(lambda shelf: shelf.siblings(sought, limit))) if sought else ()

    def inside(self, identity: ResourceId, limit: int) -> tuple[Entry, ...]:
        """Return at most `limit` entries of the type that have the identity's names, whatever name of their own."""
        *around, own = _parts(identity)
        if own is not None or None in around:
            return self.find(identity) if None not in around else ()
        sought = Sought(natural_key(identity), _beginning(around), str(identity.type), "", *_place(identity))
        return tuple(self._on_shelves(lambda shelf: shelf.siblings(sought, limit)))

    def at(self, workspace: str, address: str) -> Entry | None:
        """Return the loaded entry at an address of a workspace."""
        return self._loaded.at(workspace, address)

    def _on_shelves(self, look: Callable[[Shelf], Iterable[Entry]]) -> Iterator[Entry]:
        yield from look(self._loaded)
        if self._stored is not None:
            yield from (entry for entry in look(self._stored) if self._current(entry.resource.workspace))


def natural_key(identity: ResourceId) -> str:
    """Return the type and the names that its type is known by, account and region left out."""
    return _join(_parts(identity))


def _sought(identity: ResourceId) -> Sought | None:
    type_, name = identity.type, own_name(identity)
    if type_ is None or name is None:
        return None
    return Sought(natural_key(identity), _beginning(_parts(identity)[:-1]), type_, name, *_place(identity))


def _beginning(parts: list[str | None]) -> str:
    """Return what the keys of all resources begin with that differ in their own names only."""
    return _join(parts)[:-1] + ","


def _place(identity: ResourceId) -> tuple[str | None, str | None]:
    return identity.account, identity.region


def own_name(identity: ResourceId) -> str | None:
    """Return the last of the names that a resource is known by: a service's without its cluster's."""
    return _parts(identity)[-1]


def build_index(states: Iterable[State], accounts: Mapping[str, str | None]) -> StateIndex:
    """Index the states; `accounts` gives the account that the configuration names for a workspace."""
    return StateIndex(
        (natural_key(entry.identity), entry)
        for state in states
        for entry in _entries(state, accounts.get(state.workspace))
    )


def summarise(state: State, version: str | None, account: str | None) -> IndexedState:
    """Return what an index keeps of a state: identities and places, no attribute."""
    types = Counter(resource.type for resource in state.resources)
    summary = StateSummary(
        workspace=state.workspace,
        version=version,
        serial=state.serial,
        lineage=state.lineage,
        types=types,
        digest=state.digest,
    )
    bare = (replace(entry, resource=replace(entry.resource, attributes={})) for entry in _entries(state, account))
    return IndexedState(summary, tuple((natural_key(entry.identity), entry) for entry in bare))


def _parts(identity: ResourceId) -> list[str | None]:
    fields = _KEY_FIELDS.get((identity.type or "").removeprefix(DEPOSED), ("arn",))
    return [identity.type, *(getattr(identity, name) for name in fields)]


def _join(parts: list[str | None]) -> str:
    # ASCII, and equal for equal names whatever they are: a state or a record may hold anything.
    return json.dumps(parts, separators=(",", ":"))


def _entries(state: State, account: str | None) -> Iterable[Entry]:
    places = _places(state.resources, account)
    own = {last_part(each.attributes.get("arn")) for each in state.resources if each.type == "aws_ecs_task_definition"}
    for resource in state.resources:
        identity = identify(resource, places.get(resource.provider, Place(account, None)))
        if identity is not None:
            yield Entry(identity, resource)  # first: at its address it is found as itself
            used = uses(identity, resource.attributes)
            # A revision of the state itself is looked for there; most services run one.
            yield from (Entry(each, resource) for each in used if each.type != REVISION or each.name not in own)
    for resource in state.deposed:
        identity = identify(resource, places.get(resource.provider, Place(account, None)))
        if identity is not None:
            yield Entry(replace(identity, type=f"{DEPOSED}{identity.type}", arn=None), resource)


def _places(resources: Iterable[StateResource], account: str | None) -> Mapping[str, Place]:
    """Return where each provider works: in the one account and the one region that its resources tell of.

    Each is learnt apart: what is of IAM tells of an account only. Where they tell of several, or of none, the account
    is the one that the configuration names, and the region open.
    """
    told: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for resource in resources:
        for found, name in zip(told[resource.provider], home_of(resource.attributes), strict=True):
            if name is not None:
                found.add(name)
    return {
        provider: Place(_only(accounts) or account, _only(regions)) for provider, (accounts, regions) in told.items()
    }


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
