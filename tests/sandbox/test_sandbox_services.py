"""Moto's gaps in services are closed: each test fails when its patch is not applied."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

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
def test_a_new_service_keeps_what_it_was_created_with(create_service, member, value, live):
    create_service(**{member: value})

    assert live()[member] == value


def test_a_new_service_keeps_its_deployment_configuration(create_service, live):
    breaker = {"enable": True, "rollback": True}

    create_service(deploymentConfiguration={"deploymentCircuitBreaker": breaker, "maximumPercent": 150})

    configuration = live()["deploymentConfiguration"]
    assert configuration["deploymentCircuitBreaker"] == breaker
    assert (configuration["maximumPercent"], configuration["minimumHealthyPercent"]) == (150, 100)


def test_a_new_service_keeps_its_capacity_provider_strategy(create_service, live):
    create_service(capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 2}])

    service = live()
    assert service["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 2, "base": 0}]
    assert "launchType" not in service
    assert service["platformVersion"] == "LATEST"


def test_a_new_service_keeps_service_connect_in_its_deployment(create_service, live):
    connect = {"enabled": True, "namespace": "shop", "services": []}

    create_service(serviceConnectConfiguration=connect)

    assert live()["deployments"][0]["serviceConnectConfiguration"] == connect


def test_a_service_without_a_launch_type_runs_by_the_clusters_strategy(ecs, cluster, task_definition, subnet, live):
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

    assert live()["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE"


def test_a_new_service_has_the_defaults_of_aws_and_runs(create_service, live):
    create_service()

    service = live()
    assert service["availabilityZoneRebalancing"] == "ENABLED"
    assert service["enableExecuteCommand"] is False
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": False, "rollback": False}
    assert (service["runningCount"], service["pendingCount"]) == (3, 0)
    assert service["createdBy"] == "arn:aws:iam::123456789012:user/ops-admin"
    assert [deployment["rolloutState"] for deployment in service["deployments"]] == ["COMPLETED"]


def test_a_service_of_that_name_is_not_created_again(create_service, live):
    create_service(desiredCount=3)

    with pytest.raises(ClientError, match="not idempotent"):
        create_service(desiredCount=7)

    assert live()["desiredCount"] == 3


# service_network


def test_a_service_without_security_groups_can_be_created(create_service, live):
    create_service()

    network = live()["networkConfiguration"]["awsvpcConfiguration"]
    assert (network["securityGroups"], network["assignPublicIp"]) == ([], "DISABLED")


def test_a_service_without_a_network_answers_none(ecs, cluster, live):
    ecs.register_task_definition(
        family="bridged", memory="256", containerDefinitions=[{"name": "app", "image": "app:1"}]
    )

    ecs.create_service(cluster=cluster, serviceName="web", taskDefinition="bridged", desiredCount=1)

    assert "networkConfiguration" not in live()


def test_a_subnet_that_does_not_exist_is_still_refused(create_service):
    with pytest.raises(ClientError, match="subnet-0dead"):
        create_service(networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-0dead"]}})


# service_update


def test_a_new_task_definition_is_answered_as_arn_and_deployed(
    ecs, cluster, create_service, task_definition, register, live
):
    before = create_service()["deployments"][0]
    family = task_definition.rpartition("/")[2].partition(":")[0]
    newer = register(family)

    answer = ecs.update_service(cluster=cluster, service="web", taskDefinition=f"{family}:2")["service"]

    assert answer["taskDefinition"] == newer
    (deployment,) = live()["deployments"]
    assert deployment["taskDefinition"] == newer
    assert deployment["id"] != before["id"]


def test_an_update_keeps_every_other_member(ecs, cluster, create_service, live):
    create_service(enableExecuteCommand=True, healthCheckGracePeriodSeconds=30)
    before = live()

    ecs.update_service(cluster=cluster, service="web", desiredCount=5)

    after = live()
    changed = {member for member in before | after if before.get(member) != after.get(member)}
    assert changed == {"desiredCount", "runningCount", "deployments"}
    assert after["deployments"][0]["id"] == before["deployments"][0]["id"]
    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["runningTasksCount"] == 5


def test_a_part_of_the_deployment_configuration_leaves_the_rest(ecs, cluster, create_service, live):
    create_service(deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})

    ecs.update_service(cluster=cluster, service="web", deploymentConfiguration={"maximumPercent": 150})

    configuration = live()["deploymentConfiguration"]
    assert configuration["maximumPercent"] == 150
    assert configuration["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_an_update_that_says_nothing_about_size_keeps_the_count_of_tasks(ecs, cluster, create_service):
    create_service(desiredCount=3)

    ecs.update_service(cluster=cluster, service="web", enableExecuteCommand=True)

    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["runningTasksCount"] == 3


def test_forcing_a_deployment_makes_a_new_one_of_the_same(ecs, cluster, create_service, live):
    before = create_service()["deployments"][0]

    ecs.update_service(cluster=cluster, service="web", forceNewDeployment=True)

    (after,) = live()["deployments"]
    assert after["id"] != before["id"]
    assert after["taskDefinition"] == before["taskDefinition"]


def test_a_deleted_service_cannot_be_updated(ecs, cluster, create_service):
    create_service()
    ecs.delete_service(cluster=cluster, service="web", force=True)

    with pytest.raises(ClientError, match="ServiceNotActiveException"):
        ecs.update_service(cluster=cluster, service="web", desiredCount=1)


def test_a_service_can_be_moved_to_spot(ecs, cluster, create_service, live):
    create_service()

    ecs.update_service(
        cluster=cluster, service="web", capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    )

    service = live()
    assert service["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE_SPOT"
    assert "launchType" not in service
