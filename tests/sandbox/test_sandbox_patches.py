"""Moto's gaps are closed: each test fails when its patch is not applied."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

# account_settings


def test_the_default_of_an_account_setting_can_be_put_and_read(ecs):
    put = ecs.put_account_setting_default(name="fargateTaskRetirementWaitPeriod", value="14")["setting"]

    assert put["principalArn"] == "arn:aws:iam::123456789012:root"
    listed = ecs.list_account_settings(name="fargateTaskRetirementWaitPeriod", effectiveSettings=True)["settings"]
    assert [setting["value"] for setting in listed] == ["14"]


def test_an_account_setting_of_another_name_is_refused(ecs):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecs.put_account_setting_default(name="noSuchSetting", value="enabled")


# autoscaling_tags


@pytest.fixture
def target(sandbox, cluster, create_service) -> tuple[Any, str]:
    create_service()
    scaling = sandbox.client("application-autoscaling")
    answer = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{cluster}/web",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=4,
        Tags={"team": "shop"},
    )
    return scaling, answer["ScalableTargetARN"]


def test_tags_of_a_scalable_target_can_be_listed_and_changed(target):
    scaling, arn = target

    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "shop"}
    scaling.tag_resource(ResourceARN=arn, Tags={"stage": "live"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"stage": "live"}


def test_tags_of_a_target_that_does_not_exist_are_refused(target):
    scaling, arn = target

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        scaling.list_tags_for_resource(ResourceARN=arn + "x")


# caller_identity


def test_everybody_is_told_who_they_are(sandbox):
    arns = {name: sandbox.client("sts", name).get_caller_identity()["Arn"] for name in sandbox.identities}

    assert arns["ops-admin"] == "arn:aws:iam::123456789012:user/ops-admin"
    assert arns["terraform"] == "arn:aws:sts::123456789012:assumed-role/terraform-apply/terraform"
    assert len(set(arns.values())) == len(arns)


# capacity_providers


def test_the_providers_that_aws_offers_everywhere_are_described(ecs):
    everything = ecs.describe_capacity_providers()["capacityProviders"]
    one = ecs.describe_capacity_providers(capacityProviders=["FARGATE_SPOT", "missing"])

    assert {"FARGATE", "FARGATE_SPOT"} <= {provider["name"] for provider in everything}
    assert [provider["name"] for provider in one["capacityProviders"]] == ["FARGATE_SPOT"]
    assert [failure["reason"] for failure in one["failures"]] == ["MISSING"]


# cluster_settings


def test_container_insights_can_be_switched(ecs, cluster):
    ecs.update_cluster_settings(cluster=cluster, settings=[{"name": "containerInsights", "value": "enhanced"}])

    described = ecs.describe_clusters(clusters=[cluster], include=["SETTINGS"])["clusters"][0]
    assert described["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


def test_settings_of_a_cluster_that_does_not_exist_are_refused(ecs):
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        ecs.update_cluster_settings(cluster="nowhere", settings=[])


# clusters


def test_capacity_providers_of_a_cluster_round_trip(ecs, cluster):
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    put = ecs.put_cluster_capacity_providers(
        cluster=cluster, capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy
    )["cluster"]

    described = ecs.describe_clusters(clusters=[cluster])["clusters"][0]
    assert put["attachmentsStatus"] == "UPDATE_IN_PROGRESS"
    assert described["attachmentsStatus"] == "UPDATE_COMPLETE"
    assert described["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert described["defaultCapacityProviderStrategy"] == [{**strategy[0], "base": 0}]


def test_a_cluster_without_providers_says_so(ecs, cluster):
    described = ecs.describe_clusters(clusters=[cluster])["clusters"][0]

    assert described["capacityProviders"] == []
    assert described["defaultCapacityProviderStrategy"] == []


def test_a_strategy_with_a_provider_the_cluster_lacks_changes_nothing(ecs, cluster):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecs.put_cluster_capacity_providers(
            cluster=cluster,
            capacityProviders=["FARGATE"],
            defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        )

    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["capacityProviders"] == []


def test_no_cluster_and_an_empty_one_are_the_default_cluster(ecs, register):
    ecs.create_cluster(clusterName="default")
    arn = ecs.create_service(serviceName="alone", taskDefinition=register("alone"))["service"]["serviceArn"]

    for cluster in ({}, {"cluster": ""}, {"cluster": "default"}):
        (service,) = ecs.describe_services(services=["alone"], **cluster)["services"]
        assert service["serviceArn"] == arn


def test_a_cluster_of_an_unknown_name_is_still_not_found(ecs):
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        ecs.describe_services(cluster="defaults", services=["web"])


def test_creating_a_cluster_twice_keeps_what_the_first_one_has(ecs, cluster):
    ecs.put_cluster_capacity_providers(
        cluster=cluster, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )

    ecs.create_cluster(clusterName=cluster)

    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["capacityProviders"] == ["FARGATE"]


# described_tags


def test_who_asks_for_no_tags_takes_none_from_anothers_answer(ecs, cluster, create_service):
    from moto.ecs.responses import EC2ContainerServiceResponse

    create_service(tags=[{"key": "team", "value": "shop"}])
    before = dict(EC2ContainerServiceResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER)

    (bare,) = ecs.describe_services(cluster=cluster, services=["web"])["services"]
    (tagged,) = ecs.describe_services(cluster=cluster, services=["web"], include=["TAGS"])["services"]

    assert "tags" not in bare
    assert tagged["tags"] == [{"key": "team", "value": "shop"}]
    assert before == EC2ContainerServiceResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER  # which all requests share


# managed_policies


def test_the_managed_policy_of_task_execution_roles_exists(sandbox):
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

    assert sandbox.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


# task_definitions


def test_a_bare_family_means_its_newest_active_revision(ecs, register):
    first, second = register("aging"), register("aging")
    ecs.deregister_task_definition(taskDefinition=second)

    latest = ecs.describe_task_definition(taskDefinition="aging")["taskDefinition"]
    gone = ecs.describe_task_definition(taskDefinition=second)["taskDefinition"]

    assert latest["taskDefinitionArn"] == first
    assert gone["status"] == "INACTIVE"
    assert gone["deregisteredAt"]


def test_a_family_without_active_revisions_is_not_found(ecs, register):
    ecs.deregister_task_definition(taskDefinition=register("gone"))

    with pytest.raises(ClientError, match="ClientException"):
        ecs.describe_task_definition(taskDefinition="gone")


def test_a_deregistered_task_definition_starts_no_service(ecs, create_service, task_definition):
    ecs.deregister_task_definition(taskDefinition=task_definition)

    with pytest.raises(ClientError, match="inactive"):
        create_service()


def test_registering_answers_tags_time_and_person(sandbox):
    ecs = sandbox.client("ecs", "deploy")

    answer = ecs.register_task_definition(
        family="tagged",
        memory="256",
        enableFaultInjection=True,
        tags=[{"key": "team", "value": "shop"}],
        containerDefinitions=[{"name": "app", "image": "app:1"}],
    )

    definition = answer["taskDefinition"]
    assert answer["tags"] == [{"key": "team", "value": "shop"}]
    assert definition["registeredBy"] == "arn:aws:sts::123456789012:assumed-role/deploy/release-42"
    assert definition["registeredAt"]
    assert definition["enableFaultInjection"] is True


def test_a_container_comes_back_as_registered_with_the_ports_filled_in(ecs, register):
    container = {
        "cpu": 128,
        "memoryReservation": 256,
        "portMappings": [{"containerPort": 80, "name": "http"}, {"containerPort": 53, "protocol": "udp"}],
        "environment": [{"name": "A", "value": "1"}],
        "secrets": [{"name": "B", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/b"}],
        "healthCheck": {"command": ["CMD", "true"], "interval": 5},
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}},
        "dependsOn": [{"containerName": "nginx", "condition": "START"}],
        "dockerLabels": {"a": "b"},
        "command": ["run"],
    }

    described = ecs.describe_task_definition(taskDefinition=register("faithful", **container))["taskDefinition"]

    (found,) = described["containerDefinitions"]
    assert found.pop("portMappings") == [
        {"containerPort": 80, "hostPort": 80, "protocol": "tcp", "name": "http"},
        {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
    ]
    del container["portMappings"]
    assert {member: found[member] for member in container} == container
    assert (described["cpu"], described["memory"]) == ("256", "512")
