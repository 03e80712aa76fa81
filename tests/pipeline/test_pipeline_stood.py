"""What stood before, beside plans that fail, that look at a part, or that leave out what is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from apart_world import GONE, SERIAL, aws, placed, seen
from pipeline_world import Feed, Memory, World, change, cluster, quiet, record, service
from planned_cycle import Calls, cycle, many
from test_pipeline_standing import BESIDE, DEPLOYED, SCALED
from test_pipeline_standing import cycle as first_cycle

from reconciler.errors import TerraformError
from reconciler.model import Plan, StateResource, Workspace
from reconciler.pipeline.narrow import NARROW_FROM

WEB = ("prod", "aws_ecs_service.web")


def scaled() -> Memory:
    """Return a ledger in which web drifted, from 3 to 5."""
    memory = Memory()
    first_cycle(memory, record("scaled", "web"), SCALED)
    return memory


def failing(kinds: str) -> Callable[..., Plan]:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        if kind == kinds:
            raise TerraformError("terraform plan failed in prod: ThrottlingException")
        return Plan(kind, False, {})

    return plan


def taken_over(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    """Play a workspace whose state has the live value, and whose code has not."""
    planned = change("web", {"name": "web", "desired_count": 5}, {"name": "web", "desired_count": 3})
    return Plan(kind, kind == "full", {"resource_changes": [planned]} if kind == "full" else {})


def sized(size: int) -> list[StateResource]:
    return [service("prod", "web", desired_count=size), service("prod", "api")]


def test_a_call_on_what_stands_is_not_healed_where_the_code_cannot_be_asked() -> None:
    memory = scaled()
    report = World(failing("full"), prod=sized(5)).run(Feed(DEPLOYED), memory)
    (finding,) = report.findings
    assert (finding.status, finding.severity) == ("not_checked", "high")
    assert (finding.reason, *report.problems) == ("terraform plan failed in prod: ThrottlingException",) * 2
    assert (report.plans.full, WEB in memory.standing) == (1, True)


@pytest.mark.parametrize("event", [BESIDE, DEPLOYED], ids=["beside it", "on it"])
def test_what_the_state_tells_alone_needs_no_code(event: dict[str, Any]) -> None:
    memory = scaled()
    report = World(failing("full"), prod=sized(3)).run(Feed(event), memory)
    assert {finding.address: finding.status for finding in report.findings}["aws_ecs_service.web"] == "healed"
    assert (report.problems, WEB in memory.standing) == ((), False)


@pytest.mark.parametrize(("live", "stands"), [({"old": None}, False), ({"old": None, "web": 5}, True)])
def test_what_was_put_right_beside_what_is_gone_ends(live: dict[str, int | None], stands: bool) -> None:
    """A service that is gone keeps every plan from being whole, for days."""
    memory = scaled()
    state = [cluster("prod"), replace(placed("web"), attributes={"desired_count": 3}), placed("api"), placed("old")]
    World(aws({"old": None, "web": 5}), prod=state).run(Feed(GONE), memory, policy=SERIAL)
    assert WEB in memory.standing
    again = record("2", "api", eventTime="2026-01-02T04:04:05Z")
    report = World(aws(live), prod=state).run(Feed(again), memory, policy=SERIAL)
    assert ("prod", "aws_ecs_service.old") in memory.standing
    assert (WEB in memory.standing) is stands
    assert seen(report)["aws_ecs_service.web"] == ("drift" if stands else "healed")


@pytest.mark.parametrize(("answer", "stands"), [(taken_over, True), (quiet, False)])
def test_a_narrow_plan_ends_what_it_looks_at_by_the_code(answer: Callable[..., Plan], stands: bool) -> None:
    memory, terraform = scaled(), Calls(answer)
    state = [service("prod", "web", desired_count=5), *many("prod", NARROW_FROM)[1:]]
    report = cycle(World(terraform.answer, prod=state), terraform, Feed(DEPLOYED), ledger=memory)
    assert terraform.made == [("prod", kind, ("aws_ecs_service.web",)) for kind in ("refresh-only", "full")]
    assert (WEB in memory.standing) is stands
    assert [finding.status for finding in report.findings] == ([] if stands else ["healed"])


def test_a_narrow_plan_ends_nothing_that_it_does_not_look_at() -> None:
    memory, terraform = scaled(), Calls(quiet)
    state = [*sized(3), *many("prod", NARROW_FROM)[1:]]
    cycle(World(terraform.answer, prod=state), terraform, Feed(BESIDE), ledger=memory)
    assert terraform.made == [("prod", "refresh-only", ("aws_ecs_service.api",))]
    assert WEB in memory.standing


def told(memory: Memory, **changes: tuple[Any, Any]) -> Memory:
    """Let web stand with these changes, by path, from the state's value to the live one."""
    (known,) = memory.standing[WEB]["changes"]
    memory.standing[WEB]["changes"] = [
        {**known, "path": path, "state": state, "live": live} for path, (state, live) in changes.items()
    ]
    return memory


