"""The recorder writes down calls of IAM, which speaks the query protocol, and of Cloud Map."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox

TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


def recorded(sandbox: Sandbox, source: str) -> list[dict[str, Any]]:
    return [each for each in sandbox.records() if each["eventSource"] == f"{source}.amazonaws.com"]


def test_calls_of_iam_are_recorded_with_their_members(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam", "ops-admin")
    iam.create_role(RoleName="recorded", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "a", "Value": "b"}])
    iam.put_role_policy(RoleName="recorded", PolicyName="p", PolicyDocument=TRUST)
    iam.get_role(RoleName="recorded")
    with pytest.raises(ClientError):
        iam.delete_role(RoleName="missing")
    named = [each for each in recorded(sandbox, "iam") if "recorded" in str(each["requestParameters"])]
    assert [each["eventName"] for each in named] == ["CreateRole", "PutRolePolicy"]
    assert named[1]["requestParameters"] == {"roleName": "recorded", "policyName": "p", "policyDocument": TRUST}
    (failed,) = [each for each in recorded(sandbox, "iam") if each["eventName"] == "DeleteRole"]
    assert failed["errorCode"] == "NoSuchEntity"


def test_a_flag_that_a_form_sends_as_text_is_recorded_as_one(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam", "ops-admin")
    arn = iam.create_policy(PolicyName="flags", PolicyDocument=TRUST)["Policy"]["Arn"]
    for said in (True, False):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=TRUST, SetAsDefault=said)
    written = [each for each in recorded(sandbox, "iam") if each["eventName"] == "CreatePolicyVersion"]
    assert [each["requestParameters"]["setAsDefault"] for each in written] == [True, False]


def test_calls_of_cloud_map_are_recorded_as_cloudtrail_spells_them(sandbox: Sandbox) -> None:
    cloud_map = sandbox.client("servicediscovery", "ops-admin")
    cloud_map.create_http_namespace(Name="recorded")
    (namespace,) = [each for each in cloud_map.list_namespaces()["Namespaces"] if each["Name"] == "recorded"]
    service = cloud_map.create_service(Name="recorded", NamespaceId=namespace["Id"])["Service"]
    cloud_map.delete_service(Id=service["Id"])
    deleted = recorded(sandbox, "servicediscovery")[-1]
    assert (deleted["eventName"], deleted["requestParameters"]) == ("DeleteService", {"id": service["Id"]})
