"""Workspaces that share a root module: what is edited for one of them is edited for all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reconciler.drift import without_instance_keys
from reconciler.model import State, Workspace


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other workspaces of one root module, each with the resources that its state holds, instance keys left out.

    None where the state could not be read.
    """

    managed: Mapping[str, Collection[str] | None]

    def objection(self, address: str) -> str | None:
        """Return why the code of a resource must not be given one workspace's value, None when nothing is against it.

        A proof covers one workspace: in another one the same edit would be a change that nobody asked for.
        """
        code = without_instance_keys(address)
        for name, managed in self.managed.items():
            if managed is None:
                return (
                    f"the root module is also that of {name}, whose state could not be read: the edit might change "
                    f"{code} there as well"
                )
            if code in managed:
                return (
                    f"the root module is also that of {name}, where the edit would change {code} as well: a person "
                    "must give each workspace its own value (a variable, or terraform.workspace)"
                )
        return None


def sharing(workspace: Workspace, workspaces: Mapping[str, Workspace]) -> tuple[str, ...]:
    """Return the names of the other workspaces whose code lies in the same directory."""
    return tuple(name for name, other in workspaces.items() if name != workspace.name and other.path == workspace.path)


def neighbours(workspace: Workspace, workspaces: Mapping[str, Workspace], states: Mapping[str, State]) -> Neighbours:
    """Return a workspace's neighbours; `states` lacks those that could not be read."""
    return Neighbours(
        {
            name: frozenset(without_instance_keys(resource.address) for resource in states[name].resources)
            if name in states
            else None
            for name in sharing(workspace, workspaces)
        }
    )
