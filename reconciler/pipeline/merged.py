"""What an apply moves a service to that somebody moved to another revision, and what that has of the revision."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconciler.drift import (
    compare_task_definitions,
    configured_expressions,
    means_latest,
    most_exact,
    overlap,
    planned_changes,
    without_instance_keys,
)
from reconciler.model import AttributeChange, Drift, JsonObject
from reconciler.model.plan_changes import UNKNOWN

_DEFINITION = "aws_ecs_task_definition"
_NAMED = re.compile(rf'(?:module|{_DEFINITION})\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')
"""A reference to task definitions, or to a module that may have some; others do not tell which one is meant."""
_KEYS = ("count.", "each.")


class Ahead:
    """What a full plan makes of the task definitions that services run."""

    def __init__(self, full_plan: JsonObject, meant: Callable[[str], str | None]) -> None:
        """Take a full plan, and what tells the address of the task definition that the code of a service means."""
        self._plan = full_plan
        self._meant = meant
        self._planned = planned_changes(full_plan)
        self._looked_up = {
            entry["address"]: (entry["change"].get("after") or {}).get("task_definition")
            for entry in full_plan.get("resource_changes") or ()
            if entry.get("mode") == "data" and entry["type"] == _DEFINITION
        }

    def takes_latest(self, service: Drift, revision: str) -> bool:
        """Tell whether the plan moves a service from a `revision` to the latest of its family, whichever that is."""
        moved = self._planned.get(service.address)
        return moved is not None and means_latest(moved.after.get("task_definition"), revision)

    def registers(self, service: Drift) -> Sequence[JsonObject]:
        """Return the task definitions, registered anew, of which the plan moves a service to one; else none.

        A data source that is read after the apply gives the one of its family. Where the code does not tell the one,
        it may be each that it names, if it names nothing else. What Terraform knows only after the apply is `UNKNOWN`.
        """
        moved = self._planned.get(service.address)
        if moved is None or moved.after.get("task_definition") is not UNKNOWN:
            return ()
        meant = self._meant(service.address)
        return [
            change.after
            for address, change in self._planned.items()
            if change.type == _DEFINITION
            and "create" in change.actions
            and (
                meant == address or self._looked_up.get(meant) == change.after.get("family")
                if meant
                else self._may_mean(service.address, address)
            )
        ]

    def _may_mean(self, service: str, definition: str) -> bool:
        """Tell whether a service's code names a task definition, and nothing that may be another one."""
        expression = (configured_expressions(self._plan, service) or {}).get("task_definition")
        references = expression.get("references") or () if isinstance(expression, dict) else ()
        told = [str(each) for each in most_exact(references) if not str(each).startswith(_KEYS)]
        named = [match[0] for match in map(_NAMED.match, told) if match]
        module = service.rpartition("aws_ecs_service.")[0]
        if len(named) < len(told) or not definition.startswith(module):
            return False
        own = definition.removeprefix(module)
        spelled = (f"{own}.", f"{without_instance_keys(own)}.")
        return any(each.startswith(f"{name}.") for name in named for each in spelled)


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
