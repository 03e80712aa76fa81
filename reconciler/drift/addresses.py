"""Resource addresses and the configuration part of a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from reconciler.drift.catalogue import LEFT_ALONE_BLOCKS, MAPS
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject

_INSTANCE_KEY: Final = re.compile(r'\[(?:-?\d+|"(?:[^"\\]|\\.)*")\]')


def without_instance_keys(address: str) -> str:
    """Return `module.web.aws_ecs_service.this` for `module.web["a"].aws_ecs_service.this[0]`."""
    return _INSTANCE_KEY.sub("", address)


def planned_address(plan: JsonObject, address: str) -> str:
    """Return what a plan calls the resource that the state has at an address: a `moved` block may have renamed it."""
    for entry in plan.get("resource_changes") or ():
        if "deposed" not in entry and (entry.get("previous_address") or entry["address"]) == address:
            return str(entry["address"])
    return address


def configured_expressions(full_plan: JsonObject, address: str) -> Mapping[str, Json] | None:
    """Return the expressions that the code gives a resource's attributes; None when the code has no such resource.

    What is nothing but a variable that is null is left out: Terraform takes it for an attribute that is not there.
    """
    resource, is_null = _configured(full_plan, address)
    return None if resource is None else _given(resource.get("expressions") or {}, is_null)


def provider_expressions(plan: JsonObject, address: str) -> Mapping[str, Json]:
    """Return the expressions of the provider configuration that a resource has; empty where the code does not tell."""
    providers = (plan.get("configuration") or {}).get("provider_config") or {}
    provider: JsonObject = providers.get(provider_key(plan, address) or "") or {}
    return provider.get("expressions") or {}


def provider_key(plan: JsonObject, address: str) -> str | None:
    """Return what the plan calls the provider configuration that a resource has in the code, across modules."""
    resource, _ = _configured(plan, address)
    key = (resource or {}).get("provider_config_key")
    return key if isinstance(key, str) else None


def _configured(plan: JsonObject, address: str) -> tuple[JsonObject | None, Callable[[str], bool]]:
    """Return what the code says of a resource, and what tells whether a variable of its module is null."""
    module: JsonObject = (plan.get("configuration") or {}).get("root_module") or {}
    values = {name: {"constant_value": v.get("value")} for name, v in (plan.get("variables") or {}).items()}
    is_null = _null_variables(values, module, lambda _name: False)
    steps = without_instance_keys(address).split(".")
    while len(steps) > 2 and steps[0] == "module":
        call = (module.get("module_calls") or {}).get(steps[1]) or {}
        module = call.get("module") or {}
        is_null = _null_variables(call.get("expressions") or {}, module, is_null)
        steps = steps[2:]
    for resource in module.get("resources") or ():
        if resource.get("mode", "managed") == "managed" and resource.get("address") == ".".join(steps):
            return resource, is_null
    return None, is_null


def _null_variables(
    given: Mapping[str, Json], module: JsonObject, outside: Callable[[str], bool]
) -> Callable[[str], bool]:
    """Return what tells whether a variable of a module is null: given so, from variables `outside`, or by default."""
    declared = module.get("variables") or {}

    def is_null(name: str) -> bool:
        if name in given:
            return _is_null(given[name], outside)
        return name in declared and (declared[name] or {}).get("default") is None

    return is_null


def _is_null(expression: Json, is_null: Callable[[str], bool]) -> bool:
    """Tell whether an expression is null, as far as a plan tells: it names what an expression refers to, no more."""
    if not isinstance(expression, dict):
        return False
    if "constant_value" in expression:
        return expression["constant_value"] is None
    references: Sequence[str] = expression.get("references") or ()
    if len(references) != 1:
        return False
    kind, _, name = references[0].partition(".")
    return kind == "var" and name.isidentifier() and is_null(name)


def _given(body: Mapping[str, Json], is_null: Callable[[str], bool]) -> Mapping[str, Json]:
    return {
        name: [_given(block, is_null) for block in value] if isinstance(value, list) else value
        for name, value in body.items()
        if not _is_null(value, is_null)
    }


def is_configured(
    expressions: Mapping[str, Json], path: AttributePath, *, gone: bool = False, dynamic: Collection[str] = ()
) -> bool:
    """Tell whether the code gives a value to the attribute at a path that the full plan leaves alone.

    Blocks are followed down to their attributes, whichever of them the path means; a constant map to its keys. Of a
    member that is `gone` from a map, a constant map that lacks it says just that. `dynamic` names the resource's
    `dynamic` blocks, which Terraform 1.11 leaves out of a plan's configuration.
    """
    bodies: list[Mapping[str, Json]] = [expressions]
    for position, step in enumerate(path):
        if isinstance(step, Member):
            continue
        rest = path[position + 1 :]
        found = [body[step] for body in bodies if step in body]
        if not found:
            return bool(rest) and (step in dynamic or _must_be_dynamic(step))
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
                return _literal(constant)
            key = rest[0].key if len(rest) == 1 and isinstance(rest[0], Member) else None
            return _literal(constant.get(key)) if isinstance(constant, dict) else None
        else:
            return None
    return None


def _literal(value: Json) -> Json:
    """Return a constant, None where it is a template: of Terraform's JSON syntax a plan shows the text as written."""
    texts = json.dumps(value)
    return None if "${" in texts or "%{" in texts else value


def _must_be_dynamic(name: str) -> bool:
    """Tell whether a block that the configuration does not show must be there all the same.

    A block that is live and that nobody plans to remove is in the code, unless the provider leaves it alone where it
    is missing.
    """
    return name not in MAPS and name not in LEFT_ALONE_BLOCKS


def _gives(expressions: Sequence[Json], rest: AttributePath) -> bool:
    """Tell whether expressions give what lies inside their values; only a constant map tells its keys."""
    constants = [value.get("constant_value") for value in expressions if isinstance(value, dict)]
    maps = [value for value in constants if isinstance(value, dict)]
    if rest and isinstance(rest[0], Member) and maps and len(maps) == len(constants):
        return any(rest[0].key in value or _literal([*value]) is None for value in maps)
    return True
