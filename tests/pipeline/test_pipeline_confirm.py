"""Confirming cheaply and in time: no plan in vain, none during an apply, narrow ones where they pay and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, cluster, drifted, quiet, record, service

from reconciler.drift import predict
from reconciler.errors import AwsError
from reconciler.model import Configuration, Finding, Plan, RunReport, StateResource, Trust, Workspace
from reconciler.pipeline import Policy, Tools, predictions, run_cycle
from reconciler.pipeline.narrow import NARROW_FROM

NOW = datetime(2026, 1, 3, tzinfo=UTC)


class Calls:
    """A terraform that notes each plan; `answer` plays it."""

    def __init__(self, answer: Callable[..., Plan] = quiet) -> None:
        self.answer = answer
        self.made: list[tuple[str, str, tuple[str, ...]]] = []

    def plan(self, workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        self.made.append((workspace.name, kind, tuple(targets)))
        return replace(self.answer(workspace, kind, **options), targets=tuple(targets))


def cycle(world: World, terraform: Calls, feed: Feed, policy: Policy = POLICY, **tools: Any) -> RunReport:
    wired = Tools(
        workspaces={name: Workspace(name=name, path=Path("/nowhere", name)) for name in world.states},
        sources=(feed,),
        states=world,
        terraform=terraform,
        task_definitions=world,
        read_configuration=lambda _workspace: Configuration({(): {"main.tf": tools.pop("code", b"")}}),
        repository=None,
        forge=None,
        ledger=Memory(),
        now=lambda: NOW,
        wait=lambda _seconds: None,
        **{name: value for name, value in tools.items() if name != "code"},
    )
    return run_cycle(wired, policy)


TRUSTED = {"userIdentity": {"type": "IAMUser", "userName": "ci", "arn": "arn:aws:iam::123456789012:user/ci"}}


@pytest.mark.parametrize(
    "event",
    [
        record("a", "web", eventName="DescribeServices", readOnly=True),
        record("a", "web", errorCode="AccessDenied"),
        record("a", "web", **TRUSTED),
        record("a", "web", eventName="RunTask"),
        record("a", "somebody-elses"),
        record("a", "web", eventSource="eks.amazonaws.com"),
    ],
    ids=["read-only", "failed", "trusted", "run-time", "unmatched", "another service's"],
)
def test_nothing_is_planned_in_vain(event: dict[str, Any]) -> None:
    terraform = Calls()
    policy = replace(POLICY, trust=Trust(principals=("arn:aws:iam::*:user/ci",)))
    cycle(World(quiet, prod=[service("prod", "web")]), terraform, Feed(event), policy)
    assert terraform.made == []


def test_nothing_is_planned_for_what_was_handled() -> None:
    class Handled(Memory):
        def seen(self, event_ids: Any) -> frozenset[str]:
            return frozenset(event_ids)

    terraform, world = Calls(), World(quiet, prod=[service("prod", "web")])
    cycle(world, terraform, Feed(record("a", "web")))
    assert len(terraform.made) == 1
    tools = {"ledger": Handled()}
    wired = Tools(
        workspaces={"prod": Workspace(name="prod", path=Path("/nowhere"))},
        sources=(Feed(record("a", "web")),),
        states=world,
        terraform=terraform,
        task_definitions=world,
        read_configuration=lambda _workspace: Configuration({(): {}}),
        repository=None,
        forge=None,
        now=lambda: NOW,
        wait=lambda _seconds: None,
        **tools,
    )
    assert run_cycle(wired, POLICY).events.skipped == {"duplicate": 1}
    assert len(terraform.made) == 1


def test_two_hundred_events_take_one_plan() -> None:
    terraform = Calls()
    records = [record(f"e{number}", f"s{number % 20}") for number in range(200)]
    world = World(quiet, prod=[service("prod", f"s{number}") for number in range(20)], other=[service("other", "x")])
    report = cycle(world, terraform, Feed(*records))
    assert terraform.made == [("prod", "refresh-only", ())]
    assert len(report.findings) == 20


def test_a_workspace_with_a_deleted_service_is_planned_last() -> None:
    terraform = Calls()
    world = World(quiet, a=[service("a", "gone")], b=[service("b", "web")])
    events = Feed(record("1", "gone", eventName="DeleteService"), record("2", "web"))
    cycle(world, terraform, events, replace(POLICY, parallelism=1))
    assert [name for name, *_ in terraform.made] == ["b", "a"]


DRIFTED = drifted("web", "desired_count", 3, 5)


def test_while_an_apply_holds_the_lock_nothing_is_planned_and_it_is_said() -> None:
    terraform = Calls(DRIFTED)
    report = cycle(
        World(quiet, prod=[service("prod", "web")]), terraform, Feed(record("a", "web")), lock=lambda _w: "jane@laptop"
    )
    (finding,) = report.findings
    assert (terraform.made, finding.status, finding.changes) == ([], "not_checked", ())
    assert "locked by jane@laptop" in finding.reason
    assert report.plans.refresh_only == 0
    assert report.problems


def test_an_apply_that_begins_during_the_plan_postpones_its_drift() -> None:
    answers = iter((None, "jane@laptop"))
    terraform = Calls(DRIFTED)
    report = cycle(
        World(quiet, prod=[service("prod", "web")]), terraform, Feed(record("a", "web")), lock=lambda _w: next(answers)
    )
    assert [finding.status for finding in report.findings] == ["not_checked"]
    assert [kind for _, kind, _ in terraform.made] == ["refresh-only"]


def test_a_lock_in_another_workspace_postpones_nothing_here() -> None:
    world = World(quiet, prod=[service("prod", "web")], other=[service("other", "api")])
    report = cycle(
        world,
        Calls(),
        Feed(record("a", "web"), record("b", "api")),
        lock=lambda workspace: "jane" if workspace.name == "other" else None,
    )
    assert {finding.workspace: finding.status for finding in report.findings} == {
        "prod": "healed",
        "other": "not_checked",
    }


def many(workspace: str, number: int) -> list[StateResource]:
    logs = [
        StateResource(
            workspace=workspace,
            address=f"aws_cloudwatch_log_group.g[{index}]",
            type="aws_cloudwatch_log_group",
            provider="aws",
            attributes={},
        )
        for index in range(number - 1)
    ]
    return [service(workspace, "web"), *logs]


def test_a_large_workspace_is_planned_narrowly_and_the_finding_says_so() -> None:
    terraform = Calls()
    report = cycle(World(quiet, prod=many("prod", NARROW_FROM)), terraform, Feed(record("a", "web")))
    assert terraform.made == [("prod", "refresh-only", ("aws_ecs_service.web",))]
    (finding,) = report.findings
    assert finding.status == "healed"
    assert f"only 1 of {NARROW_FROM} resources" in finding.reason
    assert "drift elsewhere in prod was not looked at" in finding.reason


def test_a_small_one_is_planned_whole_and_says_nothing_of_it() -> None:
    terraform = Calls()
    report = cycle(World(quiet, prod=many("prod", NARROW_FROM - 1)), terraform, Feed(record("a", "web")))
    assert terraform.made == [("prod", "refresh-only", ())]
    assert "only" not in report.findings[0].reason


def test_a_large_one_of_which_most_is_named_is_planned_whole() -> None:
    terraform = Calls()
    names = [f"s{number}" for number in range(NARROW_FROM)]
    world = World(quiet, prod=[service("prod", name) for name in names])
    cycle(world, terraform, Feed(*(record(name, name) for name in names[: NARROW_FROM // 2])))
    assert terraform.made[0][2] == ()


def test_the_full_plan_after_a_narrow_one_is_whole_and_tells_the_neighbours_drift_too() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        names = ("web",) if kind == "refresh-only" else ("web", "api")
        drift = [change(name, {"name": name, "desired_count": 3}, {"name": name, "desired_count": 5}) for name in names]
        back = [change(name, {"name": name, "desired_count": 5}, {"name": name, "desired_count": 3}) for name in names]
        return Plan(kind, True, {"resource_drift": drift, "resource_changes": back})

    terraform = Calls(plan)
    world = World(quiet, prod=[*many("prod", NARROW_FROM), service("prod", "api")])
    report = cycle(world, terraform, Feed(record("a", "web")))
    assert [(kind, targets) for _, kind, targets in terraform.made] == [
        ("refresh-only", ("aws_ecs_service.web",)),
        ("full", ()),
    ]
    assert {finding.address for finding in report.findings} == {"aws_ecs_service.web", "aws_ecs_service.api"}
    assert not any("was not looked at" in finding.reason for finding in report.findings)


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
        resource_status=lambda _workspace, _resource: status() if callable(status) else status,
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


def denied() -> str:
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


def test_without_being_asked_nothing_is_foretold() -> None:
    told: list[Finding] = []
    world = World(quiet, prod=[service("prod", "web", desired_count=3)])
    cycle(world, Calls(), Feed(record("a", "web")), predicted=told.append)
    assert told == []
