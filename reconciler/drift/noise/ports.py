"""Host ports."""

from __future__ import annotations

from reconciler.drift.catalogue import TASK_DEFINITION
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json, JsonObject


# Host port 0 and none both ask for a free port in bridge mode; in awsvpc and host mode the host port is the
# container's, said or not. In bridge mode `hostPort: 80` is real: it pins the port.
def host_port(node: Node) -> bool:
    """Tell whether two host ports come to the same in the task definition's network mode."""
    if node.place != ("portMappings", "hostPort") or node.type != TASK_DEFINITION:
        return False
    before, after = (
        _effective(value, mapping, resource)
        for value, mapping, resource in zip((node.before, node.after), node.parents, node.resources, strict=True)
    )
    return before == after


def _effective(value: Json, mapping: JsonObject, resource: JsonObject) -> str | None:
    if value not in (None, "", 0, "0") or isinstance(value, bool):
        return str(value)
    if resource.get("network_mode") in ("awsvpc", "host"):
        return str(mapping.get("containerPort"))
    return None
