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
from reconciler.model import AttributeChange, Drift, JsonObject, StateResource
from reconciler.model.plan_changes import UNKNOWN, PlannedChange

_SERVICE = "aws_ecs_service."
_DEFINITION = "aws_ecs_task_definition"
_TOLD = (f"{_DEFINITION}.", "module.")
"""References that tell which task definition is meant; a variable or a local value does not."""


def against_code(
    inside: Sequence[AttributeChange], live: JsonObject, service: Drift, managed: StateResource, full_plan: JsonObject
) -> tuple[AttributeChange, ...]:
    """Return what is different `inside` the `live` revision of a service, `matching` where the code says the same.

    `managed` is the task definition that the service ran by its state, by the code's address. Terraform then registers
    a new revision, and moves the service to it. What it knows only after that is not said by the code.
    """
    contents = [definition.after for definition in _registered_for(service.address, managed, full_plan)]
    undone = [each.path for content in contents for each in compare_task_definitions(content, live)]
    return tuple(
        replace(change, disposition="matching")
        if contents and not any(overlap(change.path, path) for path in undone)
        else change
        for change in inside
    )


def _registered_for(service: str, managed: StateResource, full_plan: JsonObject) -> Sequence[PlannedChange]:
    """Return the task definitions, registered anew, of which the plan moves a service to one; none where to another.

    Code that gave the managed one another name, without a `moved` block, has its family.
    """
    planned = planned_changes(full_plan)
    moved, expressions = planned.get(service), configured_expressions(full_plan, service) or {}
    expression = expressions.get("task_definition")
    if moved is None or moved.after.get("task_definition") is not UNKNOWN or not isinstance(expression, dict):
        return ()
    module, _, _ = without_instance_keys(service).rpartition(_SERVICE)
    told = [module + str(name) for name in expression.get("references") or () if str(name).startswith(_TOLD)]
    return [
        change
        for change in planned.values()
        if change.type == _DEFINITION
        and "create" in change.actions
        and (change.address == managed.address or change.after.get("family") == managed.attributes.get("family"))
        and (not told or any(f"{without_instance_keys(change.address)}.".startswith(f"{name}.") for name in told))
    ]
