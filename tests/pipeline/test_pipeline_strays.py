"""What events name and no state has: alarms only where something that nobody manages is left, or is missed."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.events import CATALOGUE
from reconciler.match import Unmatched, build_index
from reconciler.model import ChangeEvent, DriftRule, Finding, ResourceId, State, StateResource
from reconciler.pipeline.concerns import gather
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


def told(*events: ChangeEvent, rules: tuple[DriftRule, ...] = ()) -> tuple[Finding, ...]:
    return gather(events, INDEX, {}, rules).findings


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
    assert "created outside Terraform" in changed.reason
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
    missed, left = sorted(gather([registered, old], index, {}).findings, key=lambda finding: finding.status)
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
    (finding,) = tell_strays([(match, event)], {}, ())
    assert (finding.status, finding.severity, finding.reason) == ("unmanaged", "high", "the registry was deleted")


def test_while_a_state_cannot_be_read_nobody_knows_whether_it_was_managed() -> None:
    event = call("DeleteService", severity="critical")
    (finding,) = gather([event], INDEX, {"other": "no access"}).findings
    assert (finding.status, finding.severity) == ("not_checked", "critical")
