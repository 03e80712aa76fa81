"""As whom AWS is asked about a resource: as its provider asks, which may assume a role in another account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.model import Configuration, Entry, JsonObject, Workspace
from reconciler.remedy.providers import provider_of


def as_managed(
    workspace: Workspace, entry: Entry, plan: JsonObject, read_configuration: Callable[[Workspace], Configuration]
) -> Workspace:
    """Return the workspace with the provider of one of its resources, by what a plan and the code say of that."""
    provider = provider_of(
        plan, entry.resource.provider, workspace.terraform_workspace, lambda: read_configuration(workspace)
    )
    return replace(workspace, provider=provider)
