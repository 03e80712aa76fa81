"""What AWS itself calls the status of a resource, asked at once or not at all."""

from __future__ import annotations

from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace
from reconciler.pipeline.tools import Tools


class AskedStatus:
    """Asks once for each resource; in an account and region that did not answer once, no more."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._silent: set[tuple[str | None, str | None]] = set()

    def __call__(self, workspace: Workspace, resource: ResourceId) -> str | None:
        """Return AWS's word for it, as the workspace may ask; None where AWS does not say."""
        place = (resource.account, resource.region)
        if place in self._silent:
            return None
        try:
            return self._tools.resource_status(workspace, resource)
        except AwsError:
            self._silent.add(place)
            return None
