"""Moto's gaps are closed: each test fails when its patch is not applied."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def live(ecs: Any, cluster: str) -> dict[str, Any]:
    service: dict[str, Any] = ecs.describe_services(cluster=cluster, services=["web"])["services"][0]
    return service


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


# deletion


def test_a_deleted_service_drains_and_is_listed_no_more(ecs, cluster, create_service):
    create_service()

    answer = ecs.delete_service(cluster=cluster, service="web", force=True)["service"]

    assert answer["status"] == "DRAINING"
    assert live(ecs, cluster)["status"] == "INACTIVE"
    assert ecs.list_services(cluster=cluster)["serviceArns"] == []
    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["activeServicesCount"] == 0


def test_a_deleted_cluster_is_listed_no_more(ecs, cluster):
    arn = ecs.delete_cluster(cluster=cluster)["cluster"]["clusterArn"]

    assert arn not in ecs.list_clusters()["clusterArns"]


# managed_policies


def test_the_managed_policy_of_task_execution_roles_exists(sandbox):
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

    assert sandbox.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


# service_creation


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("availabilityZoneRebalancing", "DISABLED"),
        ("enableECSManagedTags", True),
        ("enableExecuteCommand", True),
        ("healthCheckGracePeriodSeconds", 30),
        ("placementStrategy", [{"type": "spread", "field": "attribute:ecs.availability-zone"}]),
        ("placementConstraints", [{"type": "distinctInstance"}]),
        ("propagateTags", "SERVICE"),
    ],
)
def test_a_new_service_keeps_what_it_was_created_with(ecs, cluster, create_service, member, value):
    create_service(**{member: value})

    assert live(ecs, cluster)[member] == value


def test_a_new_service_keeps_its_deployment_configuration(ecs, cluster, create_service):
    breaker = {"enable": True, "rollback": True}

    create_service(deploymentConfiguration={"deploymentCircuitBreaker": breaker, "maximumPercent": 150})

    configuration = live(ecs, cluster)["deploymentConfiguration"]
    assert configuration["deploymentCircuitBreaker"] == breaker
    assert (configuration["maximumPercent"], configuration["minimumHealthyPercent"]) == (150, 100)


def test_a_new_service_keeps_its_capacity_provider_strategy(ecs, cluster, create_service):
    create_service(capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 2}])

    service = live(ecs, cluster)
    assert service["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 2, "base": 0}]
    assert "launchType" not in service
    assert service["platformVersion"] == "LATEST"


def test_a_new_service_keeps_service_connect_in_its_deployment(ecs, cluster, create_service):
    connect = {"enabled": True, "namespace": "shop", "services": []}

    create_service(serviceConnectConfiguration=connect)

    assert live(ecs, cluster)["deployments"][0]["serviceConnectConfiguration"] == connect


def test_a_service_without_a_launch_type_runs_by_the_clusters_strategy(ecs, cluster, task_definition, subnet):
    ecs.put_cluster_capacity_providers(
        cluster=cluster,
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
    )

    ecs.create_service(
        cluster=cluster,
        serviceName="web",
        taskDefinition=task_definition,
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet]}},
    )

    assert live(ecs, cluster)["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE"


def test_a_new_service_has_the_defaults_of_aws_and_runs(ecs, cluster, create_service):
    create_service()

    service = live(ecs, cluster)
    assert service["availabilityZoneRebalancing"] == "ENABLED"
    assert service["enableExecuteCommand"] is False
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": False, "rollback": False}
    assert (service["runningCount"], service["pendingCount"]) == (3, 0)
    assert service["createdBy"] == "arn:aws:iam::123456789012:user/ops-admin"
    assert [deployment["rolloutState"] for deployment in service["deployments"]] == ["COMPLETED"]


def test_a_service_of_that_name_is_not_created_again(ecs, cluster, create_service):
    create_service(desiredCount=3)

    with pytest.raises(ClientError, match="not idempotent"):
        create_service(desiredCount=7)

    assert live(ecs, cluster)["desiredCount"] == 3


# service_network


def test_a_service_without_security_groups_can_be_created(ecs, cluster, create_service):
    create_service()

    network = live(ecs, cluster)["networkConfiguration"]["awsvpcConfiguration"]
    assert (network["securityGroups"], network["assignPublicIp"]) == ([], "DISABLED")


def test_a_service_without_a_network_answers_none(ecs, cluster):
    ecs.register_task_definition(
        family="bridged", memory="256", containerDefinitions=[{"name": "app", "image": "app:1"}]
    )

    ecs.create_service(cluster=cluster, serviceName="web", taskDefinition="bridged", desiredCount=1)

    assert "networkConfiguration" not in live(ecs, cluster)


def test_a_subnet_that_does_not_exist_is_still_refused(create_service):
    with pytest.raises(ClientError, match="subnet-0dead"):
        create_service(networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-0dead"]}})


# service_update


def test_a_new_task_definition_is_answered_as_arn_and_deployed(ecs, cluster, create_service, task_definition, register):
    before = create_service()["deployments"][0]
    family = task_definition.rpartition("/")[2].partition(":")[0]
    newer = register(family)

    answer = ecs.update_service(cluster=cluster, service="web", taskDefinition=f"{family}:2")["service"]

    assert answer["taskDefinition"] == newer
    (deployment,) = live(ecs, cluster)["deployments"]
    assert deployment["taskDefinition"] == newer
    assert deployment["id"] != before["id"]


def test_an_update_keeps_every_other_member(ecs, cluster, create_service):
    create_service(enableExecuteCommand=True, healthCheckGracePeriodSeconds=30)
    before = live(ecs, cluster)

    ecs.update_service(cluster=cluster, service="web", desiredCount=5)

    after = live(ecs, cluster)
    changed = {member for member in before | after if before.get(member) != after.get(member)}
    assert changed == {"desiredCount", "runningCount", "deployments"}
    assert after["deployments"][0]["id"] == before["deployments"][0]["id"]
    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["runningTasksCount"] == 5


def test_a_part_of_the_deployment_configuration_leaves_the_rest(ecs, cluster, create_service):
    create_service(deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})

    ecs.update_service(cluster=cluster, service="web", deploymentConfiguration={"maximumPercent": 150})

    configuration = live(ecs, cluster)["deploymentConfiguration"]
    assert configuration["maximumPercent"] == 150
    assert configuration["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_an_update_that_says_nothing_about_size_keeps_the_count_of_tasks(ecs, cluster, create_service):
    create_service(desiredCount=3)

    ecs.update_service(cluster=cluster, service="web", enableExecuteCommand=True)

    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["runningTasksCount"] == 3


def test_forcing_a_deployment_makes_a_new_one_of_the_same(ecs, cluster, create_service):
    before = create_service()["deployments"][0]

    ecs.update_service(cluster=cluster, service="web", forceNewDeployment=True)

    (after,) = live(ecs, cluster)["deployments"]
    assert after["id"] != before["id"]
    assert after["taskDefinition"] == before["taskDefinition"]


def test_a_deleted_service_cannot_be_updated(ecs, cluster, create_service):
    create_service()
    ecs.delete_service(cluster=cluster, service="web", force=True)

    with pytest.raises(ClientError, match="ServiceNotActiveException"):
        ecs.update_service(cluster=cluster, service="web", desiredCount=1)


def test_a_service_can_be_moved_to_spot(ecs, cluster, create_service):
    create_service()

    ecs.update_service(
        cluster=cluster, service="web", capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    )

    service = live(ecs, cluster)
    assert service["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE_SPOT"
    assert "launchType" not in service


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
