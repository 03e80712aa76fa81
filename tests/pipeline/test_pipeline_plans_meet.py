"""What only one of the two plans tells, or tells only beside an event."""

from __future__ import annotations

from typing import Any

from pipeline_world import Feed, World, change, quiet, record, service
from planned_cycle import Calls, cycle

from reconciler.model import Finding, Plan, Workspace

SPOT = [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]


def findings(terraform: Any, *events: dict[str, Any]) -> tuple[Finding, ...]:
    return cycle(World(quiet, prod=[service("prod", "web")]), Calls(terraform), Feed(*events)).findings


def forgets(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    """Plan a service that the code has in a `removed` block only: a full plan does not look at it in AWS."""
    state, live = {"name": "web", "desired_count": 1}, {"name": "web", "desired_count": 5}
    if kind == "refresh-only":
        return Plan(kind, True, {"resource_drift": [change("web", state, live)]})
    forgotten = change("web", state, None)
    forgotten["change"]["actions"] = ["forget"]
    return Plan(kind, True, {"resource_changes": [forgotten]})


def test_what_the_code_forgets_and_somebody_changed_is_told_and_left() -> None:
    (finding,) = findings(forgets, record("a", "web"))
    assert (finding.status, finding.severity) == ("matching", "info")
    assert [(each.state, each.live, each.disposition, each.event_id) for each in finding.changes] == [
        (1, 5, "unset", "a")
    ]
    assert "terraform apply forgets it and leaves it as it is" in finding.reason


def strategy(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    """Plan a service whose state knows of neither launch type nor strategy, and that has a strategy."""
    state = {"name": "web", "launch_type": "", "capacity_provider_strategy": []}
    live = {**state, "capacity_provider_strategy": SPOT}
    shown = {"resource_drift": [change("web", state, live)], "resource_changes": [change("web", live, state)]}
    return Plan(kind, True, shown)


def test_a_strategy_given_by_hand_in_place_of_the_clusters_is_drift() -> None:
    given = {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}
    event = record("a", "web", requestParameters={"service": "web", "cluster": "prod", **given})
    (finding,) = findings(strategy, event)
    assert finding.status == "drift"
    assert [(each.disposition, each.event_id) for each in finding.changes] == [("reverting", "a")]


def test_the_clusters_own_strategy_is_no_drift_whatever_else_was_changed() -> None:
    (finding,) = findings(strategy, record("a", "web"))
    assert finding.status == "healed"
