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
from reconciler.model import AttributeChange, Drift, Json, JsonObject
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

    def takes_latest(self, service: Drift) -> bool:
        """Tell whether the plan moves a service to the latest revision of the family that it runs."""
        return means_latest(self._wanted(service), service.live.get("task_definition"))

    def registers(self, service: Drift) -> Sequence[JsonObject]:
        """Return the task definitions, registered anew, of which the plan moves a service to one; else none.

        A family, or a data source that is read after the apply, gives the one of that family. Where the code does not
        tell the one, it may be each that it names, if it names nothing else. What Terraform knows only after the apply
        is `UNKNOWN`.
        """
        wanted = self._wanted(service)
        meant = self._meant(service.address) if wanted is UNKNOWN else None
        family = self._looked_up.get(meant) if meant else _family(wanted) if self.takes_latest(service) else None
        return [
            change.after
            for address, change in self._planned.items()
            if change.type == _DEFINITION
            and "create" in change.actions
            and (
                address == meant or family == change.after.get("family")
                if meant or family
                else wanted is UNKNOWN and self._may_mean(service.address, address)
            )
        ]

    def _wanted(self, service: Drift) -> Json:
        moved = self._planned.get(service.address)
        return moved.after.get("task_definition") if moved is not None else None

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


def _family(reference: Json) -> str:
    return str(reference).rpartition("/")[2]


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
