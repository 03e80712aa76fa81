"""Code that was merged and not applied, and has what somebody put into a revision by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.drift import (
    compare_task_definitions,
    configured_expressions,
    overlap,
    planned_changes,
    without_instance_keys,
)
from reconciler.model import AttributeChange, Drift, JsonObject
from reconciler.model.plan_changes import UNKNOWN

_SERVICE = "aws_ecs_service."
_TOLD = ("aws_ecs_task_definition.", "module.")
"""References that tell which task definition is meant; a variable or a local value does not."""


def against_code(
    inside: Sequence[AttributeChange], live: JsonObject, service: Drift, managed: str, full_plan: JsonObject
) -> tuple[AttributeChange, ...]:
    """Return what is different `inside` the `live` revision of a service, `matching` where the code says the same.

    `managed` is the address of the task definition that the service ran by its state. Terraform then registers a new
    revision for both, and moves the service to it. What it knows only after that is not said by the code.
    """
    planned = planned_changes(full_plan)
    moved, definition = planned.get(service.address), planned.get(managed)
    if moved is None or moved.after.get("task_definition") is not UNKNOWN:
        return tuple(inside)
    if definition is None or "create" not in definition.actions or not _refers(service.address, managed, full_plan):
        return tuple(inside)
    undone = compare_task_definitions(definition.after, live)
    return tuple(
        change if any(overlap(change.path, other.path) for other in undone) else replace(change, disposition="matching")
        for change in inside
    )


def _refers(service: str, managed: str, full_plan: JsonObject) -> bool:
    """Tell whether a service's code means a task definition, or leaves open which one it means."""
    expressions = configured_expressions(full_plan, service)
    expression = (expressions or {}).get("task_definition")
    if not isinstance(expression, dict):
        return False
    module, _, _ = without_instance_keys(service).rpartition(_SERVICE)
    told = [module + str(name) for name in expression.get("references") or () if str(name).startswith(_TOLD)]
    return not told or any(f"{without_instance_keys(managed)}.".startswith(f"{name}.") for name in told)
