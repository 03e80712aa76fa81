"""What events name and no state has: alarms only where something that nobody manages is left, or is missed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.events import CATALOGUE
from reconciler.match import Unmatched, build_index
from reconciler.model import ChangeEvent, DriftRule, Finding, ResourceId, State, StateResource
from reconciler.pipeline.concerns import gather
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.strays import tell_strays
from tests.change_events import ACCOUNT, REGION, change_event

CLUSTER = StateResource(
    workspace="prod",
    address="aws_ecs_cluster.prod",
    type="aws_ecs_cluster",
    provider='provider["registry.terraform.io/hashicorp/aws"]',
    attributes={"arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/prod", "name": "prod"},
)
INDEX = build_index([State(workspace="prod", serial=1, lineage="x", resources=(CLUSTER,))], {})
SERVICE = ResourceId(type="aws_ecs_service", cluster="prod", name="stray")
ENDS = [
    call for call in CATALOGUE.values() if call.effect == "ends" and call.source.startswith(("ecs.", "autoscaling."))
]


def told(
    *events: ChangeEvent, rules: tuple[DriftRule, ...] = (), witnesses: tuple[ChangeEvent, ...] = ()
) -> tuple[Finding, ...]:
    return gather(events, INDEX, Doubts(), rules, witnesses).findings


def call(name: str, *resources: ResourceId, **values: Any) -> ChangeEvent:
    return change_event(*resources or (SERVICE,), name=name, id=f"{name}{values}", **values)


def revision(number: int, family: str = "job") -> ResourceId:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{family}:{number}"
    return ResourceId(type="aws_ecs_task_definition", family=family, revision=number, arn=arn)


@pytest.mark.parametrize("ended", ENDS, ids=lambda each: each.name)
def test_what_nobody_managed_and_is_gone_alarms_nobody(ended: Any) -> None:
    managed_type = "aws_ecs_x"
    identity = ResourceId(type=managed_type, cluster="prod", name="stray")
    event = call(ended.name, identity, source=ended.source, severity=ended.severity)
    (finding,) = told(event)
    assert (finding.status, finding.severity, finding.workspace) == ("unmanaged", "info", "prod")
    assert f"prod/stray was taken away ({ended.name}); it is in no state" in finding.reason
    assert "nothing is left to import" in finding.reason
    assert "created outside" not in finding.reason


def test_what_has_no_name_of_its_own_is_named_by_what_it_is_of() -> None:
    target = ResourceId(type="aws_appautoscaling_target", cluster="prod", service="web")
    names = ("RegisterScalableTarget", "DeregisterScalableTarget")
    (finding,) = told(*(call(name, target, source="autoscaling.amazonaws.com") for name in names))
    assert finding.reason == "prod/web came and went: RegisterScalableTarget, DeregisterScalableTarget"


def test_what_was_deleted_where_nobody_manages_the_cluster_either() -> None:
    (finding,) = told(call("DeleteCluster", ResourceId(type="aws_ecs_cluster", name="old"), severity="critical"))
    assert (finding.status, finding.severity) == ("unmatched", "info")
    assert "old was taken away (DeleteCluster); it is in the state of no configured workspace" in finding.reason


def test_what_was_only_changed_or_made_does() -> None:
    (changed,) = told(call("UpdateService", severity="high"))
    assert (changed.status, changed.severity) == ("unmanaged", "high")
    assert "created outside Terraform" not in changed.reason
    (made,) = told(call("DeleteService", severity="critical"), call("CreateService"))
    assert (made.status, made.severity) == ("unmanaged", "medium")
    assert "taken away" not in made.reason


def test_what_came_and_went_says_by_which_calls() -> None:
    (finding,) = told(call("CreateService"), call("UpdateService"), call("DeleteService"))
    assert (finding.status, finding.severity) == ("healed", "info")
    assert finding.reason == "prod/stray came and went: CreateService, UpdateService, DeleteService"


def test_a_rule_that_watches_everything_of_a_type_weighs_its_strays() -> None:
    everything = DriftRule(name="any", resource_types=("aws_ecs_service",), watched_attributes=(), severity="high")
    (gone,) = told(call("DeleteService"), rules=(everything,))
    assert (gone.severity, gone.rule) == ("high", "any")
    counts = DriftRule(
        name="count", resource_types=("aws_ecs_service",), watched_attributes=("desired_count",), severity="high"
    )
    clusters = DriftRule(name="any", resource_types=("aws_ecs_cluster",), watched_attributes=(), severity="high")
    (quiet,) = told(call("DeleteService"), rules=(counts, clusters))
    assert (quiet.severity, quiet.rule) == ("info", None)


def test_revisions_of_a_family_that_nobody_manages_are_one_finding_and_each_its_own() -> None:
    registered, next_one = call("RegisterTaskDefinition", revision(1)), call("RegisterTaskDefinition", revision(2))
    (both,) = told(registered, next_one, call("DeregisterTaskDefinition", revision(1), severity="high"))
    assert (both.status, both.severity, both.identity.revision) == ("unmatched", "medium", 2)
    (old,) = told(call("DeregisterTaskDefinition", revision(7), severity="high"))
    assert (old.status, old.severity) == ("unmatched", "info")
    assert "job:7 was taken away (DeregisterTaskDefinition)" in old.reason
    (none,) = told(registered, call("DeregisterTaskDefinition", revision(1)))
    assert none.status == "healed"


def test_a_revision_that_a_managed_service_runs_is_missed_beside_others_of_its_family() -> None:
    service = StateResource(
        workspace="shop",
        address="aws_ecs_service.web",
        type="aws_ecs_service",
        provider=CLUSTER.provider,
        attributes={
            "id": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/prod/web",
            "name": "web",
            "task_definition": "job:1",
        },
    )
    index = build_index([State(workspace="shop", serial=1, lineage="x", resources=(service,))], {})
    registered = call("RegisterTaskDefinition", revision(2))
    old = call("DeregisterTaskDefinition", revision(1), severity="high")
    missed, left = sorted(gather([registered, old], index, Doubts()).findings, key=lambda finding: finding.status)
    assert (missed.status, missed.severity, missed.workspace) == ("unmanaged", "high", "shop")
    assert "aws_ecs_service.web in shop runs it" in missed.reason
    assert (left.status, left.identity.revision) == ("unmatched", 2)


def test_a_call_that_names_several_revisions_is_told_once() -> None:
    (finding,) = told(call("DeleteTaskDefinitions", revision(1), revision(2), severity="high"))
    assert (finding.severity, len(finding.events)) == ("info", 1)


def test_what_something_managed_used_is_missed() -> None:
    registry = ResourceId(type="aws_service_discovery_service", name="srv-1")
    event = call("DeleteService", registry, source="servicediscovery.amazonaws.com", severity="high")
    match = Unmatched(registry, "prod", "the registry was deleted", in_use=True)
    (finding,) = tell_strays([(match, event)], (), Doubts(), ())
    assert (finding.status, finding.severity, finding.reason) == ("unmanaged", "high", "the registry was deleted")


def test_while_a_state_cannot_be_read_nobody_knows_whether_it_was_managed() -> None:
    event = call("DeleteService", severity="critical")
    (finding,) = gather([event], INDEX, Doubts(unread={"other": "no access"})).findings
    assert (finding.status, finding.severity) == ("not_checked", "critical")


def at_work(name: str) -> str | None:
    return f"the state of {name} is locked by ci@runner: terraform is at work there" if name == "prod" else None


def test_what_an_apply_may_be_making_is_not_checked_while_it_holds_the_lock() -> None:
    calls = [call("CreateService"), call("UpdateService", severity="high")]
    (finding,) = gather(calls, INDEX, Doubts(at_work=at_work)).findings
    assert (finding.status, finding.severity, finding.workspace) == ("not_checked", "high", "prod")
    assert "prod/stray is in no state, and the state of prod is locked by ci@runner" in finding.reason


def test_an_apply_elsewhere_or_of_what_is_gone_postpones_nothing() -> None:
    gone = gather([call("DeleteService")], INDEX, Doubts(at_work=at_work)).findings
    came = gather([call("CreateService"), call("DeleteService")], INDEX, Doubts(at_work=at_work)).findings
    other = gather([call("CreateService")], INDEX, Doubts(at_work=lambda name: at_work(f"{name}-2"))).findings
    assert [finding.status for finding in (*gone, *came, *other)] == ["unmanaged", "healed", "unmanaged"]


def test_workspaces_without_a_state_are_named_where_nothing_was_found() -> None:
    elsewhere = call("UpdateService", ResourceId(type="aws_ecs_service", cluster="else", name="web"))
    (one,) = gather([elsewhere], INDEX, Doubts(stateless=["typo"])).findings
    assert one.status == "unmatched"
    assert one.reason.endswith("else/web is in the state of no configured workspace; typo has no state yet")
    (many,) = gather([elsewhere], INDEX, Doubts(stateless=["a", "b", "c", "d", "e"])).findings
    assert many.reason.endswith("; a, b, c and 2 more have no state yet")
    (managed,) = gather([call("UpdateService")], INDEX, Doubts(stateless=["typo"])).findings
    assert "typo" not in managed.reason


def deposed_index(*identity_names: str) -> Any:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/prod/"
    now, old = (
        replace(CLUSTER, address="aws_ecs_service.web", type="aws_ecs_service", attributes={"id": arn + n, "name": n})
        for n in ("new", "old")
    )
    state = State(
        workspace="prod",
        serial=1,
        lineage="x",
        resources=(CLUSTER, *((now,) if "new" in identity_names else ())),
        deposed=(replace(old, deposed="0a1b2c3d"),),
    )
    return build_index([state], {})


@pytest.mark.parametrize("names", [("new",), ()])
def test_a_deposed_object_is_terraforms_own_business(names: tuple[str, ...]) -> None:
    calls = [
        call(name, ResourceId(type="aws_ecs_service", cluster="prod", name="old"), severity="high")
        for name in ("UpdateService", "DeleteService")
    ]
    for events in ([calls[0]], [calls[1]], calls):
        (finding,) = gather(events, deposed_index(*names), Doubts(unread={"other": "no access"})).findings
        assert (finding.status, finding.severity, finding.workspace) == ("healed", "info", "prod")
        assert "prod/old is a deposed object of aws_ecs_service.web in prod (0a1b2c3d)" in finding.reason
        assert "the next apply destroys it" in finding.reason


def test_what_shares_nothing_but_the_cluster_with_a_deposed_object_is_none() -> None:
    (finding,) = gather([call("UpdateService")], deposed_index("new"), Doubts()).findings
    assert finding.status == "unmanaged"
    live = gather([call("UpdateService", replace(SERVICE, name="new"))], deposed_index("new"), Doubts())
    assert [concern.target.address for concern in live.concerns["prod"]] == ["aws_ecs_service.web"]
    assert live.findings == ()


def test_a_later_revision_of_a_deposed_definition_is_another_one() -> None:
    gone = replace(
        CLUSTER,
        address="aws_ecs_task_definition.job",
        type="aws_ecs_task_definition",
        attributes={"arn": revision(3).arn, "family": "job", "revision": 3},
        deposed="0a1b2c3d",
    )
    index = build_index([State(workspace="prod", serial=1, lineage="x", resources=(), deposed=(gone,))], {})
    (old,) = gather([call("DeregisterTaskDefinition", revision(3))], index, Doubts()).findings
    (new,) = gather([call("RegisterTaskDefinition", revision(4))], index, Doubts()).findings
    assert (old.status, new.status) == ("healed", "unmatched")


def test_what_is_done_inside_a_task_is_as_grave_as_the_call() -> None:
    task = ResourceId(type=None, cluster="prod", name="abc")
    (shell,) = told(call("ExecuteCommand", task, severity="high"))
    assert (shell.status, shell.severity) == ("unmanaged", "high")
    (joined,) = told(call("RegisterContainerInstance", task, severity="info"))
    (left,) = told(call("DeregisterContainerInstance", task, severity="low"))
    assert (joined.severity, left.severity) == ("info", "info")


def test_of_two_peoples_own_settings_each_is_told() -> None:
    setting = ResourceId(type=None, name="containerInsights")
    calls = [call("PutAccountSetting", setting, requested={"value": "on", "principal_arn": who}) for who in ("a", "b")]
    (finding,) = told(*calls)
    assert "containerInsights of a," in finding.reason
    assert "containerInsights of b," in finding.reason
