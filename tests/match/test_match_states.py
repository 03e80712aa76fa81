"""Raw states as Terraform writes them, matched: aliases, modules, instances, deposed objects, CLI workspaces."""

from __future__ import annotations

import json
from typing import Any

from reconciler.adapters.states.format import parse_state
from reconciler.match import Target, build_index, match_event
from reconciler.model import ResourceId
from tests.change_events import ACCOUNT, change_event

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def service(name: str, region: str = "us-east-1", cluster: str = "prod", **instance: Any) -> dict[str, Any]:
    arn = f"arn:aws:ecs:{region}:{ACCOUNT}:service/{cluster}/{name}"
    return {**instance, "attributes": {"id": arn, "name": name, "cluster": cluster}}


def block(type_: str, label: str, *instances: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": type_, "name": label, "provider": AWS, "instances": list(instances), **more}


def targets(identity: ResourceId, region: str = "us-east-1", **states: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the workspaces and addresses that an event in a region is about."""
    return [(each.workspace, each.address) for each in matches(identity, region, **states)]


def matches(identity: ResourceId, region: str = "us-east-1", **states: list[dict[str, Any]]) -> list[Target]:
    parsed = [
        parse_state(name, json.dumps({"version": 4, "serial": 1, "lineage": "l", "resources": resources}).encode())
        for name, resources in states.items()
    ]
    found = match_event(change_event(identity, region=region), build_index(parsed, {}))
    return [each for each in found if isinstance(each, Target)]


def named(name: str, cluster: str = "prod") -> ResourceId:
    return ResourceId(type="aws_ecs_service", cluster=cluster, name=name)


def test_instances_of_count_and_for_each_are_told_apart() -> None:
    counted = block("aws_ecs_service", "web", service("web-0", index_key=0), service("web-1", index_key=1))
    each = block("aws_ecs_service", "api", service("api-eu", index_key="eu"), module='module.shop["a"]')
    assert targets(named("web-1"), prod=[counted, each]) == [("prod", "aws_ecs_service.web[1]")]
    assert targets(named("api-eu"), prod=[counted, each]) == [("prod", 'module.shop["a"].aws_ecs_service.api["eu"]')]
    assert targets(named("web-2"), prod=[counted, each]) == []


def test_provider_aliases_work_in_their_own_regions() -> None:
    def providers(label: str, region: str, provider: str) -> list[dict[str, Any]]:
        arn = f"arn:aws:ecs:{region}:{ACCOUNT}:cluster/main"
        cluster = {"attributes": {"id": arn, "arn": arn, "name": "main"}}
        attached = {"attributes": {"id": "main", "cluster_name": "main", "capacity_providers": ["FARGATE"]}}
        return [
            block("aws_ecs_cluster", label, cluster, provider=provider),
            block("aws_ecs_cluster_capacity_providers", label, attached, provider=provider),
        ]

    state = [*providers("east", "us-east-1", AWS), *providers("west", "us-west-2", f"{AWS}.west")]
    wanted = ResourceId(type="aws_ecs_cluster_capacity_providers", cluster="main")
    assert targets(wanted, "us-west-2", prod=state) == [("prod", "aws_ecs_cluster_capacity_providers.west")]
    assert targets(wanted, "us-east-1", prod=state) == [("prod", "aws_ecs_cluster_capacity_providers.east")]
    assert targets(wanted, "eu-west-1", prod=state) == []


def test_a_deposed_object_is_not_the_resource() -> None:
    replaced = block("aws_ecs_service", "web", service("old", deposed="00000000"), service("new"))
    assert targets(named("old"), prod=[replaced]) == []
    assert targets(named("new"), prod=[replaced]) == [("prod", "aws_ecs_service.web")]


def test_a_data_source_is_not_managed() -> None:
    looked_up = {**block("aws_ecs_service", "web", service("web")), "mode": "data"}
    assert targets(named("web"), prod=[looked_up]) == []


def test_cli_workspaces_of_one_root_module_manage_resources_of_their_own() -> None:
    states = {name: [block("aws_ecs_service", "web", service("web", cluster=name))] for name in ("blue", "green")}
    assert targets(named("web", "green"), **states) == [("green", "aws_ecs_service.web")]


def test_a_resource_in_two_states_is_told_for_both_and_one_in_two_regions_is_not() -> None:
    one, other = block("aws_ecs_service", "web", service("web")), block("aws_ecs_service", "copy", service("web"))
    elsewhere = block("aws_ecs_service", "web", service("web", region="eu-west-1"))
    assert targets(named("web"), a=[one], b=[other], c=[elsewhere]) == [
        ("a", "aws_ecs_service.web"),
        ("b", "aws_ecs_service.copy"),
    ]


def test_each_of_two_states_is_told_of_the_other() -> None:
    one, other = block("aws_ecs_service", "web", service("web")), block("aws_ecs_service", "copy", service("web"))
    found = matches(named("web"), a=[one], b=[other])
    assert [each.also for each in found] == ["aws_ecs_service.copy in b", "aws_ecs_service.web in a"]
    assert [each.also for each in matches(named("web"), a=[one])] == [""]


def test_a_service_that_was_created_again_under_its_name_is_the_same_address() -> None:
    short_arn = {"attributes": {"id": f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/web", "name": "web", "cluster": "prod"}}
    assert targets(named("web"), prod=[block("aws_ecs_service", "web", short_arn)]) == [("prod", "aws_ecs_service.web")]
