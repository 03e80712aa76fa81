"""What is deleted goes as it goes in AWS: each test fails when its patch is not applied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.patches import deletion


def test_a_deleted_service_drains_and_is_listed_no_more(ecs, cluster, create_service, live):
    create_service()

    answer = ecs.delete_service(cluster=cluster, service="web", force=True)["service"]

    assert answer["status"] == "DRAINING"
    assert live()["status"] == "INACTIVE"
    assert ecs.list_services(cluster=cluster)["serviceArns"] == []
    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["activeServicesCount"] == 0


def behind_a_load_balancer(create_service):
    group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef"
    return create_service(
        loadBalancers=[{"targetGroupArn": group, "containerName": "nginx", "containerPort": 80}],
    )


def test_a_service_drains_while_a_load_balancer_has_its_tasks(ecs, cluster, create_service, live):
    behind_a_load_balancer(create_service)

    ecs.delete_service(cluster=cluster, service="web", force=True)

    assert live()["status"] == "DRAINING"
    assert ecs.list_services(cluster=cluster)["serviceArns"] == []
    with pytest.raises(ClientError, match="still Draining"):
        create_service()


def test_it_is_inactive_once_the_tasks_are_deregistered(ecs, cluster, create_service, live, monkeypatch):
    monkeypatch.setattr(deletion, "_DEREGISTRATION", timedelta(0))
    behind_a_load_balancer(create_service)

    ecs.delete_service(cluster=cluster, service="web", force=True)

    assert live()["status"] == "INACTIVE"
    create_service()
    assert live()["status"] == "ACTIVE"


def test_a_service_without_tasks_has_nothing_to_drain(ecs, cluster, create_service, live):
    behind_a_load_balancer(create_service)
    ecs.update_service(cluster=cluster, service="web", desiredCount=0)

    ecs.delete_service(cluster=cluster, service="web")

    assert live()["status"] == "INACTIVE"


def test_a_deleted_cluster_is_listed_no_more(ecs, cluster):
    arn = ecs.delete_cluster(cluster=cluster)["cluster"]["clusterArn"]

    assert arn not in ecs.list_clusters()["clusterArns"]


def test_a_deleted_revision_is_told_as_such_and_its_number_is_not_given_again(ecs, register):
    first = register("erased")
    ecs.deregister_task_definition(taskDefinition=first)

    (answer,) = ecs.delete_task_definitions(taskDefinitions=[first])["taskDefinitions"]

    assert answer["status"] == "DELETE_IN_PROGRESS"
    assert ecs.describe_task_definition(taskDefinition=first)["taskDefinition"]["status"] == "DELETE_IN_PROGRESS"
    assert register("erased").endswith("erased:2")


def test_a_revision_that_is_active_is_not_deleted(ecs, register):
    (failure,) = ecs.delete_task_definitions(taskDefinitions=[register("busy")])["failures"]

    assert "still in ACTIVE status" in failure["reason"]
    assert ecs.describe_task_definition(taskDefinition="busy")["taskDefinition"]["status"] == "ACTIVE"
