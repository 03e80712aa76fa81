"""State, live value and code, in all their ways to differ: the disposition is what Terraform would do.

The oracle plays Terraform: it plans what the code says, the live value where the code is ignored or silent, and so
knows for each attribute what an apply would take back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift import dispose, read_drifts
from reconciler.model import Disposition


@dataclass(frozen=True)
class Kind:
    """A kind of attribute: its resource type, a resource with one of its values, and the values to choose from."""

    type: str
    attribute: str
    values: st.SearchStrategy[Any]
    write: Callable[[Any], Any] = lambda value: value
    block: bool = False


def environment(values: dict[str, str]) -> str:
    variables = [{"name": name, "value": value} for name, value in values.items()]
    return json.dumps([{"name": "web", "image": "nginx", "environment": variables}])


NAMES = st.dictionaries(st.sampled_from("ab"), st.sampled_from("12"), min_size=1)
SOME = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)
KINDS = st.sampled_from(
    [
        Kind("aws_ecs_service", "desired_count", st.integers(1, 3)),
        Kind("aws_ecs_cluster_capacity_providers", "capacity_providers", SOME),
        Kind("aws_ecs_service", "tags", NAMES),
        Kind("aws_ecs_task_definition", "container_definitions", NAMES, environment),
        Kind(
            "aws_ecs_service",
            "network_configuration",
            SOME,
            lambda groups: [{"subnets": ["s"], "security_groups": groups}],
            block=True,
        ),
        Kind(
            "aws_ecs_service",
            "capacity_provider_strategy",
            st.dictionaries(st.sampled_from("ab"), st.integers(1, 2), min_size=1),
            lambda weights: [{"capacity_provider": name, "weight": weight} for name, weight in weights.items()],
            block=True,
        ),
    ]
)


def undone(state: Any, live: Any, planned: Any) -> bool:
    """Tell whether a plan takes back any of what drifted: by key, by member, or as a whole."""
    if isinstance(live, dict):
        moved = [key for key in {*state, *live} if state.get(key) != live.get(key)]
        return any(planned.get(key) != live.get(key) for key in moved)
    if isinstance(live, list):
        came, went = set(live) - set(state), set(state) - set(live)
        return bool(came - set(planned) or went & set(planned))
    return bool(planned != live)


def found(kind: Kind, state: Any, live: Any, planned: Any, code: bool, ignored: bool) -> set[Disposition | None]:
    address = f"{kind.type}.x"
    before, now, then = ({"name": "x", kind.attribute: kind.write(value)} for value in (state, live, planned))

    def entry(before: Any, after: Any, actions: tuple[str, ...]) -> dict[str, Any]:
        change = {"actions": actions, "before": before, "after": after}
        return {"address": address, "mode": "managed", "type": kind.type, "change": change}

    given: Any = {"references": ["local.x"]}
    names = ("subnets", "security_groups", "capacity_provider", "weight")
    given = [dict.fromkeys(names, given)] if kind.block else given
    resource = {"address": address, "mode": "managed", "expressions": {kind.attribute: given} if code else {}}
    plan = {
        "resource_drift": [entry(before, now, ("update",))],
        "resource_changes": [entry(now, then, ("no-op",) if now == then else ("update",))],
        "configuration": {"root_module": {"resources": [resource]}},
    }
    (drift,) = dispose(read_drifts(plan), plan, {address: [kind.attribute] if ignored else []})
    return {change.disposition for change in drift.changes}


def differs(one: Any, other: Any) -> bool:
    return set(one) != set(other) if isinstance(one, list) else bool(one != other)


@given(data=st.data(), kind=KINDS)
def test_what_an_apply_takes_back_is_reverting_and_nothing_else(data: st.DataObject, kind: Kind) -> None:
    state, live, wanted = (data.draw(kind.values) for _ in range(3))
    if differs(state, live):
        dispositions = found(kind, state, live, wanted, code=True, ignored=False)
        assert dispositions <= {"reverting", "matching"}
        assert ("reverting" in dispositions) == undone(state, live, wanted)


@given(data=st.data(), kind=KINDS, code=st.booleans())
def test_what_is_ignored_is_told_so_whatever_the_code_says(data: st.DataObject, kind: Kind, code: bool) -> None:
    state, live = data.draw(kind.values), data.draw(kind.values)
    if differs(state, live):
        assert found(kind, state, live, live, code, ignored=True) == {"ignored"}


@given(data=st.data(), kind=KINDS)
def test_what_no_code_sets_is_unset(data: st.DataObject, kind: Kind) -> None:
    state, live = data.draw(kind.values), data.draw(kind.values)
    # A block that stays without code is a dynamic one, and a task definition has containers.
    if differs(state, live) and not kind.block and kind.attribute != "container_definitions":
        assert found(kind, state, live, live, code=False, ignored=False) == {"unset"}
