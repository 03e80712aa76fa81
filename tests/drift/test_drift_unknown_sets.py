"""A set of which a plan knows nothing, because code puts a new resource into it: judged by what the code says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift import dispose, read_drifts, with_code
from reconciler.model.plan_changes import UNKNOWN

SERVICE = "aws_ecs_service.x"


def groups(*names: str) -> dict[str, Any]:
    return {"network_configuration": [{"subnets": ["s"], "security_groups": [*names]}]}


def reverts(state: Any, live: Any, code: Any, *, asked: list[Any] | None = None, unknown: Any = True) -> bool:
    """Tell what becomes of a service's security groups of which the code says this."""

    def says(address: str, name: str) -> Any:
        if asked is not None:
            asked.append((address, name))
        return code

    def entry(before: Any, after: Any, hidden: Any) -> dict[str, Any]:
        change = {"actions": ["update"], "before": before, "after": after, "after_unknown": hidden}
        return {"address": SERVICE, "mode": "managed", "type": "aws_ecs_service", "change": change}

    hidden = {"network_configuration": [{"subnets": [False], "security_groups": unknown}]}
    planned = entry(groups(*live), {"network_configuration": [{"subnets": ["s"]}]}, hidden)
    plan = {"resource_drift": [entry(groups(*state), groups(*live), {})], "resource_changes": [planned]}
    drifts = read_drifts(plan)
    (drift,) = dispose(drifts, with_code(plan, drifts, says), {})
    (change,) = drift.changes
    return change.disposition == "reverting"


def test_what_the_code_has_is_kept_beside_a_new_one() -> None:
    asked: list[Any] = []
    assert not reverts("a", "ac", ["a", "c", UNKNOWN], asked=asked)
    assert asked == [(SERVICE, "network_configuration.security_groups")]
    assert not reverts("a", "abc", ["c", UNKNOWN, "b"])
    assert not reverts("ab", "a", ["a", "c"])


@pytest.mark.parametrize(
    ("state", "live", "code"),
    [
        pytest.param("a", "ac", ["a", "b", UNKNOWN], id="what it has not, or perhaps"),
        pytest.param("a", "ac", ["a", "b"], id="what it has not"),
        pytest.param("ab", "a", ["a", UNKNOWN], id="what it may have again"),
        pytest.param("ab", "ac", ["a", "c", UNKNOWN], id="one for another"),
        pytest.param("a", "ac", UNKNOWN, id="what nobody can read"),
        pytest.param("a", "ac", None, id="nothing"),
        pytest.param("a", "ac", "ac", id="a text"),
        pytest.param("a", "ac", ["a", "c", 5], id="a number"),
    ],
)
def test_what_is_not_sure_goes_back(state: str, live: str, code: Any) -> None:
    assert reverts(state, live, code)


def test_the_code_is_not_asked_of_what_the_plan_knows() -> None:
    asked: list[Any] = []
    assert reverts("a", "ac", ["a", "c"], asked=asked, unknown=False)
    assert asked == []


SETS = st.lists(st.sampled_from("abc"), unique=True)


@given(state=SETS, live=SETS, code=SETS)
def test_nothing_is_kept_that_the_code_does_not_have(state: list[str], live: list[str], code: list[str]) -> None:
    came, went = set(live) - set(state), set(state) - set(live)
    if came or went:
        assert reverts(state, live, [*code, UNKNOWN]) == bool(went or came - set(code))
        assert reverts(state, live, code) == bool(came - set(code) or went & set(code))
