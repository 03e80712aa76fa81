"""The state index: resource identity -> (workspace, address)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.match.identify import Place, identify, place_of
from reconciler.model import ResourceId, State, StateResource

Key = tuple[str | None, ...]

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
}
"""What names a resource of each type within one account and region."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One managed resource with the identity that events know it by."""

    identity: ResourceId
    resource: StateResource


class StateIndex:
    """Managed resources of all workspaces by identity. Built once per cycle; never changed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[Key, list[Entry]] = defaultdict(list)
        self._by_address: dict[tuple[str, str], Entry] = {}
        self._by_arn: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._entries[natural_key(entry.identity)].append(entry)
            self._by_address[entry.resource.workspace, entry.resource.address] = entry
            if entry.identity.arn:
                self._by_arn[entry.identity.arn].append(entry)

    def find(self, identity: ResourceId) -> tuple[Entry, ...]:
        """Return every entry that `identity` names: same type and names, no contradiction in account or region."""
        return tuple(
            entry
            for entry in self._entries.get(natural_key(identity), ())
            if _agree(entry.identity.account, identity.account) and _agree(entry.identity.region, identity.region)
        )

    def by_arn(self, arn: str) -> tuple[Entry, ...]:
        """Return the entries with exactly this ARN (of a task definition: with its revision)."""
        return tuple(self._by_arn.get(arn, ()))

    def at(self, workspace: str, address: str) -> Entry | None:
        """Return the entry at an address of a workspace."""
        return self._by_address.get((workspace, address))


def natural_key(identity: ResourceId) -> Key:
    """Return the type and the names that its type is known by, account and region left out."""
    fields = _KEY_FIELDS.get(identity.type or "", ("arn",))
    return (identity.type, *(getattr(identity, name) for name in fields))


def build_index(states: Iterable[State], accounts: Mapping[str, str | None]) -> StateIndex:
    """Index the states; `accounts` gives the account that the configuration names for a workspace."""
    return StateIndex(entry for state in states for entry in _entries(state, accounts.get(state.workspace)))


def _entries(state: State, account: str | None) -> Iterable[Entry]:
    places = _places(state.resources)
    for resource in state.resources:
        known = places[resource.provider]
        fallback = next(iter(known)) if len(known) == 1 else Place(account, None)
        identity = identify(resource, fallback)
        if identity is not None:
            yield Entry(identity, resource)


def _places(resources: Iterable[StateResource]) -> Mapping[str, set[Place]]:
    # One provider configuration works in one account and region, and most resources have an ARN that tells which.
    places: dict[str, set[Place]] = defaultdict(set)
    for resource in resources:
        place = place_of(resource.attributes.get("arn"))
        if place is not None:
            places[resource.provider].add(place)
    return places


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
