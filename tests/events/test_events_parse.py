"""What becomes of a record, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cloudtrail_records import change, read, reason, record, scaling, session

from reconciler.model import Broken, Skipped, Trust


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (record("DescribeServices", readOnly=True), "read_only"),
        (record("DescribeServices", readOnly=None), "read_only"),
        (record("ListClusters", readOnly="true"), "read_only"),
        (record("DescribeSomethingNew", readOnly=None), "read_only"),
        (record("WeighService", readOnly="true"), "read_only"),
        (record("InventService"), "unsupported"),
        (record("Getaway"), "unsupported"),
        (record("RunTask"), "runtime"),
        (record("StopTask"), "runtime"),
        (record("DiscoverPollEndpoint"), "runtime"),
        (record(errorCode="ThrottlingException"), "failed_call"),
        (record(errorMessage="no such service"), "failed_call"),
        (record(eventSource="eks.amazonaws.com"), "other_service"),
        (record(eventSource="ecs-cn-hangzhou.aliyuncs.com"), "other_service"),
        (record(eventSource="ecs.amazonaws.com.example.org"), "other_service"),
        (record(eventType="AwsServiceEvent"), "not_an_api_call"),
        (record(eventType="AwsConsoleSignIn"), "not_an_api_call"),
        ({"eventType": "AwsCloudTrailInsight", "insightDetails": {"eventName": "UpdateService"}}, "not_an_api_call"),
        ({"insightDetails": {}}, "not_an_api_call"),
    ],
)
def test_no_change_has_a_reason(body: dict[str, Any], expected: str) -> None:
    assert reason(body) == expected


def test_a_change_carries_what_the_record_says() -> None:
    event = change(record("UpdateService", {"cluster": "prod", "service": "web", "desiredCount": 5}))
    assert event.id == "11111111-1111-1111-1111-111111111111"
    assert (event.name, event.source) == ("UpdateService", "ecs.amazonaws.com")
    assert event.time == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert (event.account, event.region) == ("111122223333", "eu-central-1")
    assert event.requested == {"desired_count": 5}
    assert event.where == "events.jsonl:1"


def test_the_same_name_of_another_service_is_no_change() -> None:
    for source in ("eks", "redshift", "kafka", "apprunner", "servicediscovery", "vpc-lattice", "proton", "sdb"):
        for name in ("CreateCluster", "CreateService", "PutAttributes", "CreateTaskSet"):
            assert (
                reason(record(name, {"serviceName": "web"}, eventSource=f"{source}.amazonaws.com")) == "other_service"
            )


def test_application_auto_scaling_is_told_from_ec2_auto_scaling() -> None:
    assert change(scaling("RegisterScalableTarget", maxCapacity=9)).requested == {"max_capacity": 9}
    assert reason(record("CreateAutoScalingGroup", eventSource="autoscaling.amazonaws.com")) == "other_service"
    without_hint = {**scaling("PutScalingPolicy"), "additionalEventData": None}
    assert reason(without_hint) == "other_service"
    assert reason(scaling("PutScalingPolicy", serviceNamespace="dynamodb")) == "other_service"
    assert reason(scaling("DescribeScalableTargets")) == "read_only"


def test_old_records_without_event_type_count() -> None:
    assert change(record("DeleteCluster", {"cluster": "prod"}, eventType=None)).severity == "critical"


def test_a_call_that_only_reports_failures_changed_nothing() -> None:
    failures = {"taskDefinitions": [], "failures": [{"arn": "arn:x", "reason": "MISSING"}]}
    assert reason(record("DeleteTaskDefinitions", {"taskDefinitions": ["web:1"]}, failures)) == "failed_call"


def test_a_call_with_some_failures_changed_the_rest() -> None:
    done = {"taskDefinitionArn": "arn:aws:ecs:eu-central-1:111122223333:task-definition/web:1"}
    response = {"taskDefinitions": [done], "failures": [{"reason": "MISSING"}]}
    event = change(record("DeleteTaskDefinitions", {"taskDefinitions": ["web:1", "web:2"]}, response))
    assert [resource.revision for resource in event.resources] == [1]


@pytest.mark.parametrize(
    "time", ["2024-05-01T12:00:00Z", "2024-05-01T12:00:00.000Z", "2024-05-01 12:00:00.000", "2024-05-01T14:00:00+02:00"]
)
def test_times_in_the_forms_that_occur(time: str) -> None:
    assert change(record(eventTime=time)).time == datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("time", [None, "yesterday", 1714564800, "", ["2024-05-01T12:00:00Z"], "9999-99-99T00:00:00Z"])
def test_a_change_without_a_readable_time_is_broken(time: Any) -> None:
    outcome = read(record(eventTime=time))
    assert isinstance(outcome, Broken)
    assert "eventTime" in outcome.reason


@pytest.mark.parametrize("body", [{}, {"eventName": "UpdateService"}, {"eventSource": 5, "eventName": "x"}, [], "x", 7])
def test_what_is_no_record_is_broken(body: Any) -> None:
    assert isinstance(read(body), Broken)


def test_a_record_without_event_id_gets_the_same_id_every_time() -> None:
    body = record("UpdateService", {"service": "web"}, eventID=None)
    shuffled = dict(reversed(body.items()))
    assert change(body).id == change(shuffled).id
    assert change(body).id != change({**body, "eventTime": "2024-05-01T12:00:01Z"}).id


def test_the_account_is_the_recipients_not_the_callers() -> None:
    caller = {**session("deploy", "s"), "accountId": "999988887777"}
    event = change(record("DeleteCluster", {"cluster": "prod"}, userIdentity=caller))
    assert event.account == "111122223333"
    assert event.resources[0].arn == "arn:aws:ecs:eu-central-1:111122223333:cluster/prod"
    assert event.actor.account == "999988887777"


def test_an_account_number_keeps_its_leading_zeros() -> None:
    assert (
        change(record("DeleteCluster", {"cluster": "prod"}, recipientAccountId=12345678901)).account == "012345678901"
    )


def test_task_definitions_keep_their_response_and_others_do_not() -> None:
    definition = {"taskDefinition": {"family": "web", "revision": 3, "containerDefinitions": []}}
    assert change(record("RegisterTaskDefinition", {"family": "web"}, definition)).response == definition
    assert change(record("UpdateService", {"service": "web"}, {"service": {"events": []}})).response == {}


class TestTrust:
    TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.7.0 (+https://www.terraform.io) aws-sdk-go-v2/1.30"

    @pytest.mark.parametrize(
        "principal",
        [
            "arn:aws:iam::*:role/terraform-*",
            "arn:aws:iam::111122223333:role/ci/terraform-apply",
            "arn:aws:sts::*:assumed-role/terraform-apply/*",
            "arn:aws:iam::111122223333:role/terraform-appl?",
            "*",
        ],
    )
    def test_a_session_of_a_trusted_role(self, principal: str) -> None:
        body = record(userIdentity=session("terraform-apply", "run-1", path="ci/"))
        assert reason(body, Trust(principals=(principal,))) == "trusted"

    @pytest.mark.parametrize(
        "principal",
        [
            "arn:aws:iam::*:role/terraform",
            "terraform-apply",
            "arn:aws:iam::999988887777:role/terraform-*",
            "arn:aws:iam::*:role/[t]erraform-apply",
            "ARN:AWS:IAM::*:ROLE/TERRAFORM-*",
            "",
        ],
    )
    def test_a_pattern_of_somebody_else_trusts_nobody(self, principal: str) -> None:
        change(record(userIdentity=session("terraform-apply", "run-1")), Trust(principals=(principal,)))

    def test_a_session_name_does_not_make_a_role_trusted(self) -> None:
        trust = Trust(principals=("arn:aws:iam::*:role/terraform-*",))
        change(record(userIdentity=session("admin", "terraform-apply")), trust)
        change(record(userIdentity={"type": "IAMUser", "userName": "terraform-apply"}), trust)

    def test_a_trusted_user(self) -> None:
        trust = Trust(principals=("arn:aws:iam::111122223333:user/ops-*",))
        assert reason(record(), trust) == "trusted"

    def test_terraforms_user_agent_is_skipped_only_when_asked(self) -> None:
        body = record(userAgent=self.TERRAFORM)
        assert reason(body, Trust(terraform_user_agent="skip")) == "terraform"
        for mode in ("verify", "ignore"):
            assert change(body, Trust(terraform_user_agent=mode)).actor.via == "terraform"

    def test_other_user_agents_are_not_skipped_as_terraform(self) -> None:
        for agent in ("aws-cli/2", "terraforming/1.0", "HashiCorp-terraform-exec/0.17", None):
            change(record(userAgent=agent), Trust(terraform_user_agent="skip"))

    def test_a_failed_call_is_failed_whoever_made_it(self) -> None:
        body = record(errorCode="ClientException", userAgent=self.TERRAFORM)
        trust = Trust(principals=("*",), terraform_user_agent="skip")
        assert reason(body, trust) == "failed_call"


def test_a_skipped_record_keeps_its_id_and_name() -> None:
    outcome = read(record("DescribeServices"))
    assert outcome == Skipped(
        reason="read_only",
        where="events.jsonl:1",
        event_id="11111111-1111-1111-1111-111111111111",
        name="DescribeServices",
    )
