"""The resource blocks of the code, as a plan's configuration shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reconciler.drift.addresses import without_instance_keys
from reconciler.model.json import JsonObject

_EXPANDS = ("count_expression", "for_each_expression")


def is_out_of_code(plan: JsonObject, resource_type: str, names: Collection[str], state: Collection[str]) -> bool:
    """Tell whether the code has no resource any more that the state calls one of these addresses.

    `state` are all of its addresses. What may be the same resource under another address makes it False: a block of
    the type that nothing in the state came from, or that makes any number of resources. So does a plan without code.
    """
    root = (plan.get("configuration") or {}).get("root_module")
    if not isinstance(root, dict):
        return False
    blocks = dict(_blocks(root, resource_type))
    known = {without_instance_keys(address) for address in state}
    left = {without_instance_keys(name) for name in names}
    return left.isdisjoint(blocks) and not any(expands or block not in known for block, expands in blocks.items())


def _blocks(module: JsonObject, resource_type: str, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the address of each managed block of a type, and whether it makes any number of resources."""
    for block in module.get("resources") or ():
        if (block.get("mode", "managed"), block.get("type")) == ("managed", resource_type):
            yield f"{prefix}{block['address']}", _expands(block)
    calls: Mapping[str, JsonObject] = module.get("module_calls") or {}
    for name, call in calls.items():
        for address, expands in _blocks(call.get("module") or {}, resource_type, f"{prefix}module.{name}."):
            yield address, expands or _expands(call)


def _expands(block: JsonObject) -> bool:
    return any(name in block for name in _EXPANDS)
