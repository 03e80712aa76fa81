"""What fails on the way: told, never taken for an answer, looked at again; and what was found is not lost with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, cluster, drifted, quiet, record, service

from reconciler.errors import LedgerError, StateError, TerraformError
from reconciler.model import Plan, Record, Workspace


def test_when_all_goes_well_everything_is_remembered_and_acknowledged() -> None:
    feed, memory = Feed(record("a", "web")), Memory()
    report = World(quiet, prod=[service("prod", "web")]).run(feed, memory)
    assert [finding.status for finding in report.findings] == ["healed"]
    assert (report.problems, memory.handled, memory.cursors) == ((), {"a"}, {"feed": "the end"})
    assert feed.acknowledged


def test_a_ledger_that_cannot_be_written_does_not_swallow_what_was_found() -> None:
    feed = Feed(record("a", "web"))
    memory = Memory(LedgerError("the ledger is read-only"))
    report = World(quiet, prod=[service("prod", "web")]).run(feed, memory)
    assert [finding.status for finding in report.findings] == ["healed"]
    assert report.problems == ("the ledger is read-only",)
    assert not feed.acknowledged


def test_what_may_be_in_a_state_that_could_not_be_read_is_not_called_unmanaged() -> None:
    feed, memory = Feed(record("a", "web")), Memory()
    world = World(quiet, network=[cluster("network")], prod=StateError("access denied"))
    report = world.run(feed, memory)
    (finding,) = report.findings
    assert (finding.status, memory.handled, set(memory.waiting)) == ("not_checked", set(), {"a"})
    assert "access denied" in finding.reason


def test_with_every_state_read_it_is() -> None:
    feed, memory = Feed(record("a", "web")), Memory()
    report = World(quiet, network=[cluster("network")], prod=[]).run(feed, memory)
    assert [finding.status for finding in report.findings] == ["unmanaged"]
    assert memory.handled == {"a"}


@pytest.mark.parametrize(
    "failure", [TerraformError("plan failed"), OSError(28, "No space left on device", "/tmp/reconciler-plan-x")]
)
def test_a_failure_of_the_machine_in_one_workspace_leaves_the_others_alone(failure: Exception) -> None:
    def plan(workspace: Workspace, kind: Any, **options: Any) -> Plan:
        if workspace.name == "prod":
            raise failure
        return quiet(workspace, kind)

    feed, memory = Feed(record("a", "web"), record("b", "api")), Memory()
    report = World(plan, prod=[service("prod", "web")], other=[service("other", "api")]).run(feed, memory)
    assert {finding.address: finding.status for finding in report.findings} == {
        "aws_ecs_service.web": "not_checked",
        "aws_ecs_service.api": "healed",
    }
    assert (len(report.problems), memory.handled, set(memory.waiting)) == (1, {"b"}, {"a"})


def test_what_one_workspace_cannot_settle_holds_back_neither_cursor_nor_feed_and_comes_again() -> None:
    def failing(workspace: Workspace, kind: Any, **options: Any) -> Plan:
        raise TerraformError("state is locked")

    feed, memory = Feed(record("a", "web")), Memory()
    World(failing, prod=[service("prod", "web")]).run(feed, memory)
    assert (memory.handled, set(memory.waiting), memory.cursors) == (set(), {"a"}, {"feed": "the end"})
    assert feed.acknowledged
    world = World(quiet, prod=[service("prod", "web")])
    assert world.run(Feed(), memory).findings == ()  # not before it is asked for
    report = world.run(Feed(), memory, postponed=True)
    assert [(finding.status, finding.events[0].id) for finding in report.findings] == [("healed", "a")]
    assert (memory.handled, memory.waiting) == ({"a"}, {})
    assert (report.events.read, report.events.changes) == (1, 1)


@pytest.mark.parametrize("list_quiet", [True, False])
def test_a_quiet_cycle_moves_positions_and_is_listed_where_that_is_wanted(list_quiet: bool) -> None:
    feed, memory = Feed(), Memory()
    World(quiet, prod=[]).run(feed, memory, policy=replace(POLICY, list_quiet=list_quiet))
    assert (memory.cursors, memory.listed, feed.acknowledged) == ({"feed": "the end"}, [list_quiet], True)


def test_a_cycle_with_a_change_is_always_listed() -> None:
    memory = Memory()
    World(quiet, prod=[]).run(Feed(record("a", "web")), memory, policy=replace(POLICY, list_quiet=False))
    assert memory.listed == [True]


def test_a_postponed_event_whose_caller_is_trusted_by_now_waits_no_longer() -> None:
    memory = Memory()
    memory.waiting["a"] = Record(record("a", "web", errorCode="AccessDenied"), "feed")
    report = World(quiet, prod=[service("prod", "web")]).run(Feed(), memory, postponed=True)
    assert (report.findings, memory.handled, memory.waiting) == ((), {"a"}, {})
    assert (report.events.read, report.events.skipped) == (1, {"failed_call": 1})


CODE = b'resource "aws_ecs_service" "web" {\n  desired_count = 3\n}\n'


def test_a_drift_that_no_event_explains_is_looked_at_again_too_when_its_proposal_failed() -> None:
    feed, memory = Feed(record("a", "api")), Memory()
    world = World(drifted("web", "desired_count", 3, 5), prod=[service("prod", "web"), service("prod", "api")])
    report = world.run(feed, memory, CODE, repository=world)
    assert [(finding.address, finding.status) for finding in report.findings] == [
        ("aws_ecs_service.web", "drift"),
        ("aws_ecs_service.api", "healed"),
    ]
    assert (memory.handled, set(memory.waiting)) == (set(), {"a"})
