"""Resource addresses and the configuration part of a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject

_INSTANCE_KEY: Final = re.compile(r'\[(?:-?\d+|"(?:[^"\\]|\\.)*")\]')


def without_instance_keys(address: str) -> str:
    """Return `module.web.aws_ecs_service.this` for `module.web["a"].aws_ecs_service.this[0]`."""
    return _INSTANCE_KEY.sub("", address)


def configured_expressions(full_plan: JsonObject, address: str) -> Mapping[str, Json]:
    """Return the expressions that the code gives a resource's attributes; empty when the code has no such resource."""
    module: JsonObject = (full_plan.get("configuration") or {}).get("root_module") or {}
    steps = without_instance_keys(address).split(".")
    while len(steps) > 2 and steps[0] == "module":
        module = ((module.get("module_calls") or {}).get(steps[1]) or {}).get("module") or {}
        steps = steps[2:]
    for resource in module.get("resources") or ():
        if resource.get("mode", "managed") == "managed" and resource.get("address") == ".".join(steps):
            return resource.get("expressions") or {}
    return {}


def is_configured(expressions: Mapping[str, Json], path: AttributePath) -> bool:
    """Tell whether the code gives a value to the attribute at a path.

    Blocks are followed down to their attributes, whichever of them the path means; a constant map to its keys.
    """
    levels: list[Mapping[str, Json]] = [expressions]
    for step in path:
        if isinstance(step, Member):
            constants = [level["constant_value"] for level in levels if "constant_value" in level]
            if constants and all(isinstance(value, dict) for value in constants):
                return any(step.key in value for value in constants)
            continue
        found = [level[step] for level in levels if step in level]
        if not found:
            # `constant_value` and `references` end the path of attributes: the rest lies inside an expression.
            return any("constant_value" in level or "references" in level for level in levels)
        levels = [block for value in found for block in (value if isinstance(value, list) else [value])]
    return True
