"""What an apply moves a service to that somebody moved to another revision, and what that has of the revision."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconciler.drift.addresses import configured_expressions, provider_key, without_instance_keys
from reconciler.drift.catalogue import SERVICE, TASK_DEFINITION
from reconciler.drift.coming import Coming, name_of
from reconciler.drift.paths import overlap
from reconciler.drift.plans import planned_changes
from reconciler.drift.references import most_exact
from reconciler.drift.revisions import means_latest
from reconciler.drift.task_definitions import compare_task_definitions
from reconciler.model.drift import AttributeChange, Drift
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown

_NAMED = re.compile(rf'(?:module|{TASK_DEFINITION})\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')
"""A reference to task definitions, or to a module that may have some; others do not tell which one is meant."""
_KEYS = ("count.", "each.")


class Ahead:
    """What a full plan makes of the task definitions that services run."""

    def __init__(self, full_plan: JsonObject, coming: Coming, says: Callable[[str], Json]) -> None:
        """Take a full plan, and what tells the task definition that a service's code has, with what is `coming`."""
        self._plan = full_plan
        self._coming = coming
        self._says = says
        self._planned = planned_changes(full_plan)

    def takes_latest(self, service: Drift) -> bool:
        """Tell whether the plan moves a service to the latest revision of the family that it runs."""
        return means_latest(self._wanted(service), service.live.get("task_definition"))

    def registers(self, service: Drift) -> Sequence[JsonObject]:
        """Return the task definitions, registered anew, of which the plan moves a service to one; else none.

        A family gives the one of that family. Where the code does not tell the one, it may be each that it names, if it
        names nothing else. What Terraform knows only after the apply is `UNKNOWN`.
        """
        made = {
            address: change.after
            for address, change in self._planned.items()
            if change.type == TASK_DEFINITION and "create" in change.actions and self._is_beside(address, service)
        }
        wanted = self._wanted(service)
        if isinstance(wanted, str):
            return [after for address, after in made.items() if self._coming.is_registered(address, name_of(wanted))]
        named = self._named(service.address) if wanted is UNKNOWN else ()
        module = service.address.rpartition(f"{SERVICE}.")[0]
        meant = [[address for address in made if _is_named(address, module, each)] for each in named]
        # One that is named and stays as it is may be the one.
        return [made[address] for addresses in meant for address in addresses] if all(meant) else []

    def names(self, service: Drift) -> str | None:
        """Return the revision that the plan itself names for a service, where it has not been that before."""
        moved = self._planned.get(service.address)
        wanted = moved.after.get("task_definition") if moved is not None else None
        known = {name_of(str(side.get("task_definition"))) for side in (service.before, service.live)}
        is_other = isinstance(wanted, str) and ":" in name_of(wanted) and name_of(wanted) not in known
        return wanted if is_other else None

    def is_open(self, service: Drift) -> bool:
        """Tell whether neither the plan nor the code tells what the plan moves a service to."""
        return self._wanted(service) is UNKNOWN

    def _wanted(self, service: Drift) -> Json:
        """Return the revision, or family, that the plan moves a service to; what that leaves open, the code may say."""
        moved = self._planned.get(service.address)
        wanted = moved.after.get("task_definition") if moved is not None else None
        said = self._says(service.address) if wanted is UNKNOWN else None
        return self._coming.read(said) if isinstance(said, str) else wanted

    def _is_beside(self, definition: str, service: Drift) -> bool:
        """Tell whether a task definition is where the service is: another region has families of the same name."""
        return provider_key(self._plan, definition) == provider_key(self._plan, service.address)

    def _named(self, service: str) -> Sequence[str]:
        """Return the task definitions, or modules, that a service's code names; none where it names anything else."""
        expression = (configured_expressions(self._plan, service) or {}).get("task_definition")
        references = expression.get("references") or () if isinstance(expression, dict) else ()
        told = [str(each) for each in most_exact(references) if not str(each).startswith(_KEYS)]
        named = [match[0] for match in map(_NAMED.match, told) if match]
        return tuple(dict.fromkeys(named)) if len(named) == len(told) else ()


def _is_named(definition: str, module: str, name: str) -> bool:
    """Tell whether a name in the code of a module is a task definition's, or that of a module around it."""
    own = definition.removeprefix(module)
    spelled = (own, without_instance_keys(own))
    return definition.startswith(module) and any(f"{each}.".startswith(f"{name}.") for each in spelled)


def beside(
    contents: Sequence[JsonObject], inside: Sequence[AttributeChange], live: JsonObject
) -> tuple[AttributeChange, ...]:
    """Return what is different `inside` a live revision, `matching` where all `contents` say the same as it.

    An apply moves the service to one of these; where there are none, it is as it was.
    """
    undone = _undone(contents, live)
    return tuple(
        replace(change, disposition="matching")
        if contents and not any(overlap(change.path, each.path) for each in undone)
        else change
        for change in inside
    )


def left_open(contents: Sequence[JsonObject], inside: Sequence[AttributeChange], live: JsonObject) -> tuple[str, ...]:
    """Return the attributes of what is different `inside` a live revision of which only the apply tells `contents`."""
    hidden = [each.path for each in _undone(contents, live) if has_unknown(each.state)]
    return tuple(
        dict.fromkeys(str(each.path[0]) for each in inside if any(overlap(each.path, path) for path in hidden))
    )


def _undone(contents: Sequence[JsonObject], live: JsonObject) -> Sequence[AttributeChange]:
    return [each for content in contents for each in compare_task_definitions(content, live)]
