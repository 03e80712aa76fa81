"""What an earlier run told, and a plan finds no more: whether it was put right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from reconciler.drift import planned_address, planned_changes
from reconciler.model import Finding, Json, JsonObject, State
from reconciler.model.resource_types import NATURAL_KEYS
from reconciler.pipeline.findings import fingerprint
from reconciler.pipeline.past import Past
from reconciler.pipeline.stored import resource_of

_STEP = re.compile(r"\[([^\]]*)\]|\.?([^.\[\]]+)")
_EMPTY: tuple[Json, ...] = (None, "", [], {})
_BACK = "an earlier run told that it drifted; a plan finds no drift of it any more"
_OUT = "an earlier run told that it drifted; the state has it no more, so that nothing of it can drift"


def put_right(
    left: Collection[str], state: State, past: Past, plan_fully: Callable[[], JsonObject | None]
) -> Mapping[str, str]:
    """Return the addresses among `left`, which stood and do not drift, that stand no longer, with the reason.

    What was gone is there, where the state has it. Where the state has the values that it had, the live ones went back.
    Where it has others, `terraform apply -refresh-only`, or an apply that failed, may have taken the live ones into it:
    then it counts whether the code would change them, by a full plan, None where none is to be had.
    """
    attributes = {resource.address: resource.attributes for resource in state.resources}
    ended: dict[str, str] = {}
    unsure = []
    for address in left:
        gone = past.standing[address]["status"] == "deleted"
        if address not in attributes:
            ended |= {} if gone else {address: _OUT}
        elif gone or _is_as_it_was(past.standing[address], attributes[address]):
            ended[address] = _BACK
        else:
            unsure.append(address)
    full_plan = plan_fully() if unsure else None
    if full_plan is not None:
        planned, differed = planned_changes(full_plan), past.attributes()
        for address in unsure:
            change = planned.get(planned_address(full_plan, address))
            if change is None or differed[address].isdisjoint(change.attributes):
                ended[address] = _BACK
    return ended


def _is_as_it_was(known: JsonObject, attributes: JsonObject) -> bool:
    """Tell whether a state has the values that it had when drift was told; False for those that are not shown."""
    pairs = ((change["state"], _value_at(attributes, change["path"])) for change in known["changes"])
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