@pytest.mark.parametrize(("revision", "stands"), [("web:1", False), ("web:2", True)])
def test_a_service_that_is_back_on_its_revision_is_put_right_whatever_merged_code_says(
    revision: str, stands: bool
) -> None:
    memory = told(
        scaled(), task_definition=("web:1", "web:2"), **{"container_definitions[app].image": ("nginx:1", "nginx:2")}
    )

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        planned = change("web", {"name": "web", "task_definition": revision}, {"name": "web", "task_definition": "new"})
        return Plan(kind, kind == "full", {"resource_changes": [planned]} if kind == "full" else {})

    report = World(plan, prod=[service("prod", "web", task_definition=revision), service("prod", "api")]).run(
        Feed(BESIDE), memory
    )
    assert (WEB in memory.standing, report.plans.full) == (stands, int(stands))


@pytest.mark.parametrize(("percent", "stands"), [(150, True), (200, False)], ids=["taken over", "put right"])
def test_what_puts_one_attribute_right_ends_nothing_of_the_others_that_the_state_took_over(
    percent: int, stands: bool
) -> None:
    memory = told(scaled(), desired_count=(3, 5), deployment_maximum_percent=(200, 150))
    now = {"name": "web", "deployment_maximum_percent": percent}

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        drift = change("web", {**now, "desired_count": 5}, {**now, "desired_count": 3})
        live, code = ({**now, "desired_count": 3, "deployment_maximum_percent": each} for each in (percent, 200))
        changes = [change("web", live, code)] if stands else []
        return Plan(kind, True, {"resource_drift": [drift], "resource_changes": changes})

    state = [service("prod", "web", desired_count=5, deployment_maximum_percent=percent)]
    report = World(plan, prod=state).run(Feed(record("back", "web")), memory)
    assert (WEB in memory.standing) is stands
    assert [finding.status for finding in report.findings] == ([] if stands else ["matching"])


@pytest.mark.parametrize("there", [True, False], ids=["in the state", "out of it"])
def test_what_could_not_be_looked_at_stands_while_the_state_has_it(there: bool) -> None:
    """A call that took away what no plan misses is not looked at by a plan of something else."""
    memory = scaled()
    memory.standing[WEB] |= {"status": "not_checked", "changes": []}
    World(quiet, prod=[*([service("prod", "web")] if there else []), service("prod", "api")]).run(Feed(BESIDE), memory)
    assert (WEB in memory.standing) is there


def test_what_could_not_be_looked_at_ends_when_it_is() -> None:
    memory = scaled()
    memory.standing[WEB] |= {"status": "not_checked", "changes": []}
    report = World(quiet, prod=sized(3)).run(Feed(DEPLOYED), memory)
    assert ([finding.status for finding in report.findings], memory.standing) == (["healed"], {})
