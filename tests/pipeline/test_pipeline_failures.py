"""What fails on the way: told, never taken for an answer, looked at again; and what was found is not lost with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import ACCOUNT, POLICY, Feed, Memory, World, change, cluster, drifted, quiet, record, service

from reconciler.errors import LedgerError, NotBegunError, StateError, TerraformError
from reconciler.model import (
    Plan,
    Record,
    RunReport,
    StateResource,
    Workspace,
)


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


DEFINITION = f"{ACCOUNT}:task-definition/web"


MOVED_CODE = b"""\
resource "aws_ecs_service" "web" {
  task_definition = aws_ecs_task_definition.web.arn
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20" }])
}
"""


MANAGED = StateResource(
    workspace="prod",
    address="aws_ecs_task_definition.web",
    type="aws_ecs_task_definition",
    provider="aws",
    attributes={
        "arn": f"{DEFINITION}:1",
        "family": "web",
        "revision": 1,
        "container_definitions": (
            '[{"name": "app", "image": "nginx:1.20", "linuxParameters": {"capabilities": {"add": ["KILL"]}}}]'
        ),
    },
)


def move(**told: Any) -> tuple[Memory, RunReport]:
    """Run a cycle over a service that moved to a revision of which only a record tells."""
    definition = {"taskDefinitionArn": f"{DEFINITION}:2", "family": "web", "revision": 2, **told}
    registered = {
        "eventName": "RegisterTaskDefinition",
        "requestParameters": {"family": "web"},
        "responseElements": {"taskDefinition": definition},
    }
    feed, memory = Feed(record("a", "web"), record("b", "", **registered)), Memory()
    world = World(
        drifted("web", "task_definition", f"{DEFINITION}:1", f"{DEFINITION}:2"), prod=[service("prod", "web"), MANAGED]
    )
    return memory, world.run(feed, memory, MOVED_CODE, repository=world)


def test_the_content_of_a_revision_that_only_a_record_tells_is_reported_and_not_proposed() -> None:
    memory, report = move(containerDefinitions=[{"name": "app", "image": "somebody/else:1"}])
    finding = next(each for each in report.findings if each.status == "drift")
    assert any(each.live == "somebody/else:1" for each in finding.changes)
    assert (finding.remedy.proof, finding.remedy.diff, finding.remedy.files) == ("not_run", "", ())
    assert "ecs:DescribeTaskDefinition is denied" in finding.remedy.reason
    assert "a" not in memory.handled


CAPABILITIES = [{"name": "app", "linuxParameters": {"capabilities": {"add": ["\ud800"], "drop": []}}}]


@pytest.mark.parametrize(
    "told", [{"containerDefinitions": CAPABILITIES}, {"containerDefinitions": 5}, {"tags": 5}, {"cpu": [{}]}]
)
def test_a_record_that_tells_nonsense_of_it_ends_nothing(told: dict[str, Any]) -> None:
    _, report = move(**told)
    finding = next(each for each in report.findings if each.status == "drift")
    assert ("task_definition",) in [each.path for each in finding.changes]
    assert finding.remedy.proof == "not_run"


def fails_fully(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    if kind == "full":
        raise TerraformError("terraform plan failed in prod: Error: no such module")
    drift = [
        change("web", {"desired_count": 3, "propagate_tags": "NONE"}, {"desired_count": 5, "propagate_tags": "s3cret"}),
        {**change("old", {"name": "old"}, None), "change": {"actions": ["delete"], "before": {"name": "old"}}},
    ]
    return Plan(kind, True, {"resource_drift": drift})


def test_a_full_plan_that_fails_does_not_hide_what_was_confirmed_before_it() -> None:
    memory = Memory()
    world = World(fails_fully, prod=[service("prod", "web"), service("prod", "api"), service("prod", "old")])
    report = world.run(Feed(record("1", "web"), record("2", "api")), memory)
    assert [finding.status for finding in report.findings] == ["not_checked", "not_checked"]
    assert {finding.remedy.kind for finding in report.findings} == {"none"}
    (problem,) = report.problems
    for words in (
        "no such module",
        "desired_count, propagate_tags of aws_ecs_service.web differ",
        "aws_ecs_service.old is gone",
        "what Terraform would do is not known",
    ):
        assert words in problem
        assert all(words in finding.reason for finding in report.findings)
    assert "s3cret" not in problem
    assert (report.plans.refresh_only, report.plans.full, memory.handled) == (1, 1, set())


@pytest.mark.parametrize(("refused", "made"), [("refresh-only", (0, 0)), ("full", (1, 0))])
def test_a_plan_that_was_not_begun_is_not_counted(refused: str, made: tuple[int, int]) -> None:
    def plan(workspace: Workspace, kind: Any, **options: Any) -> Plan:
        if kind == refused:
            raise NotBegunError("reconciler was told to stop")
        return drifted("web", "desired_count", 3, 5)(workspace, kind, **options)

    report = World(plan, prod=[service("prod", "web")]).run(Feed(record("1", "web")), Memory())
    assert (report.plans.refresh_only, report.plans.full) == made
    assert "told to stop" in report.findings[0].reason


def test_a_refresh_only_plan_that_fails_confirms_nothing() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        raise TerraformError("no credentials")

    report = World(plan, prod=[service("prod", "web")]).run(Feed(record("1", "web")), Memory())
    assert [finding.reason for finding in report.findings] == ["no credentials"]


GOOD = change("web", {"name": "web"}, {"name": "web", "desired_count": 5})


@pytest.mark.parametrize(
    "drift",
    [
        "yes",
        [None],
        [{"mode": "managed"}],
        [{key: value for key, value in GOOD.items() if key != "change"}],
        [{**GOOD, "change": "x"}],
        [{**GOOD, "change": {"before": {}, "after": {}}}],
        [{**GOOD, "change": {"actions": ["update"], "before": [], "after": {}}}],
        [{**GOOD, "address": 5}],
    ],
)
@pytest.mark.parametrize("spoilt", ["refresh-only", "full"])
def test_a_plan_that_is_laid_out_otherwise_could_not_be_read_and_is_counted(
    drift: Any, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        return Plan(kind, True, {"resource_drift": drift if kind == spoilt else [GOOD]})

    report = World(plan, prod=[service("prod", "web")]).run(Feed(record("1", "web")), Memory())
    (finding,) = report.findings
    assert finding.status == "not_checked"
    assert "the plan of prod could not be read: resource_drift is not laid out as" in finding.reason
    assert (report.plans.refresh_only, report.plans.full) == (1, int(spoilt == "full"))
    assert "Traceback" not in caplog.text


def test_a_bug_in_one_workspace_leaves_the_others_their_findings(caplog: pytest.LogCaptureFixture) -> None:
    def plan(workspace: Workspace, kind: Any, **options: Any) -> Plan:
        if workspace.name == "broken":
            raise KeyError("address")
        return quiet(workspace, kind, **options)

    world = World(plan, broken=[service("broken", "api")], prod=[service("prod", "web")])
    report = world.run(Feed(record("UpdateService", "api"), record("UpdateService", "web", eventID="2")), Memory())
    assert {finding.workspace: finding.status for finding in report.findings} == {
        "broken": "not_checked",
        "prod": "healed",
    }
    assert "bug in reconciler (KeyError)" in report.problems[0]
    assert "Traceback" in caplog.text


def test_a_bug_after_the_plan_leaves_it_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.pipeline.check.Comparison", None)
    report = World(quiet, prod=[service("prod", "web")]).run(Feed(record("1", "web")), Memory())
    assert "bug in reconciler (TypeError)" in report.problems[0]
    assert report.plans.refresh_only == 1
