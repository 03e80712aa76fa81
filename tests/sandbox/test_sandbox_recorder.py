"""Calls become CloudTrail records as AWS writes them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.shapes import as_recorded, service_model

TEXT_TIME = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M")


def test_a_change_is_recorded_with_the_members_of_the_api(recorded, ecs, cluster, create_service):
    create_service()

    record = recorded(lambda: ecs.update_service(cluster=cluster, service="web", desiredCount=5))

    assert record["eventVersion"] == "1.11"
    assert record["eventSource"] == "ecs.amazonaws.com"
    assert record["eventName"] == "UpdateService"
    assert record["awsRegion"] == "us-east-1"
    assert record["recipientAccountId"] == "123456789012"
    assert record["readOnly"] is False
    assert record["eventType"] == "AwsApiCall"
    assert record["managementEvent"] is True
    assert record["eventCategory"] == "Management"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["eventTime"])
    assert record["requestParameters"] == {"cluster": cluster, "service": "web", "desiredCount": 5}
    assert record["responseElements"]["service"]["desiredCount"] == 5
    assert record["responseElements"]["service"]["serviceArn"].endswith(f":service/{cluster}/web")
    assert "errorCode" not in record


def test_every_recorded_member_is_one_of_the_apis_model(sandbox, ecs, cluster, create_service):
    create_service(tags=[{"key": "team", "value": "shop"}])
    ecs.update_service(cluster=cluster, service="web", desiredCount=1, healthCheckGracePeriodSeconds=5)
    ecs.put_cluster_capacity_providers(
        cluster=cluster, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )
    ecs.delete_service(cluster=cluster, service="web", force=True)

    names = set()
    for record in sandbox.records():
        if record["eventSource"] == "ecs.amazonaws.com" and not record["readOnly"]:
            names.add(record["eventName"])
            operation = service_model("ecs").operation_model(record["eventName"])
            check_members(operation.input_shape, record["requestParameters"])
            check_members(operation.output_shape, record["responseElements"])
    assert {"CreateCluster", "RegisterTaskDefinition", "CreateService", "UpdateService", "DeleteService"} <= names


def check_members(shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        assert isinstance(value, dict)
        assert set(value) <= set(shape.members), set(value) - set(shape.members)
        for name, member in value.items():
            check_members(shape.members[name], member)
    elif shape.type_name == "list":
        for member in value:
            check_members(shape.member, member)
    elif shape.type_name == "timestamp":
        assert TEXT_TIME.fullmatch(value), value


def test_the_request_id_is_the_one_the_caller_got(recorded, sandbox, ecs, cluster):
    answers = []

    record = recorded(lambda: answers.append(ecs.describe_clusters(clusters=[cluster])))

    assert record["requestID"] == answers[0]["ResponseMetadata"]["RequestId"]


def test_a_read_is_recorded_as_read_only_and_without_its_answer(recorded, ecs, cluster):
    record = recorded(lambda: ecs.describe_clusters(clusters=[cluster]))

    assert record["readOnly"] is True
    assert record["requestParameters"] == {"clusters": [cluster]}
    assert record["responseElements"] is None


def test_a_read_without_arguments_has_no_request_parameters(recorded, ecs):
    assert recorded(lambda: ecs.list_clusters())["requestParameters"] is None


def test_a_failed_call_is_recorded_with_its_error_and_changed_nothing(recorded, ecs, cluster):
    def update() -> None:
        with pytest.raises(ClientError):
            ecs.update_service(cluster=cluster, service="nowhere", desiredCount=9)

    record = recorded(update)

    assert record["errorCode"] == "ServiceNotFoundException"
    assert record["errorMessage"] == "Service not found."
    assert record["requestParameters"]["desiredCount"] == 9
    assert record["responseElements"] is None
    assert ecs.list_services(cluster=cluster)["serviceArns"] == []


def test_environment_values_are_redacted_everywhere_and_their_names_kept(sandbox, recorded, ecs):
    secret = "hunter2-hunter2"
    container = {
        "name": "app",
        "image": "app:1",
        "environment": [{"name": "TOKEN", "value": secret}],
        "secrets": [{"name": "KEY", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/key"}],
        "repositoryCredentials": {"credentialsParameter": f"arn:{secret}"},
    }

    record = recorded(
        lambda: ecs.register_task_definition(family="secretive", memory="512", containerDefinitions=[container])
    )

    for side in (record["requestParameters"], record["responseElements"]["taskDefinition"]):
        (written,) = side["containerDefinitions"]
        assert written["environment"] == [{"name": "TOKEN", "value": "***REDACTED***"}]
        assert written["secrets"] == container["secrets"]
        assert written["image"] == "app:1"
    assert secret not in json.dumps(sandbox.records())
    live = ecs.describe_task_definition(taskDefinition="secretive")["taskDefinition"]
    assert live["containerDefinitions"][0]["environment"] == container["environment"]


def test_environment_values_of_overrides_are_redacted_too():
    overrides = {"containerOverrides": [{"name": "app", "environment": [{"name": "A", "value": "s3cret"}]}]}

    recorded = as_recorded("ecs", "RunTask", "input", {"overrides": overrides}, text_times=True)

    assert recorded["overrides"]["containerOverrides"][0]["environment"] == [{"name": "A", "value": "***REDACTED***"}]


def test_times_are_text_in_us_order_without_a_zone():
    answer = {"service": {"createdAt": 1612185625.25, "events": [{"createdAt": 1612137600}]}}

    recorded = as_recorded("ecs", "UpdateService", "output", answer, text_times=True)

    assert recorded["service"]["createdAt"] == "Feb 1, 2021 1:20:25 PM"
    assert recorded["service"]["events"][0]["createdAt"] == "Feb 1, 2021 12:00:00 AM"


def test_members_that_the_model_does_not_know_are_kept():
    assert as_recorded("ecs", "UpdateService", "input", {"newThing": {"a": 1}}, text_times=True) == {
        "newThing": {"a": 1}
    }


def test_application_auto_scaling_writes_the_source_of_ec2_auto_scaling(recorded, sandbox, cluster, create_service):
    create_service()
    scaling = sandbox.client("application-autoscaling", "developer")

    record = recorded(
        lambda: scaling.register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{cluster}/web",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=4,
        )
    )

    assert record["eventSource"] == "autoscaling.amazonaws.com"
    assert record["additionalEventData"] == {"service": "application-autoscaling"}
    assert record["requestParameters"] == {
        "serviceNamespace": "ecs",
        "resourceId": f"service/{cluster}/web",
        "scalableDimension": "ecs:service:DesiredCount",
        "minCapacity": 1,
        "maxCapacity": 4,
    }


def test_a_cluster_of_eks_is_recorded_as_ekss(recorded, sandbox):
    eks = sandbox.client("eks", "jane")

    record = recorded(
        lambda: eks.create_cluster(
            name="production",
            roleArn="arn:aws:iam::123456789012:role/eks",
            resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]},
        )
    )

    assert (record["eventSource"], record["eventName"]) == ("eks.amazonaws.com", "CreateCluster")
    assert record["requestParameters"]["name"] == "production"
    assert record["responseElements"]["cluster"]["arn"].startswith("arn:aws:eks:")
    assert isinstance(record["responseElements"]["cluster"]["createdAt"], int | float)


def test_a_call_whose_parameters_are_in_the_path_is_recorded_with_them(recorded, sandbox):
    eks = sandbox.client("eks", "jane")

    def delete() -> None:
        with pytest.raises(ClientError):
            eks.delete_cluster(name="not-there")

    record = recorded(delete)

    assert record["eventName"] == "DeleteCluster"
    assert record["requestParameters"] == {"name": "not-there"}
    assert record["errorCode"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "call",
    [
        lambda sandbox: sandbox.client("s3").list_buckets(),
        lambda sandbox: sandbox.client("ec2").describe_vpcs(),
        lambda sandbox: sandbox.client("sts").get_caller_identity(),
        lambda sandbox: sandbox.client("cloudtrail").lookup_events(),
        lambda sandbox: sandbox.client("eks").list_clusters(),
    ],
    ids=["s3", "ec2", "sts", "cloudtrail", "eks read"],
)
def test_other_services_are_not_recorded(sandbox, call):
    before = len(sandbox.records())

    call(sandbox)

    assert len(sandbox.records()) == before


def test_the_region_is_the_one_the_request_was_signed_for(recorded, sandbox):
    record = recorded(lambda: sandbox.client("ecs", region="eu-central-1").create_cluster(clusterName="away"))

    assert record["awsRegion"] == "eu-central-1"
    assert record["responseElements"]["cluster"]["clusterArn"].startswith("arn:aws:ecs:eu-central-1:")


def test_genuine_records_have_the_same_top_level_members(recorded, ecs, cluster, create_service):
    """The members of a record of 2021 and those that came since."""
    create_service()
    record = recorded(lambda: ecs.update_service(cluster=cluster, service="web", desiredCount=0))

    assert set(record) == {
        *("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress"),
        *("userAgent", "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType"),
        *("managementEvent", "recipientAccountId", "eventCategory", "tlsDetails"),
    }
