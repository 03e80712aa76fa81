"""What an apply moves a service to that somebody moved to another revision, and what that has of the revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.drift import (
    compare_task_definitions,
    configured_expressions,
    means_latest,
    overlap,
    planned_changes,
    without_instance_keys,
)
from reconciler.model import AttributeChange, Drift, JsonObject, StateResource
from reconciler.model.plan_changes import UNKNOWN

_SERVICE = "aws_ecs_service."
_DEFINITION = "aws_ecs_task_definition"
_TOLD = (f"{_DEFINITION}.", "module.")
"""References that tell which task definition is meant; a variable or a local value does not."""


class Ahead:
    """What a full plan makes of the task definitions that services run."""

    def __init__(self, full_plan: JsonObject) -> None:
        self._plan = full_plan
        self._planned = planned_changes(full_plan)

    def takes_latest(self, service: Drift, revision: str) -> bool:
        """Tell whether the plan moves a service from a `revision` to the latest of its family, whichever that is."""
        moved = self._planned.get(service.address)
        return moved is not None and means_latest(moved.after.get("task_definition"), revision)

    def registers(self, service: Drift, managed: StateResource) -> Sequence[JsonObject]:
        """Return the task definitions, registered anew, of which the plan moves a service to one; else none.

        `managed` is the one that the service ran by its state, by the code's address. Code that gave it another name,
        without a `moved` block, has its family. What Terraform knows only after the apply is `UNKNOWN`.
        """
        moved = self._planned.get(service.address)
        expression = (configured_expressions(self._plan, service.address) or {}).get("task_definition")
        if moved is None or moved.after.get("task_definition") is not UNKNOWN or not isinstance(expression, dict):
            return ()
        module, _, _ = without_instance_keys(service.address).rpartition(_SERVICE)
        told = [module + str(name) for name in expression.get("references") or () if str(name).startswith(_TOLD)]
        return [
            change.after
            for change in self._planned.values()
            if change.type == _DEFINITION
            and "create" in change.actions
            and (change.address == managed.address or change.after.get("family") == managed.attributes.get("family"))
            and (not told or any(f"{without_instance_keys(change.address)}.".startswith(f"{name}.") for name in told))
        ]


def beside(
    contents: Sequence[JsonObject], inside: Sequence[AttributeChange], live: JsonObject
) -> tuple[AttributeChange, ...]:
    """Return what is different `inside` a live revision, `matching` where all `contents` say the same as it.

    An apply moves the service to one of these; where there are none, it is as it was.
    """
    undone = [each.path for content in contents for each in compare_task_definitions(content, live)]
    return tuple(
        replace(change, disposition="matching")
        if contents and not any(overlap(change.path, path) for path in undone)
        else change
        for change in inside
    )
