"""What an earlier run told, and a plan finds no more: whether it was put right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from reconciler.drift import REVISION_ATTRIBUTES, planned_address, planned_changes
from reconciler.model import Finding, Json, JsonObject, State
from reconciler.model.resource_types import NATURAL_KEYS
from reconciler.pipeline.findings import fingerprint
from reconciler.pipeline.stored import attribute_of, attributes_of, resource_of

_STEP = re.compile(r"\[([^\]]*)\]|\.?([^.\[\]]+)")
_EMPTY: tuple[Json, ...] = (None, "", [], {})
_BACK = "an earlier run told that it drifted; a plan finds no drift of it any more"
_FORGOTTEN = "an earlier run told that it was gone; neither the state nor the code has it any more"
_LEFT = "an earlier run could not look at it; the state has it no more"
_OUT = "an earlier run told that it drifted; the state has it no more, so that nothing of it can drift"


def put_right(
    left: Mapping[str, JsonObject], state: State, plan_fully: Callable[[str], JsonObject | None]
) -> Mapping[str, str]:
    """Return the addresses among `left`, the findings of what does not drift, that stand no longer, with the reason.

    What was gone is there, where the state has it. Where the state has the values that it had, the live ones went back.
    Where it has others, `terraform apply -refresh-only`, or an apply that failed, may have taken the live ones into it,
    or forgotten what is gone: then it counts whether the code would change them, by a full plan that looks at the
    address, None where none is to be had.
    """
    attributes = {resource.address: resource.attributes for resource in state.resources}
    return {
        address: why
        for address, finding in left.items()
        if (why := _end(address, finding, attributes.get(address), plan_fully))
    }


def _end(
    address: str, known: JsonObject, attributes: JsonObject | None, plan_fully: Callable[[str], JsonObject | None]
) -> str:
    """Return why a finding stands no longer, empty where it does; `attributes` are None where no state has it."""
    if known["status"] == "not_checked":  # while the state has it, only a look at its own events ends it
        return _LEFT if attributes is None else ""
    gone = known["status"] == "deleted"
    if attributes is None and not gone:
        return _OUT
    if attributes is not None and (gone or _is_as_it_was(known, attributes)):
        return _BACK
    full_plan = plan_fully(address)
    if full_plan is None:
        return ""
    change = planned_changes(full_plan).get(planned_address(full_plan, address))
    if gone:
        return "" if change else _FORGOTTEN
    return _BACK if change is None or attributes_of(known).isdisjoint(change.attributes) else ""


def _is_as_it_was(known: JsonObject, attributes: JsonObject) -> bool:
    """Tell whether a state has the values that it had when drift was told; False for those that are not shown."""
    changes = known["changes"]
    if "task_definition" in attributes_of(known):  # what is inside a revision is not in the service's state
        changes = [change for change in changes if attribute_of(change["path"]) not in REVISION_ATTRIBUTES]
    pairs = ((change["state"], _value_at(attributes, change["path"])) for change in changes)
    return all(was == now or (was in _EMPTY and now in _EMPTY) for was, now in pairs)


def _value_at(value: Json, path: str) -> Json:
    """Return the value at a path as findings print it, None where there is none."""
    name = ""
    for key, step in _STEP.findall(path):
        if isinstance(value, str):  # container definitions
            with suppress(ValueError, RecursionError):
                value = json.loads(value)
        if isinstance(value, list):
            named = (each for each in value if isinstance(each, dict) and str(each.get(NATURAL_KEYS.get(name))) == key)
            value = next(named, value[int(key)] if key.isdecimal() and int(key) < len(value) else None)
        else:
            value = value.get(step or key) if isinstance(value, dict) else None
        name = step or name
    return value


def ended_finding(workspace: str, address: str, known: JsonObject, reason: str) -> Finding:
    """Return the finding that ends a `known` one."""
    identity = resource_of(known)
    return Finding(
        fingerprint=fingerprint(workspace, address, ()),
        status="healed",
        reason=reason,
        workspace=workspace,
        address=address,
        resource_type=identity.type,
        identity=identity,
        severity="info",
    )
