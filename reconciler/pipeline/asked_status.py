"""What AWS itself calls the status of resources, asked at once or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace
from reconciler.pipeline.tools import Tools


class AskedStatus:
    """Asks about many resources together; in an account and region that did not answer once, no more."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._silent: set[tuple[str | None, str | None]] = set()

    def __call__(self, workspace: Workspace, resources: Iterable[ResourceId]) -> Mapping[ResourceId, str]:
        """Return AWS's word for them, as the workspace may ask; those of which AWS does not say are left out."""
        places: dict[tuple[str | None, str | None], list[ResourceId]] = defaultdict(list)
        for resource in resources:
            places[resource.account, resource.region].append(resource)
        said: dict[ResourceId, str] = {}
        for place in places.keys() - self._silent:
            try:
                for resource, status in self._tools.resource_status(workspace, places[place]):
                    said[resource] = status
            except AwsError:
                self._silent.add(place)
        return said
