"""What is foretold before any plan, under the fingerprint of what the plan then finds, and what need not come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, World, cluster, quiet, record, saying, service
from planned_cycle import DRIFTED, Calls, cycle

from reconciler.adapters.index_store import SqliteIndexStore
from reconciler.drift import predict
from reconciler.errors import AwsError
from reconciler.model import Finding, Plan, ResourceId, RunReport, Trust, Workspace
from reconciler.pipeline import predictions


def foretold(*records: dict[str, Any], status: Any = None, **tools: Any) -> tuple[list[Finding], RunReport]:
    told: list[Finding] = []
    policy = replace(POLICY, predict=True)
    world = World(quiet, prod=[service("prod", "web", desired_count=3)])
    report = cycle(
        world,
        tools.pop("terraform", Calls()),
        Feed(*records),
        policy,
        predicted=told.append,
        resource_status=status if callable(status) else saying(status),
        **tools,
    )
    return told, report


def test_what_the_plan_confirms_was_foretold_under_the_same_fingerprint() -> None:
    (prediction,), report = foretold(record("a", "web"), terraform=Calls(DRIFTED))
    (finding,) = report.findings
    assert (prediction.status, prediction.predicted, finding.predicted) == ("not_checked", True, False)
    assert prediction.fingerprint == finding.fingerprint
    assert "differs from the state" in prediction.reason
    assert "not known before the plan; not confirmed yet" in prediction.reason
    assert prediction.remedy.kind == "none"


def denied(_workspace: Workspace, _resources: Iterable[ResourceId]) -> Any:
    raise AwsError("ecs:DescribeServices is denied")


@pytest.mark.parametrize(
    ("status", "words"), [("INACTIVE", "says that it is INACTIVE"), (None, "was called;"), (denied, "was called;")]
)
def test_a_deletion_is_foretold_with_what_aws_says_of_it(status: Any, words: str) -> None:
    (prediction,), _ = foretold(record("a", "web", eventName="DeleteService"), status=status)
    assert (prediction.status, prediction.severity) == ("deleted", "critical")
    assert words in prediction.reason


IGNORED = b'resource "aws_ecs_service" "web" {\n  lifecycle {\n    ignore_changes = [desired_count]\n  }\n}\n'


@pytest.mark.parametrize(
    ("event", "tools"),
    [
        (record("a", "web", eventName="DeleteService"), {"status": "ACTIVE"}),
        (record("a", "web", requestParameters={"service": "web", "cluster": "prod", "desiredCount": 3}), {}),
        (record("a", "stranger"), {}),
        (
            record("a", "web"),
            {"code": IGNORED},
        ),
    ],
    ids=["it is there", "the same value", "in no state", "ignored by the code"],
)
def test_nothing_is_foretold_that_need_not_come(event: dict[str, Any], tools: dict[str, Any]) -> None:
    assert foretold(event, **tools)[0] == []


def test_while_an_apply_holds_the_lock_nothing_is_foretold() -> None:
    assert foretold(record("a", "web"), lock=lambda _workspace: "ci@runner")[0] == []
    assert len(foretold(record("a", "web"), lock=lambda _workspace: None)[0]) == 1


def test_what_was_put_back_in_the_same_batch_is_not_foretold() -> None:
    back = record(
        "b",
        "web",
        eventTime="2026-01-02T03:05:05Z",
        requestParameters={"service": "web", "cluster": "prod", "desiredCount": 3},
    )
    told: list[Finding] = []
    world = World(quiet, prod=[service("prod", "web", desired_count=3)])
    cycle(world, Calls(), Feed(record("a", "web"), back), replace(POLICY, predict=True), predicted=told.append)
    assert told == []


CI = {"userIdentity": {"type": "IAMUser", "userName": "ci", "arn": "arn:aws:iam::123456789012:user/ci"}}
LATER = "2026-01-02T03:05:05Z"


@pytest.mark.parametrize(
    ("by_ci", "told"),
    [
        pytest.param({"desiredCount": 3}, 0, id="put back"),
        pytest.param({"desiredCount": 7}, 0, id="set by terraform"),
        pytest.param({"enableExecuteCommand": False}, 1, id="something else"),
    ],
)
def test_what_a_trusted_call_left_is_not_foretold(by_ci: dict[str, Any], told: int) -> None:
    asked = {"service": "web", "cluster": "prod", **by_ci}
    assert len(beside_ci(record("b", "web", eventTime=LATER, requestParameters=asked, **CI))) == told


def test_what_a_trusted_call_made_again_is_not_foretold_to_be_gone() -> None:
    gone = record("a", "web", eventName="DeleteService")
    made = {"serviceName": "web", "cluster": "prod", "desiredCount": 3}
    again = record("b", "web", eventName="CreateService", eventTime=LATER, requestParameters=made, **CI)
    assert beside_ci(again, first=gone) == []
    assert [finding.status for finding in beside_ci(first=gone)] == ["deleted"]


def beside_ci(*records: dict[str, Any], first: dict[str, Any] | None = None) -> list[Finding]:
    """Return what is foretold of somebody's call beside those of a trusted one."""
    told: list[Finding] = []
    policy = replace(POLICY, predict=True, trust=Trust(principals=("arn:aws:iam::*:user/ci",)))
    world = World(quiet, prod=[service("prod", "web", desired_count=3, enable_execute_command=True)])
    cycle(world, Calls(), Feed(first or record("a", "web"), *records), policy, predicted=told.append)
    return told


