"""A deletion beside other changes: the others do not wait for it, and nothing is called proven that was not planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import POLICY, Feed, Memory, World, change, cluster, record, service
from planned_cycle import Calls, cycle, many

from reconciler.errors import TerraformError
from reconciler.model import Drift, Plan, RunReport, State, StateResource, Workspace
from reconciler.pipeline.apart import Apart, targets_beside
from reconciler.pipeline.narrow import NARROW_FROM

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


def state(*resources: StateResource) -> State:
    return State(workspace="prod", serial=1, lineage="l", resources=resources)


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


def test_what_changed_beside_a_deletion_is_confirmed_first_and_without_it() -> None:
    terraform = Targeted(aws({"web": 5, "api": 3, "old": None}))
    known: list[RunReport] = []
    feed = Feed(GONE, record("2", "web"), record("3", "api"))
    report = cycle(world(terraform.answer), terraform, feed, SERIAL, known=known.append)
    quick = ("aws_ecs_service.api", "aws_ecs_service.web")
    assert terraform.made == [
        ("prod", "refresh-only", quick),
        ("prod", "full", ("aws_ecs_service.web",)),
        ("prod", "refresh-only", ()),
    ]
    assert (report.plans.refresh_only, report.plans.full) == (2, 1)
    assert seen(report) == {
        "aws_ecs_service.web": "drift",
        "aws_ecs_service.api": "healed",
        "aws_ecs_service.old": "deleted",
    }
    assert len(report.findings) == 3
    assert not any("not looked at" in finding.reason for finding in report.findings)
    (early,) = known
    assert seen(early) == {"aws_ecs_service.web": "drift", "aws_ecs_service.api": "healed"}


def test_the_slow_plan_tells_what_no_event_named_and_does_not_plan_it_whole() -> None:
    terraform = Targeted(aws({"web": 3, "api": 5, "old": None}))
    report = cycle(world(terraform.answer), terraform, Feed(GONE, record("2", "web")), SERIAL)
    assert seen(report) == {
        "aws_ecs_service.web": "healed",
        "aws_ecs_service.api": "drift",
        "aws_ecs_service.old": "deleted",
    }
    assert terraform.made[-1] == ("prod", "full", ("aws_ecs_service.api",))


def test_a_deletion_that_no_event_names_makes_the_full_plan_no_slower() -> None:
    terraform = Targeted(aws({"web": 5, "old": None}))
    report = cycle(world(terraform.answer), terraform, Feed(record("2", "web")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ()), ("prod", "full", ("aws_ecs_service.web",))]
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "deleted"}


def later(*records: dict[str, Any], live: dict[str, int | None]) -> tuple[list[Any], RunReport]:
    """Run a cycle after one that told `old` to be gone; returns its plans too."""
    made: list[Any] = []

    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        made.append((kind, tuple(targets)))
        return aws(live)(workspace, kind, targets=targets, **options)

    memory = Memory()
    world(aws({"old": None})).run(Feed(GONE), memory, policy=SERIAL)
    return made, world(plan).run(Feed(*records), memory, policy=SERIAL)


def test_what_changes_after_a_deletion_that_still_stands_does_not_wait_for_it_either() -> None:
    made, report = later(record("2", "web"), live={"web": 5, "api": 4, "old": None})
    assert made == [
        ("refresh-only", ("aws_ecs_service.web",)),
        ("full", ("aws_ecs_service.web",)),
        ("refresh-only", ()),
        ("full", ("aws_ecs_service.api",)),
    ]
    assert seen(report) == {
        "aws_ecs_service.web": "drift",
        "aws_ecs_service.api": "drift",
        "aws_ecs_service.old": "deleted",
    }


def test_once_an_event_brings_it_back_there_is_nothing_to_part() -> None:
    again = record("2", "old", eventName="CreateService")
    again["requestParameters"] = {"serviceName": "old", "cluster": "prod", "desiredCount": 3}
    made, report = later(again, record("3", "web"), live={"web": 5})
    assert made == [("refresh-only", ()), ("full", ())]
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "healed"}


def test_a_service_that_was_made_again_is_not_waited_for() -> None:
    terraform = Targeted(aws({}))
    again = record("2", "old", eventName="CreateService", eventTime="2026-01-02T03:05:05Z")
    again["requestParameters"] = {"serviceName": "old", "cluster": "prod", "desiredCount": 3}
    report = cycle(world(terraform.answer), terraform, Feed(GONE, again, record("3", "web")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ())]
    assert seen(report) == {"aws_ecs_service.web": "healed", "aws_ecs_service.old": "healed"}


class Clone:
    """A repository and its scratch clone, in which nothing is written."""

    root_module = Path("/nowhere/clone")

    @contextmanager
    def scratch(self, workspace: Workspace) -> Iterator[Clone]:
        yield self

    def write(self, edits: Any) -> tuple[str, ...]:
        return ("main.tf",)

    def diff(self) -> str:
        return ""

    def holds(self, branch: str, fingerprint: str) -> bool:
        return False

    def restore(self) -> None:
        pass


CODE = b'resource "aws_ecs_service" "web" {\n  desired_count = 3\n}\n'


def proofs(live: dict[str, int | None], *records: dict[str, Any]) -> tuple[list[Any], RunReport]:
    """Run a cycle that proposes; returns what the proofs planned, and the report."""
    made = []

    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, targets: Any = (), **_options: Any) -> Plan:
        if directory is not None:
            made.append(tuple(targets))
        return aws({**live, "web": 3} if directory else live)(workspace, kind, targets=targets)

    return made, world(plan).run(Feed(*records), Memory(), CODE, repository=Clone(), policy=SERIAL)


def test_a_proof_beside_a_deletion_plans_what_the_edit_can_move_and_says_so() -> None:
    made, report = proofs({"web": 5, "old": None}, GONE, record("2", "web"))
    (remedy,) = (finding.remedy for finding in report.findings if finding.status == "drift")
    assert (made, remedy.proof) == ([("aws_ecs_service.web",)], "proven")
    assert "planned apart from what is gone or cannot be planned: 1 address" in remedy.reason
    assert report.plans.proof == 1


def test_an_apply_during_the_proof_ends_in_no_proposal_and_is_looked_at_again() -> None:
    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, **_options: Any) -> Plan:
        serials.append(2 if directory else 1)
        return aws({"web": 3 if directory else 5})(workspace, kind)

    serials, memory, prod = [1], Memory(), World(plan, prod=[placed("web")])
    prod.serial = lambda: serials[-1]
    report = prod.run(Feed(record("1", "web")), memory, CODE, repository=Clone(), policy=SERIAL)
    (finding,) = report.findings
    assert (finding.remedy.kind, finding.remedy.proof, memory.handled) == ("adopt", "not_run", set())
    assert "terraform apply is at work" in finding.remedy.reason


def test_any_other_proof_plans_everything() -> None:
    made, report = proofs({"web": 5, "api": 4}, record("2", "web"))
    reasons = [finding.remedy.reason for finding in report.findings if finding.remedy.proof == "proven"]
    assert (made, len(reasons)) == ([()], 1)
    assert "planned apart" not in reasons[0]


@pytest.mark.parametrize(
    "event",
    [
        record("2", "", eventName="UpdateCluster", requestParameters={"cluster": "prod"}),
        record("2", "new", eventName="UpdateService"),
    ],
    ids=["what the deleted one depends on", "what depends on it"],
)
def test_what_cannot_be_planned_without_the_deleted_one_waits_for_it(event: dict[str, Any]) -> None:
    terraform = Targeted(aws({"old": None}))
    beside = replace(service("prod", "new"), dependencies=(CLUSTER, "aws_ecs_service.old"))
    cycle(world(terraform.answer, beside), terraform, Feed(GONE, event), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ())]


def test_without_a_deletion_a_workspace_has_one_refresh_only_plan() -> None:
    terraform = Targeted(aws({"web": 5, "api": 5}))
    cycle(world(terraform.answer), terraform, Feed(record("2", "web"), record("3", "api")), SERIAL)
    assert terraform.made == [("prod", "refresh-only", ()), ("prod", "full", ())]


def test_a_large_workspace_says_still_what_was_not_looked_at() -> None:
    terraform = Targeted(aws({"web": 5, "old": None}))
    resources = [*many("prod", NARROW_FROM)[1:], cluster("prod"), placed("web"), placed("old")]
    report = cycle(World(terraform.answer, prod=resources), terraform, Feed(GONE, record("2", "web")), SERIAL)
    (deleted,) = (finding for finding in report.findings if finding.status == "deleted")
    assert "was not looked at" in deleted.reason


def test_a_slow_plan_that_fails_leaves_the_quick_ones_finding() -> None:
    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        if not targets:
            raise TerraformError("terraform plan was ended after 900 s")
        return aws({"web": 5})(workspace, kind, targets=targets)

    memory = Memory()
    report = world(plan).run(Feed(GONE, record("2", "web")), memory, policy=SERIAL)
    assert seen(report) == {"aws_ecs_service.web": "drift", "aws_ecs_service.old": "not_checked"}
    assert (memory.handled, set(memory.waiting)) == ({"2"}, {"1"})


def refusing(refusal: str, live: dict[str, int | None]) -> Callable[..., Plan]:
    """Return a terraform that refuses every full plan with `web` in it."""

    def plan(workspace: Workspace, kind: Any, *, targets: Any = (), **options: Any) -> Plan:
        if kind == "full" and (not targets or "aws_ecs_service.web" in targets):
            raise TerraformError(f"terraform plan failed in prod: {refusal}")
        return aws(live)(workspace, kind, targets=targets, **options)

    return plan


PREVENTED = "Instance cannot be destroyed: Resource aws_ecs_service.web has lifecycle.prevent_destroy set"


def test_a_resource_that_cannot_be_applied_hides_no_other_ones_drift() -> None:
    terraform = Targeted(refusing(PREVENTED, {"web": 5, "api": 4}))
    report = cycle(world(terraform.answer), terraform, Feed(record("1", "web"), record("2", "api")), SERIAL)
    assert [each[1:] for each in terraform.made] == [
        ("refresh-only", ()),
        ("full", ()),
        ("full", ("aws_ecs_service.api",)),
    ]
    assert seen(report) == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "drift"}
    (refused,) = (finding for finding in report.findings if finding.status == "not_checked")
    assert PREVENTED in refused.reason
    assert "a refresh-only plan found that desired_count of aws_ecs_service.web differs" in refused.reason
    assert "aws_ecs_service.api" not in refused.reason
    assert report.problems == (refused.reason,)
    assert report.plans.full == 2


@pytest.mark.parametrize(
    ("refusal", "live", "full_plans"),
    [
        ("Invalid reference", {"web": 5, "api": 4}, 1),
        (PREVENTED.replace("service.web", "service.web2"), {"web": 5, "api": 4}, 1),
        (PREVENTED.replace("aws_ecs", "module.shop.aws_ecs"), {"web": 5, "api": 4}, 1),
        (PREVENTED, {"web": 5}, 1),
        (PREVENTED, {"web": 5, "new": 4}, 1),
    ],
    ids=["names nothing", "names another one", "names a module's", "nothing else drifted", "what did depends on it"],
)
def test_any_other_failure_is_everybodys(refusal: str, live: dict[str, int | None], full_plans: int) -> None:
    terraform = Targeted(refusing(refusal, live))
    beside = replace(service("prod", "new"), dependencies=(CLUSTER, "aws_ecs_service.web"))
    report = cycle(world(terraform.answer, beside), terraform, Feed(record("1", "web"), record("2", "api")), SERIAL)
    assert seen(report) == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "not_checked"}
    assert report.plans.full == full_plans


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (
            "aws_ecs_service.web",
            {"aws_ecs_service.web", "aws_ecs_task_definition.web", "aws_appautoscaling_target.web"},
        ),
        ("aws_ecs_service.api", None),  # shares its task definition with the one that is gone
        ("aws_ecs_service.old", None),
        ("aws_appautoscaling_target.old", None),
        ("aws_ecs_cluster.prod", None),
        ("aws_ecs_service.unknown", None),
    ],
)
def test_what_an_edit_may_move_is_planned_with_it_or_it_waits(address: str, found: set[str] | None) -> None:
    web, shared = f"{DEFINITION}.web", f"{DEFINITION}.shared"
    apart = Apart(
        state(
            resource(CLUSTER),
            resource(web),
            resource(shared),
            resource(f"{SERVICE}.web", CLUSTER, web),
            resource(f"{SERVICE}.api", CLUSTER, shared),
            resource(f"{SERVICE}.old", CLUSTER, shared),
            resource(f"{TARGET}.web", CLUSTER, web, f"{SERVICE}.web"),
            resource(f"{TARGET}.old", CLUSTER, shared, f"{SERVICE}.old"),
        ),
        {f"{SERVICE}.old"},
    )
    assert apart.surroundings(address, moved=True) == found


def test_a_service_that_runs_its_revision_is_not_edited_in_a_shared_task_definition() -> None:
    shared = f"{DEFINITION}.shared"
    there = state(resource(shared), resource(f"{SERVICE}.web", shared), resource(f"{SERVICE}.old", shared))
    apart = Apart(there, {f"{SERVICE}.old"})
    assert apart.surroundings(f"{SERVICE}.web", moved=False) == {f"{SERVICE}.web"}
    assert apart.surroundings(f"{SERVICE}.web", moved=True) is None


def test_a_move_that_no_event_names_is_planned_with_all_that_shares_the_task_definition() -> None:
    def moved(workspace: Workspace, kind: Any, *, targets: Any = (), **_options: Any) -> Plan:
        entry = change("web", {"name": "web", "task_definition": "x:1"}, {"name": "web", "task_definition": "x:2"})
        return Plan(kind, True, {"resource_drift": [entry]}, tuple(targets))

    shared = f"{DEFINITION}.shared"
    terraform = Targeted(moved)
    resources = [resource(shared), placed("web", shared), placed("old", shared)]
    cycle(World(moved, prod=resources), terraform, Feed(GONE, record("2", "web")), SERIAL)
    assert terraform.made[:2] == [("prod", "refresh-only", (f"{SERVICE}.web",)), ("prod", "full", ())]


def of_module(key: str) -> list[StateResource]:
    code = "module.shop.module.app"
    at = f'module.shop["{key}"].module.app[0]'
    return [
        resource(f"{at}.{DEFINITION}.this"),
        resource(f"{at}.{SERVICE}.this", f"{code}.{DEFINITION}.this"),
        resource(f"{at}.{TARGET}.this", f"{code}.{SERVICE}.this"),
    ]


def test_instances_of_a_module_do_not_refer_to_each_other() -> None:
    here, there = of_module("a.b]"), of_module("c")
    apart = Apart(state(*here, *there), {there[1].address})
    assert apart.surroundings(here[1].address, moved=True) == {each.address for each in here}
    assert apart.surroundings(there[2].address, moved=True) is None


def test_instances_of_a_resource_may_and_so_may_what_is_beside_a_module() -> None:
    here, there = of_module("a"), of_module("c")
    alarm = resource("aws_cloudwatch_dashboard.all", f"module.shop.module.app.{SERVICE}.this")
    assert Apart(state(*here, *there, alarm), {there[1].address}).surroundings(here[1].address, moved=True) is None
    counted = [resource(f"{SERVICE}.web[{number}]") for number in (0, 1)]
    targets = [resource(f"{TARGET}.web[{number}]", f"{SERVICE}.web") for number in (0, 1)]
    assert Apart(state(*counted, *targets), {counted[0].address}).surroundings(counted[1].address, moved=True) is None


def test_instances_of_one_block_are_edited_together() -> None:
    web = [resource(f'{SERVICE}.web["{key}"]', CLUSTER) for key in "abc"]
    there = state(resource(CLUSTER), *web, resource(f"{SERVICE}.old", CLUSTER))
    assert Apart(there, {web[0].address}).surroundings(web[1].address, moved=True) is None
    beside = Apart(there, {f"{SERVICE}.old"}).surroundings(web[1].address, moved=True)
    assert beside == {each.address for each in web}


def test_a_state_that_tells_no_dependencies_parts_nothing() -> None:
    apart = Apart(state(resource(f"{SERVICE}.web"), resource(f"{SERVICE}.old")), {f"{SERVICE}.old"})
    assert apart.surroundings(f"{SERVICE}.web", moved=True) is None


def drift(address: str, *, deleted: bool = False) -> Drift:
    return Drift(address=address, type=address.split(".")[0], deleted=deleted, changes=(), before={}, live={})


def test_without_a_service_that_is_gone_everything_is_planned() -> None:
    there = state(resource(CLUSTER), resource(f"{SERVICE}.web", CLUSTER))
    assert targets_beside(there, [drift(f"{SERVICE}.web")], ()) == ()
    assert targets_beside(there, [drift(f"{SERVICE}.web"), drift(f"{DEFINITION}.x", deleted=True)], ()) == ()
    assert targets_beside(there, [drift(CLUSTER), drift(f"{SERVICE}.web", deleted=True)], ()) == ()
