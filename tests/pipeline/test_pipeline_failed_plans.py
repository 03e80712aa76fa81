"""Plans that fail, are not begun, or cannot be read: told, counted as what they were, and never taken for an answer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, change, drifted, quiet, record, service

from reconciler.errors import NotBegunError, StateError, TerraformError
from reconciler.model import Plan, Workspace


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


def after_the_full_plan(reading: Callable[[], int]) -> str:
    """Return what is told where the state is read well until the full plan is made, and then as `reading` says."""
    world = World(drifted("web", "desired_count", 3, 5), prod=[service("prod", "web")])
    readings = chain([lambda: 1] * 2, repeat(reading))
    world.serial = lambda: next(readings)()
    report = world.run(Feed(record("1", "web")), Memory())
    assert (report.findings[0].status, report.plans.full) == ("not_checked", 1)
    return report.findings[0].reason


def test_a_state_that_cannot_be_read_after_the_full_plan_hides_nothing_either() -> None:
    def expired() -> int:
        raise StateError("the state of prod cannot be read: ExpiredToken")

    told = after_the_full_plan(expired)
    assert "cannot be read: ExpiredToken; before that, a refresh-only plan found that desired_count of" in told


def test_what_an_apply_may_have_done_itself_is_not_told_as_found() -> None:
    told = after_the_full_plan(lambda: 2)
    assert "moved from serial 1 to 2" in told
    assert "found" not in told


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
