"""Managed scaling of a capacity provider."""

from __future__ import annotations

from typing import Final

from reconciler.drift.equality import equal
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

_DEFAULTS: Final[dict[str, int]] = {
    "instance_warmup_period": 300,
    "maximum_scaling_step_size": 10000,
    "minimum_scaling_step_size": 1,
    "target_capacity": 100,
}
_OFF: Final = (None, "", "DISABLED")


# A provider without managed scaling is read back as a block of zeros with the status DISABLED; where it is on, ECS
# fills in what was left out (aws_ecs_capacity_provider, 5.100). Only a warm-up of zero seconds can be asked for.
def managed_scaling(node: Node) -> bool:
    """Tell whether a setting of managed scaling is the default, left out or zero, or rests because scaling is off."""
    where, name = node.place
    if node.type != "aws_ecs_capacity_provider" or where != "managed_scaling" or name is None:
        return False
    if name == "status":
        return node.before in _OFF and node.after in _OFF
    if name not in _DEFAULTS:
        return False
    off = all(parent.get("status") in _OFF for parent in node.parents)
    return equal(_effective(node.before, name, off), _effective(node.after, name, off))


def _effective(value: Json, name: str, off: bool) -> Json:
    left_out = value is None or (value == 0 and (off or name != "instance_warmup_period"))
    return _DEFAULTS[name] if left_out else value
