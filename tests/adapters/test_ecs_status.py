"""What Amazon ECS says of a service or cluster that should be gone; and that not knowing is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from reconciler.adapters import ecs
from reconciler.adapters.aws import client
from reconciler.adapters.ecs import PATIENT, QUICK, EcsStatus, EcsTaskDefinitions
from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace

PROD = Workspace(name="prod", path=Path("/nowhere"), environment={"AWS_PROFILE": "prod"})
SERVICE = ResourceId(type="aws_ecs_service", region="eu-west-1", cluster="shop", name="web")
CLUSTER = ResourceId(type="aws_ecs_cluster", region="eu-west-1", name="shop")


class Ecs:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def describe_services(self, **request: Any) -> Any:
        return {"services": self._answer(request, "serviceArn", request["services"])}

    def describe_clusters(self, **request: Any) -> Any:
        return {"clusters": self._answer(request, "clusterArn", request["clusters"])}

    def describe_capacity_providers(self, **request: Any) -> Any:
        return {"capacityProviders": self._answer(request, "capacityProviderArn", request["capacityProviders"])}

    def describe_task_definition(self, **request: Any) -> Any:
        return {"taskDefinition": self._answer(request, "taskDefinitionArn", [request["taskDefinition"]])[0]}

    def _answer(self, request: Any, arn: str, names: Sequence[str]) -> Any:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return [{arn: name, **each} for name, each in zip(names, self.answer, strict=False)]


def ask(monkeypatch: pytest.MonkeyPatch, answer: Any, resource: ResourceId) -> tuple[str | None, Ecs, list[Any]]:
    fake, options = Ecs(answer), []

    def client(service: str, environment: Any, **more: Any) -> Ecs:
        options.append((service, environment["AWS_PROFILE"], more))
        return fake

    monkeypatch.setattr(ecs, "shared_client", client)
    return dict(EcsStatus({}, patience=QUICK)(PROD, [resource])).get(resource), fake, options


@pytest.mark.parametrize("status", ["ACTIVE", "DRAINING", "INACTIVE"])
def test_the_status_is_awss_own_word(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    found, fake, options = ask(monkeypatch, [{"status": status}], SERVICE)
    assert (found, fake.asked) == (status, [{"cluster": "shop", "services": ["web"]}])
    assert options == [("ecs", "prod", {"region": "eu-west-1", "patience": 1.0})]
    assert ask(monkeypatch, [{"status": status}], CLUSTER)[0] == status


def test_nobody_waits_for_minutes_to_hear_whether_a_resource_is_there() -> None:
    def config_of(**options: Any) -> Any:
        keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
        return client("ecs", keys, region="eu-west-1", **options).meta.config

    patient, hurried = config_of(**PATIENT), config_of(patience=QUICK)
    assert (patient.connect_timeout, patient.read_timeout, patient.retries["total_max_attempts"]) == (20.0, 20.0, 2)
    assert (hurried.connect_timeout, hurried.read_timeout, hurried.retries["total_max_attempts"]) == (1.0, 1.0, 1)


def test_what_a_finding_waits_for_is_patient_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def unreachable(*_arguments: Any, **options: Any) -> Any:
        asked.append(options)
        raise ConnectTimeoutError(endpoint_url="https://ecs")

    monkeypatch.setattr(ecs, "shared_client", unreachable)
    with pytest.raises(AwsError, match="ecs:DescribeServices"):
        list(EcsStatus({})(PROD, [SERVICE]))
    with pytest.raises(AwsError, match="ecs:DescribeTaskDefinition"):
        EcsTaskDefinitions({}).describe(PROD, "eu-west-1", "job:1")
    assert asked == [{"region": "eu-west-1", **PATIENT}] * 2


def test_what_aws_does_not_know_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(monkeypatch, [], SERVICE)[0] == "MISSING"
    assert ask(monkeypatch, [], CLUSTER)[0] == "MISSING"


ARN = "arn:aws:ecs:eu-west-1:123456789012"
OF_STATE = {"account": "123456789012", "region": "eu-west-1"}


@pytest.mark.parametrize(
    ("resource", "asked"),
    [
        (
            ResourceId(type="aws_ecs_service", arn=f"{ARN}:service/shop/web", cluster="shop", name="web", **OF_STATE),
            {"cluster": f"{ARN}:cluster/shop", "services": [f"{ARN}:service/shop/web"]},
        ),
        (
            ResourceId(type="aws_ecs_service", arn=f"{ARN}:service/web", cluster="shop", name="web", **OF_STATE),
            {"cluster": f"{ARN}:cluster/shop", "services": [f"{ARN}:service/web"]},
        ),
        (
            ResourceId(
                type="aws_ecs_task_definition", arn=f"{ARN}:task-definition/web:3", family="web", revision=3, **OF_STATE
            ),
            {"taskDefinition": f"{ARN}:task-definition/web:3"},
        ),
    ],
)
def test_aws_is_asked_for_the_very_resource_so_that_another_account_cannot_answer(
    monkeypatch: pytest.MonkeyPatch, resource: ResourceId, asked: Any
) -> None:
    found, fake, _ = ask(monkeypatch, [{"status": "ACTIVE"}], resource)
    assert (found, fake.asked) == ("ACTIVE", [asked])


def test_a_capacity_provider_on_its_way_out_is_not_active(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = ResourceId(type="aws_ecs_capacity_provider", name="spot")
    leaving = {"status": "ACTIVE", "updateStatus": "DELETE_IN_PROGRESS"}
    assert ask(monkeypatch, [leaving], provider)[0] == "DELETE_IN_PROGRESS"
    assert ask(monkeypatch, [{"status": "ACTIVE", "updateStatus": "UPDATE_COMPLETE"}], provider)[0] == "ACTIVE"


REVISION = ResourceId(type="aws_ecs_task_definition", region="eu-west-1", family="web", revision=3)


@pytest.mark.parametrize(
    ("code", "message", "resource"),
    [
        ("ClientException", "Unable to describe task definition.", REVISION),
        ("ClusterNotFoundException", "Cluster not found.", SERVICE),
    ],
)
def test_what_aws_refuses_because_there_is_none_is_missing(
    monkeypatch: pytest.MonkeyPatch, code: str, message: str, resource: ResourceId
) -> None:
    refused = ClientError({"Error": {"Code": code, "Message": message}}, "Describe")
    assert ask(monkeypatch, refused, resource)[0] == "MISSING"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized to perform: ecs:DescribeX"),
        ("ThrottlingException", "Rate exceeded"),
        ("ExpiredTokenException", "The security token included in the request is expired"),
        ("ClientException", "Invalid identifier"),
    ],
)
def test_any_other_refusal_names_the_call_and_what_aws_says(
    monkeypatch: pytest.MonkeyPatch, code: str, message: str
) -> None:
    refused = ClientError({"Error": {"Code": code, "Message": message}}, "DescribeTaskDefinition")
    with pytest.raises(AwsError, match=f"^ecs:DescribeTaskDefinition in eu-west-1: {code}: {message}$"):
        ask(monkeypatch, refused, REVISION)


def test_a_service_that_may_not_be_seen_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"services": [], "failures": [{"arn": "x", "reason": "ACCESS_DENIED"}]}
    monkeypatch.setattr(
        ecs, "shared_client", lambda *_arguments, **_options: SimpleNamespace(describe_services=answering)
    )

    def answering(**_request: Any) -> Any:
        return answer

    with pytest.raises(AwsError, match="ACCESS_DENIED"):
        list(EcsStatus({})(PROD, [SERVICE]))
    answer["failures"] = [{"arn": "x", "reason": "MISSING"}]
    assert list(EcsStatus({})(PROD, [SERVICE])) == [(SERVICE, "MISSING")]


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeServices"),
        ConnectTimeoutError(endpoint_url="https://ecs"),
    ],
    ids=["denied", "unreachable"],
)
def test_a_failure_to_ask_is_no_answer(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    with pytest.raises(AwsError, match="ecs:DescribeServices in eu-west-1"):
        ask(monkeypatch, failure, SERVICE)


@pytest.mark.parametrize("kind", ["aws_ecs_account_setting_default", "aws_iam_role", None])
def test_of_other_kinds_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, kind: str | None) -> None:
    found, fake, _ = ask(monkeypatch, [], ResourceId(type=kind, name="x"))
    assert (found, fake.asked) == (None, [])
