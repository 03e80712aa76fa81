"""What Amazon ECS says of a service or cluster that should be gone; and that not knowing is no answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from reconciler.adapters import ecs
from reconciler.adapters.ecs import EcsStatus
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
        return {"services": self._answer(request)}

    def describe_clusters(self, **request: Any) -> Any:
        return {"clusters": self._answer(request)}

    def _answer(self, request: Any) -> Any:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def ask(monkeypatch: pytest.MonkeyPatch, answer: Any, resource: ResourceId) -> tuple[str | None, Ecs, list[Any]]:
    fake, options = Ecs(answer), []

    def client(service: str, environment: Any, **more: Any) -> Ecs:
        options.append((service, environment["AWS_PROFILE"], more))
        return fake

    monkeypatch.setattr(ecs, "client", client)
    return EcsStatus({})(PROD, resource), fake, options


@pytest.mark.parametrize("status", ["ACTIVE", "DRAINING", "INACTIVE"])
def test_the_status_is_awss_own_word(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    found, fake, options = ask(monkeypatch, [{"status": status}], SERVICE)
    assert (found, fake.asked) == (status, [{"cluster": "shop", "services": ["web"]}])
    assert options == [("ecs", "prod", {"region": "eu-west-1", "patience": 1.0})]
    assert ask(monkeypatch, [{"status": status}], CLUSTER)[0] == status


def test_what_aws_does_not_know_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(monkeypatch, [], SERVICE)[0] == "MISSING"
    assert ask(monkeypatch, [], CLUSTER)[0] == "MISSING"


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeServices"),
        ConnectTimeoutError(endpoint_url="https://ecs"),
    ],
    ids=["denied", "unreachable"],
)
def test_a_failure_to_ask_is_no_answer(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    with pytest.raises(AwsError, match="web could not be described"):
        ask(monkeypatch, failure, SERVICE)


@pytest.mark.parametrize("kind", ["aws_ecs_task_definition", "aws_ecs_capacity_provider", None])
def test_of_other_kinds_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, kind: str | None) -> None:
    found, fake, _ = ask(monkeypatch, [], ResourceId(type=kind, name="x"))
    assert (found, fake.asked) == (None, [])
