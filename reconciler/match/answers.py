"""What matching answers: targets where a state has the resource, else why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.model import Entry, ResourceId, StateResource


@dataclass(frozen=True, slots=True)
class Target:
    """An address of a workspace that an event names.

    `used_by` says what of ECS uses it, where it is none itself; `also` which other workspaces' states hold it too.
    """

    workspace: str
    address: str
    identity: ResourceId
    used_by: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A resource of an event that is in no state. `owner` is the workspace that manages its cluster, or uses it.

    `in_use` says that it is used: something that Terraform manages would miss it; `deposed` that `owner` has it as a
    deposed object, which its next apply destroys.
    """

    identity: ResourceId
    owner: str | None
    reason: str
    in_use: bool = False
    deposed: bool = False


def targets_of(entries: Sequence[Entry]) -> tuple[Target, ...]:
    """Return the targets that entries of one resource stand for; each says in which other states it is."""
    managers = [entry.resource for entry in entries]
    places = [f"{each.address} in {each.workspace}" for each in managers]
    return tuple(
        Target(each.workspace, each.address, entry.identity, also=_others(each.workspace, managers, places))
        for entry, each in zip(entries, managers, strict=True)
    )


def users_of(entries: Sequence[Entry]) -> str:
    """Return who uses something, as part of a sentence: the first, and how many more."""
    more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    return f"{entries[0].resource.address} in {entries[0].resource.workspace}{more}"


def _others(workspace: str, managers: Sequence[StateResource], places: Sequence[str]) -> str:
    return ", ".join(place for each, place in zip(managers, places, strict=True) if each.workspace != workspace)
