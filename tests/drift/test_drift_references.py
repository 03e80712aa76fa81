"""A set that the plan knows only after the apply, because the code adds a new resource to it: told by references."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift import dispose, read_drifts, with_code
from reconciler.model.plan_changes import UNKNOWN

GROUP = "aws_security_group"
ALL = {name: f"{GROUP}.{name}.id" for name in ("a", "b", "c", "fresh")}


def refer(*expressions: str) -> dict[str, Any]:
    """Return what a plan has of an expression: each reference, then all that it lies in."""
    references: list[str] = []
    for each in expressions:
        references.append(each)
        while each.count(".") > 1 or each.endswith("]"):
            each = each[: max(each.rfind("."), each.rfind("["))]
            references.append(each)
    return {"references": references}


def entry(address: str, before: Any, after: Any, unknown: Any = None) -> dict[str, Any]:
    kind = address.rpartition(".")[0].rpartition(".")[2]
    change = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": address, "mode": "managed", "type": kind, "change": change}


def reverts(
    state: list[str],
    live: list[str],
    code: dict[str, Any],
    *,
    within: str = "",
    replaced: tuple[str, ...] = (),
    blocks: int = 1,
    says: Any = UNKNOWN,
) -> bool:
    """Tell what becomes of a service's security groups; `a`, `b` and `c` are in the state, `fresh` is new.

    `says` is what the code is read to have.
    """
    service = f"{within}aws_ecs_service.x"

    def groups(names: list[str]) -> dict[str, Any]:
        return {"network_configuration": [{"subnets": ["s"], "security_groups": names}]}

    there = [entry(f"{within}{GROUP}.{name}", {"id": name}, {"id": name}) for name in "abc" if name not in replaced]
    new = [entry(f"{within}{GROUP}.{name}", None, {}, {"id": True}) for name in ("fresh", *replaced)]
    planned = {"network_configuration": [{"subnets": ["s"]}]}
    hidden = {"network_configuration": [{"subnets": [False], "security_groups": True}]}
    resource = {
        "address": "aws_ecs_service.x",
        "expressions": {"network_configuration": [{"security_groups": code}] * blocks},
    }
    module: dict[str, Any] = {"resources": [resource]}
    managed = [{"address": f"{within}{GROUP}.{name}", "type": GROUP, "values": {"id": name}} for name in "abc"]
    plan = {
        "resource_drift": [entry(service, groups(state), groups(live))],
        "resource_changes": [*there, *new, entry(service, groups(live), planned, hidden)],
        "prior_state": {"values": {"root_module": {"child_modules": [{"resources": managed}]}}},
        "configuration": {"root_module": {"module_calls": {"m": {"module": module}}} if within else module},
    }
    drifts = read_drifts(plan)
    (drift,) = dispose(drifts, with_code(plan, drifts, lambda _address, _name: says), {})
    (change,) = drift.changes
    return change.disposition == "reverting"


@pytest.mark.parametrize("within", ["", "module.m.", 'module.m["x.y"].'])
def test_what_was_taken_away_and_the_code_refers_to_no_more_stays_away_beside_a_new_resource(within: str) -> None:
    assert not reverts(["a", "b"], ["a"], refer(ALL["a"], ALL["fresh"]), within=within)
    swapped = refer(ALL["c"], ALL["fresh"])
    assert not reverts(["a", "b"], ["a", "c"], swapped, says=["c", UNKNOWN], within=within)


@pytest.mark.parametrize("says", [UNKNOWN, ["a", UNKNOWN], ["a", "b", UNKNOWN]])
def test_what_the_code_only_refers_to_may_be_in_a_condition(says: Any) -> None:
    """As in concat([a, fresh], c == "x" ? [c] : [])."""
    assert reverts(["a"], ["a", "c"], refer(ALL["a"], ALL["c"], ALL["fresh"]), says=says)
    assert reverts(["a", "b"], ["a", "c"], refer(ALL["a"], ALL["c"], ALL["fresh"]), says=says)


@pytest.mark.parametrize(
    ("state", "live", "code"),
    [
        pytest.param(["a"], ["a", "b"], refer(ALL["a"], ALL["c"], ALL["fresh"]), id="what no code has"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], ALL["b"], ALL["fresh"]), id="what the code still has"),
        pytest.param(["a"], ["a", "c", "sg"], refer(ALL["a"], ALL["c"], ALL["fresh"]), id="another, of no code"),
        pytest.param(["a", "sg"], ["a"], refer(ALL["a"], ALL["fresh"]), id="what may be a literal"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], "var.more", ALL["fresh"]), id="a variable"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], "module.other.id", ALL["fresh"]), id="a module's output"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], f"data.{GROUP}.d.id", ALL["fresh"]), id="a data source"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], GROUP + ".a", ALL["fresh"]), id="a whole resource"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], GROUP + ".s", GROUP + ".s", ALL["fresh"]), id="a splat"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], f"{GROUP}.a.name", ALL["fresh"]), id="what is not known"),
        pytest.param(["a", "b"], ["a"], refer(ALL["a"], ALL["c"]), id="nothing new"),
        pytest.param(["a"], ["a", "c"], {"constant_value": ["a", "c"]}, id="no reference"),
        pytest.param(["a"], ["a", "c"], {}, id="nothing"),
    ],
)
def test_what_is_not_sure_goes_back(state: list[str], live: list[str], code: dict[str, Any]) -> None:
    assert reverts(state, live, code)


def test_a_resource_that_is_replaced_is_another_one_after_the_apply() -> None:
    assert not reverts(["a", "b"], ["a"], refer(ALL["a"], ALL["c"], ALL["fresh"]), replaced=("c",))
    assert not reverts(["a", "b"], ["a"], refer(ALL["a"], ALL["b"], ALL["fresh"]), replaced=("b",))


def test_of_two_blocks_nobody_knows_which_one_is_meant() -> None:
    assert reverts(["a", "b"], ["a"], refer(ALL["a"], ALL["fresh"]), blocks=2)


SETS = st.lists(st.sampled_from("abc"), unique=True)


@given(state=SETS, live=SETS, code=SETS)
def test_a_set_that_is_not_known_reverts_as_its_code_is_read_and_as_what_that_refers_to(
    state: list[str], live: list[str], code: list[str]
) -> None:
    if set(state) != set(live):
        came, went = set(live) - set(state), set(state) - set(live)
        references = refer(*(ALL[name] for name in code), ALL["fresh"])
        assert reverts(state, live, references) == bool(came or went & set(code))
        assert reverts(state, live, references, says=[*code, UNKNOWN]) == bool(came - set(code) or went & set(code))