def test_where_aws_does_not_answer_it_is_asked_once() -> None:
    asked: list[Workspace] = []

    def silent(workspace: Workspace, _resources: Iterable[ResourceId]) -> Any:
        asked.append(workspace)
        raise AwsError("ecs:DescribeServices: timed out")

    told: list[Finding] = []
    world = World(quiet, prod=[service("prod", name) for name in "ab"], dev=[service("dev", "c")])
    gone = (record(name, name, eventName="DeleteService") for name in "abc")
    cycle(world, Calls(), Feed(*gone), replace(POLICY, predict=True), predicted=told.append, resource_status=silent)
    assert (len(told), len(asked)) == (3, 1)


def test_what_one_workspace_cannot_foretell_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def surprised(address: str, *arguments: Any) -> Any:
        if address == "aws_ecs_service.odd":
            raise TypeError("unhashable type: 'list'")
        return predict(address, *arguments)

    monkeypatch.setattr(predictions, "predict", surprised)
    told: list[Finding] = []
    states = {name: [service(name, name, desired_count=3)] for name in ("odd", "web")}
    feed = Feed(record("a", "odd"), record("b", "web"))
    report = cycle(World(quiet, **states), Calls(), feed, replace(POLICY, predict=True), predicted=told.append)
    assert [finding.workspace for finding in told] == ["web"]
    assert {finding.workspace for finding in report.findings} == {"odd", "web"}


def test_only_a_deleted_service_makes_plans_slow() -> None:
    (service_gone,), _ = foretold(record("a", "web", eventName="DeleteService"))
    assert "takes two minutes" in service_gone.reason
    told: list[Finding] = []
    world = World(quiet, prod=[cluster("prod")])
    call = record("a", "", eventName="DeleteCluster", requestParameters={"cluster": "prod"})
    cycle(world, Calls(), Feed(call), replace(POLICY, predict=True), predicted=told.append)
    assert [(each.status, each.reason) for each in told] == [
        ("deleted", "DeleteCluster was called; not confirmed yet"),
    ]


def test_a_sensitive_value_is_foretold_as_one() -> None:
    told: list[Finding] = []
    resource = replace(service("prod", "web", desired_count=3), sensitive=frozenset({"desired_count"}))
    policy = replace(POLICY, predict=True)
    cycle(World(quiet, prod=[resource]), Calls(), Feed(record("a", "web")), policy, predicted=told.append)
    assert [change.sensitive for change in told[0].changes] == [True]


def test_a_prediction_comes_before_any_plan_and_is_in_no_report() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        order.append("plan")
        return quiet(workspace, kind)

    order: list[str] = []
    terraform = Calls(plan)
    world = World(quiet, prod=[service("prod", "web", desired_count=3)])
    report = cycle(
        world,
        terraform,
        Feed(record("a", "web")),
        replace(POLICY, predict=True),
        predicted=lambda _finding: order.append("prediction"),
    )
    assert order == ["prediction", "plan"]
    assert [finding.status for finding in report.findings] == ["healed"]


class Versions(World):
    """A store of states that notes whose version is asked for."""

    def __init__(self) -> None:
        super().__init__(quiet, prod=[service("prod", "web", desired_count=3)], dev=[service("dev", "api")])
        self.asked: list[str] = []

    def version(self, workspace: Workspace) -> str | None:
        self.asked.append(workspace.name)
        return "1"


@pytest.mark.parametrize(
    ("time", "openings"), [("2026-01-02T03:04:05Z", 1), ("2026-01-02T23:59:50Z", 2)], ids=["settled", "waited for"]
)
def test_states_are_asked_for_once_for_what_is_foretold_and_planned_and_anew_after_a_wait(
    tmp_path: Path, time: str, openings: int
) -> None:
    told: list[Finding] = []
    world = Versions()
    policy = replace(POLICY, predict=True, settle=timedelta(seconds=60))
    feed = Feed(record("a", "web", eventTime=time))
    cycle(world, Calls(), feed, policy, predicted=told.append, index=SqliteIndexStore(tmp_path / "ledger.db"))
    checked = ["prod"]  # by the job, when its plan is made
    assert len(told) == 1
    assert sorted(world.asked) == sorted([*["prod", "dev"] * openings, *checked])


def test_without_being_asked_nothing_is_foretold() -> None:
    told: list[Finding] = []
    world = World(quiet, prod=[service("prod", "web", desired_count=3)])
    cycle(world, Calls(), Feed(record("a", "web")), predicted=told.append)
    assert told == []
