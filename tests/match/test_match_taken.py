"""What a call ends along with the resource that it names: nobody names that."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.match import StateIndex, Target, build_index, match_event
from reconciler.model import ResourceId, State, StateResource
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012"
AUTOSCALING = "autoscaling.amazonaws.com"


def scaling(kind: str, name: str, service: str = "web", cluster: str = "prod", **attributes: Any) -> StateResource:
    place = f"service/{cluster}/{service}"
    return resource(f"aws_appautoscaling_{kind}", name, resource_id=place, name=name, region="us-east-1", **attributes)


def resource(kind: str, address: str, **attributes: Any) -> StateResource:
    return StateResource(
        workspace="prod", address=f"{kind}.{address}", type=kind, provider="aws", attributes=attributes
    )


def index(*resources: StateResource) -> StateIndex:
    state = State(workspace="prod", serial=1, lineage="l", resources=resources)
    return build_index([state], {"prod": "123456789012"})


def named(event: Any, *resources: StateResource) -> set[str]:
    return {each.address for each in match_event(event, index(*resources)) if isinstance(each, Target)}


def deregisters(service: str = "web") -> Any:
    target = ResourceId(type="aws_appautoscaling_target", cluster="prod", service=service)
    return change_event(target, name="DeregisterScalableTarget", source=AUTOSCALING)


WEB = (scaling("target", "t"), scaling("policy", "p"), scaling("policy", "q"), scaling("scheduled_action", "a"))


def test_a_target_takes_its_policies_and_scheduled_actions_with_it() -> None:
    found = named(deregisters(), *WEB)
    assert found == {
        f"aws_appautoscaling_{name}" for name in ("target.t", "policy.p", "policy.q", "scheduled_action.a")
    }


def test_a_target_that_is_in_no_state_takes_those_that_are() -> None:
    assert named(deregisters(), *WEB[1:2]) == {"aws_appautoscaling_policy.p"}


@pytest.mark.parametrize("place", [{"service": "web2"}, {"cluster": "other"}, {"service": "we"}])
def test_a_target_takes_none_of_another_service(place: dict[str, str]) -> None:
    others = scaling("policy", "x", **place), scaling("scheduled_action", "y", **place)
    assert named(deregisters(), WEB[0], *others) == {"aws_appautoscaling_target.t"}


def test_a_target_whose_service_nobody_knows_takes_nothing() -> None:
    nameless = change_event(
        ResourceId(type="aws_appautoscaling_target"), name="DeregisterScalableTarget", source=AUTOSCALING
    )
    assert named(nameless, *WEB) == set()


def test_who_deletes_one_policy_takes_no_other() -> None:
    policy = ResourceId(type="aws_appautoscaling_policy", cluster="prod", service="web", name="p")
    deleted = change_event(policy, name="DeleteScalingPolicy", source=AUTOSCALING)
    assert named(deleted, *WEB) == {"aws_appautoscaling_policy.p"}


def test_a_cluster_takes_its_providers_and_no_other_ones() -> None:
    providers = [
        resource("aws_ecs_cluster_capacity_providers", name, id=name, cluster_name=name) for name in ("prod", "other")
    ]
    cluster = ResourceId(type="aws_ecs_cluster", cluster="prod", name="prod")
    assert named(change_event(cluster, name="DeleteCluster"), *providers) == {"aws_ecs_cluster_capacity_providers.prod"}
    assert named(change_event(cluster, name="UpdateCluster"), *providers) == set()


def test_a_service_takes_its_task_sets() -> None:
    sets = [
        resource(
            "aws_ecs_task_set",
            service,
            arn=f"{ARN}:task-set/prod/{service}/ecs-svc/1",
            cluster="prod",
            service=service,
            task_set_id="ecs-svc/1",
        )
        for service in ("web", "web2")
    ]
    service = ResourceId(type="aws_ecs_service", cluster="prod", name="web")
    assert named(change_event(service, name="DeleteService"), *sets) == {"aws_ecs_task_set.web"}
