"""Resource addresses and the configuration part of a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.drift.catalogue import LEFT_ALONE_BLOCKS, MAPS
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


def is_configured(expressions: Mapping[str, Json], path: AttributePath, *, gone: bool = False) -> bool:
    """Tell whether the code gives a value to the attribute at a path that the full plan leaves alone.

    Blocks are followed down to their attributes, whichever of them the path means; a constant map to its keys. Of a
    member that is `gone` from a map, a constant map that lacks it says just that.
    """
    bodies: list[Mapping[str, Json]] = [expressions]
    for position, step in enumerate(path):
        if isinstance(step, Member):
            continue
        rest = path[position + 1 :]
        found = [body[step] for body in bodies if step in body]
        if not found:
            return bool(rest) and _may_be_dynamic(step)
        bodies = [block for value in found if isinstance(value, list) for block in value]
        if not bodies:
            return gone or _gives(found, rest)
    return True


def constant_at(expressions: Mapping[str, Json], path: AttributePath) -> Json:
    """Return the constant that the code gives an attribute, None where that cannot be told.

    Only through blocks that are there once: of several, the path may mean any.
    """
    body = expressions
    for position, step in enumerate(path):
        if isinstance(step, Member):
            if isinstance(step.key, int):
                continue
            return None
        value, rest = body.get(step), path[position + 1 :]
        if isinstance(value, list) and len(value) == 1:
            body = value[0]
        elif isinstance(value, dict):
            constant = value.get("constant_value")
            if not rest:
                return constant
            key = rest[0].key if len(rest) == 1 and isinstance(rest[0], Member) else None
            return constant.get(key) if isinstance(constant, dict) else None
        else:
            return None
    return None


def _may_be_dynamic(name: str) -> bool:
    """Tell whether a block that the configuration does not show must be there all the same.

    Terraform 1.11 leaves `dynamic` blocks out of a plan's configuration. A block that is live and that nobody plans to
    remove is in the code, unless the provider leaves it alone where it is missing.
    """
    return name not in MAPS and name not in LEFT_ALONE_BLOCKS


def _gives(expressions: Sequence[Json], rest: AttributePath) -> bool:
    """Tell whether expressions give what lies inside their values; only a constant map tells its keys."""
    constants = [value.get("constant_value") for value in expressions if isinstance(value, dict)]
    maps = [value for value in constants if isinstance(value, dict)]
    if rest and isinstance(rest[0], Member) and maps and len(maps) == len(constants):
        return any(rest[0].key in value for value in maps)
    return True
