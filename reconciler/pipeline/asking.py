"""As whom AWS is asked about a resource: as its provider asks, which may assume a role in another account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.model import Configuration, Entry, JsonObject, Workspace
from reconciler.remedy.providers import provider_of


class Asking:
    """Looks the providers of a workspace's resources up, each once."""

    def __init__(self, workspace: Workspace, read_configuration: Callable[[Workspace], Configuration]) -> None:
        self._workspace = workspace
        self._read_configuration = read_configuration
        self._known: dict[str, Workspace] = {}

    def about(self, entry: Entry, plan: JsonObject) -> Workspace:
        """Return the workspace with the provider of one of its resources, by what a plan and the code say of that."""
        name = entry.resource.provider
        if name not in self._known:
            provider = provider_of(
                plan, name, self._workspace.terraform_workspace, lambda: self._read_configuration(self._workspace)
            )
            self._known[name] = replace(self._workspace, provider=provider)
        return self._known[name]
