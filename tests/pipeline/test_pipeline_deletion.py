"""A resource that is gone: said after one plan, because each takes two minutes."""

from __future__ import annotations

from typing import Any

from test_pipeline_failures import Feed, Memory, World, change, record, service

from reconciler.model import Plan, Workspace


def gone(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    drift = change("web", {"name": "web", "desired_count": 3}, None)
    drift["change"]["actions"] = ["delete"]
    return Plan(kind, True, {"resource_drift": [drift]})


def test_a_deletion_takes_one_plan_and_asks_for_a_person() -> None:
    world = World(gone, prod=[service("prod", "web")])
    report = world.run(Feed(record("DeleteService", "web")), Memory())
    (finding,) = report.findings
    assert (finding.status, finding.severity, finding.remedy.kind) == ("deleted", "critical", "none")
    assert "create it again" in finding.remedy.reason
    assert (report.plans.refresh_only, report.plans.full, report.plans.proof) == (1, 0, 0)
