"""Services with one that was deleted beside them, and a terraform that looks at its targets only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline_world import POLICY, World, change, cluster, record, service
from planned_cycle import Calls

from reconciler.model import Plan, RunReport, StateResource, Workspace

CLUSTER = "aws_ecs_cluster.prod"
SERVICE, DEFINITION, TARGET = "aws_ecs_service", "aws_ecs_task_definition", "aws_appautoscaling_target"


def resource(address: str, *dependencies: str) -> StateResource:
    return StateResource(
        workspace="prod",
        address=address,
        type=next(kind for kind in (SERVICE, DEFINITION, TARGET, address.split(".")[0]) if kind in address),
        provider="aws",
        attributes={},
        dependencies=dependencies,
    )


def placed(name: str, *dependencies: str) -> StateResource:
    return replace(service("prod", name), dependencies=(CLUSTER, *dependencies))


def world(plan: Callable[..., Plan], *more: StateResource) -> World:
    return World(plan, prod=[cluster("prod"), placed("web"), placed("api"), placed("old"), *more])


def aws(live: dict[str, int | None]) -> Callable[..., Plan]:
    """Return a terraform that tells the services' sizes, 3 in the state, None for one that is gone."""

    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **_options: Any) -> Plan:
        seen = {name: size for name, size in live.items() if not targets or f"aws_ecs_service.{name}" in targets}
        drift, back = [], []
        for name, size in seen.items():
            before, after = {"name": name, "desired_count": 3}, {"name": name, "desired_count": size}
            if size is None:
                drift.append({**change(name, before, None), "change": {"actions": ["delete"], "before": before}})
                back.append({**change(name, None, before), "change": {"actions": ["create"], "after": before}})
            elif size != 3:
                drift.append(change(name, before, after))
                back.append(change(name, after, before))
        shown = {"resource_drift": drift, **({"resource_changes": back} if kind == "full" else {})}
        return Plan(kind, bool(drift), shown, tuple(targets))

    return plan


class Targeted(Calls):
    """A terraform that looks at its targets only."""

    def plan(self, workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        self.made.append((workspace.name, kind, tuple(targets)))
        return self.answer(workspace, kind, targets=targets, **options)


GONE = record("1", "old", eventName="DeleteService")
SERIAL = replace(POLICY, parallelism=1)


def seen(report: RunReport) -> dict[str | None, str]:
    return {finding.address: finding.status for finding in report.findings}
