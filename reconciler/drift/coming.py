"""Names for revisions that only an apply will tell, so that code is read as if they were there already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reconciler.drift.catalogue import TASK_DEFINITION
from reconciler.drift.plans import planned_value
from reconciler.drift.references import known_attribute
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN

_LATEST: Final = 2**31
_REGISTERED: Final = 2**32
"""Begin numbers that no revision has, of which ECS has 2**31 - 1: what is registered is later than what was there."""


class Coming:
    """Families and numbers of the revisions that an apply registers, and of those that it looks up.

    A number stands for one revision, or for the latest of one family: in whatever way code puts it beside its family,
    the two mean it, and `max` of what is registered and what is looked up means what is registered.
    """

    def __init__(self, full_plan: JsonObject) -> None:
        self._plan = full_plan
        self._registered = {
            address: (family if isinstance(family, str) else f"({number})", number)
            for number, (address, family) in enumerate(_registered(full_plan), _REGISTERED)
        }
        looked_up = {address: name_of(reference).split(":") for address, reference in _looked_up(full_plan)}
        self._latest = {family: number for number, (family, *_) in enumerate(looked_up.values(), _LATEST)}
        self._looked_up = {
            address: (family, int(number[0]) if number else self._latest[family])
            for address, (family, *number) in looked_up.items()
            if not number or re.fullmatch(r"[1-9]\d{0,8}", number[0])
        }

    def attribute(self, address: str, name: str) -> Json:
        """Return an attribute of any resource as it is after the apply, `UNKNOWN` where nobody can tell."""
        value = known_attribute(self._plan, address, name)
        if value is not UNKNOWN:
            return value
        family, number = self._registered.get(address) or self._looked_up.get(address) or ("", 0)
        arn = f"arn:aws:ecs:::task-definition/{family}"
        told: dict[str, Json] = {
            "arn": f"{arn}:{number}",
            "arn_without_revision": arn,
            "family": family,
            "id": family if address in self._registered else f"{arn}:{number}",
            "revision": number,
        }
        return told.get(name, UNKNOWN) if family else UNKNOWN

    def read(self, reference: str) -> str:
        """Return the name of the revision that a reference means, as `attribute` has it; of the latest, its family."""
        name = name_of(reference)
        family = name.partition(":")[0]
        return family if name == f"{family}:{self._latest.get(family)}" else name

    def is_registered(self, address: str, name: str) -> bool:
        """Tell whether a name means the revision that a task definition registers, alone or with all of its family."""
        family, number = self._registered.get(address, ("", 0))
        return name in (family, f"{family}:{number}")


def name_of(reference: str) -> str:
    """Return a family, or `family:revision`, of its ARN or of itself."""
    return reference.rpartition("/")[2]


def _registered(full_plan: JsonObject) -> Iterator[tuple[str, Json]]:
    for entry in _definitions(full_plan, "managed"):
        if "create" in entry["change"]["actions"] and "deposed" not in entry:
            yield entry["address"], planned_value(entry["change"]).get("family")


def _looked_up(full_plan: JsonObject) -> Iterator[tuple[str, str]]:
    for entry in _definitions(full_plan, "data"):
        reference = (entry["change"].get("after") or {}).get("task_definition")
        if isinstance(reference, str):
            yield entry["address"], reference


def _definitions(full_plan: JsonObject, mode: str) -> Iterator[JsonObject]:
    for entry in full_plan.get("resource_changes") or ():
        if entry["type"] == TASK_DEFINITION and entry.get("mode", "managed") == mode:
            yield entry
