"""What AWS or the provider fills in where the code says nothing."""

from __future__ import annotations

from reconciler.drift.catalogue import TASK_DEFINITION, is_reported
from reconciler.drift.equality import equal
from reconciler.drift.noise.empty import is_empty
from reconciler.drift.noise.node import Node
from reconciler.drift.noise.numbers import is_same_number
from reconciler.model.resource_types import DEFAULTS


# A refresh fills in the defaults of what the state left null, and ECS those of what a registration left out.
def provider_default(node: Node) -> bool:
    """Tell whether one side leaves out an attribute and the other holds its default."""
    where, name = node.place
    if name is None or (where, name) not in DEFAULTS or not is_reported(node.type):
        return False
    default = DEFAULTS[where, name]
    one, other = (default if is_empty(value) else value for value in (node.before, node.after))
    return equal(one, other) or is_same_number(one, other)


# Provider 6 gives each resource its region, and a state that provider 5 wrote gets them with the first refresh
# (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support).
def region_filled_in(node: Node) -> bool:
    """Tell whether a resource whose state names no region has one."""
    return node.top == "region" and is_empty(node.before)


# Fargate runs LINUX/X86_64 where a task definition names no platform; the console writes it out. Without Fargate no
# platform means any instance, so there the difference is real.
def fargate_platform(node: Node) -> bool:
    """Tell whether one side leaves out Fargate's default platform and the other names it."""
    defaults = {"cpu_architecture": "X86_64", "operating_system_family": "LINUX"}
    where, name = node.place
    if where != "runtime_platform" or name not in defaults or node.type != TASK_DEFINITION:
        return False
    if not all("FARGATE" in (resource.get("requires_compatibilities") or ()) for resource in node.resources):
        return False
    return all(is_empty(value) or value == defaults[name] for value in (node.before, node.after))
