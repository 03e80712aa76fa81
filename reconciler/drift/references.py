"""What a set holds that a plan knows only after the apply, as far as its expression and the plan tell together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.drift.plans import planned_value
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN

_KEY: Final = r'(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?'
_MODULES: Final = re.compile(rf"(?:module\.[\w-]+{_KEY}\.)*")
_ATTRIBUTE: Final = re.compile(rf"(?P<address>(?P<type>\w+)\.[\w-]+{_KEY})\.(?P<name>\w+)")


class References:
    """What the code of one resource refers to.

    One value that a new resource will get makes a whole set unknown, in the provider's older framework. Its expression
    then says what it has not, where it refers to nothing but attributes of resources of its own module: a plan gives
    the references of an expression, and neither its functions nor its literals.
    """

    def __init__(self, full_plan: JsonObject, address: str, expressions: Mapping[str, Json] | None) -> None:
        """Take a full plan's JSON, and a resource's address and the expressions that its code has."""
        self._plan = full_plan
        modules = _MODULES.match(address)
        self._module = modules[0] if modules else ""
        self._expressions = expressions or {}

    def leave_out(self, path: AttributePath, members: Sequence[Json]) -> bool:
        """Tell whether it is sure that the code has none of these members of a set that is not known yet.

        They are no values that a reference gives after the apply, and such as code would refer to: attributes of
        resources in the state, as those that are referred to. What is referred to need not be in the set: it may be
        part of a condition.
        """
        if not members:
            return True
        leaves = most_exact(_expression(self._expressions, path).get("references") or ())
        matches = [match for match in map(_ATTRIBUTE.fullmatch, leaves) if match]
        values = [planned_attribute(self._plan, self._module + match["address"], match["name"]) for match in matches]
        if len(values) != len(leaves) or UNKNOWN not in values:
            return False
        if not all(value is UNKNOWN or isinstance(value, str) for value in values):
            return False
        managed = {(match["type"], match["name"]) for match in matches}
        return all(value not in values and self._is_managed(value, managed) for value in members)

    def _is_managed(self, value: Json, attributes: set[tuple[str, str]]) -> bool:
        state = (self._plan.get("prior_state") or {}).get("values") or {}
        return any(
            resource.get("type") == kind and (resource.get("values") or {}).get(name) == value
            for resource in _resources(state.get("root_module") or {})
            for kind, name in attributes
        )


def planned_attribute(full_plan: JsonObject, address: str, name: str) -> Json:
    """Return what an attribute of a managed resource is after the apply, None where the plan does not say.

    It may be, or hold, an `UNKNOWN`.
    """
    for entry in full_plan.get("resource_changes") or ():
        if entry["address"] == address and entry.get("mode", "managed") == "managed" and "deposed" not in entry:
            return planned_value(entry["change"]).get(name)
    return None


def known_attribute(full_plan: JsonObject, address: str, name: str) -> Json:
    """Return what an attribute of a resource or data source is after the apply, `UNKNOWN` where the plan does not say.

    A data source that is not in `resource_changes` was read before the plan.
    """
    value = planned_attribute(full_plan, address, name)
    if value is None and not any(entry["address"] == address for entry in full_plan.get("resource_changes") or ()):
        state = (full_plan.get("prior_state") or {}).get("values") or {}
        read = _resources(state.get("root_module") or {}, mode="data")
        value = next((each.get("values", {}).get(name) for each in read if each.get("address") == address), None)
    return UNKNOWN if value is None else value


def _expression(body: Json, path: AttributePath) -> JsonObject:
    """Return the expression of an attribute, only through blocks that are there once: of several it may be any."""
    for step in path:
        if isinstance(step, Member):
            continue
        body = body.get(step) if isinstance(body, dict) else None
        if isinstance(body, list):
            body = body[0] if len(body) == 1 else None
    return body if isinstance(body, dict) else {}


def most_exact(references: Sequence[str]) -> list[str]:
    """Return what an expression refers to; in a plan, what each lies in follows it."""
    before = ("", *references)
    return [one for last, one in zip(before, references, strict=False) if not last.startswith((f"{one}.", f"{one}["))]


def _resources(module: JsonObject, mode: str = "managed") -> Iterator[JsonObject]:
    for resource in module.get("resources") or ():
        if resource.get("mode", "managed") == mode:
            yield resource
    for inner in module.get("child_modules") or ():
        yield from _resources(inner, mode)
