"""The statuses of many resources are asked together: few calls, and each gets its own answer, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters import ecs
from reconciler.adapters.ecs import EcsStatus
from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace
from reconciler.sandbox import ACCOUNT, REGION, Sandbox

PROD = Workspace(name="prod", path=Path("/nowhere"))


def service(name: str, cluster: str = "shop") -> ResourceId:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{cluster}/{name}"
    return ResourceId(type="aws_ecs_service", account=ACCOUNT, region=REGION, arn=arn, cluster=cluster, name=name)


class Aws:
    """ECS and STS of one account; `statuses` are by name, and `refused` why one cannot be described."""

    def __init__(self, account: str = ACCOUNT, refused: dict[str, str] | None = None, **statuses: str) -> None:
        self._account = account
        self._refused = refused or {}
        self._statuses = statuses
        self.asked: list[Any] = []

    def describe_services(self, cluster: str, services: list[str]) -> Any:
        self.asked.append((cluster.rpartition("/")[2], [each.rpartition("/")[2] for each in services]))
        names = {each.rpartition("/")[2]: each for each in services}
        there = [{"serviceArn": arn, "status": self._statuses[name]} for name, arn in names.items() if name in self]
        missing = [{"arn": arn, "reason": self._why(name)} for name, arn in names.items() if name not in self]
        return {"services": there[::-1], "failures": missing}

    def get_caller_identity(self) -> Any:
        self.asked.append("whose")
        return {"Account": self._account}

    def __contains__(self, name: str) -> bool:
        return name in self._statuses

    def _why(self, name: str) -> str:
        return self._refused.get(name, "MISSING")


def ask(monkeypatch: pytest.MonkeyPatch, aws: Aws, *resources: ResourceId) -> dict[str | None, str]:
    monkeypatch.setattr(ecs, "shared_client", lambda *_question, **_options: aws)
    return {each.name: said for each, said in EcsStatus({})(PROD, resources)}


def test_ten_of_a_cluster_are_asked_about_at_once_and_the_account_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws(s3="ACTIVE", s11="DRAINING")
    said = ask(monkeypatch, aws, *(service(f"s{number}") for number in range(12)))
    assert said == {**{f"s{number}": "MISSING" for number in range(12)}, "s3": "ACTIVE", "s11": "DRAINING"}
    assert [len(call[1]) for call in aws.asked if call != "whose"] == [10, 2]
    assert aws.asked.count("whose") == 1


def test_services_of_two_clusters_are_not_asked_about_together(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws(web="ACTIVE")
    ask(monkeypatch, aws, service("web"), service("web", "other"), service("web"))
    assert aws.asked == [("shop", ["web"]), ("other", ["web"])]


def test_another_account_answers_for_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AwsError, match=f"account 210987654321 has answered for {ACCOUNT}$"):
        ask(monkeypatch, Aws(account="210987654321"), service("a"), service("b"))


def test_what_was_said_counts_before_one_that_ecs_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ecs, "shared_client", lambda *_question, **_options: Aws(s1="ACTIVE", refused={"s12": "DENIED"})
    )
    answers = EcsStatus({})(PROD, [service(f"s{number}") for number in range(13)])
    assert [next(answers)[1] for _ in range(10)].count("ACTIVE") == 1
    with pytest.raises(AwsError, match=r"ecs:DescribeServices in .*: DENIED"):
        next(answers)


def test_an_answer_about_something_else_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws()
    monkeypatch.setattr(
        aws, "describe_services", lambda **_request: {"services": [{"serviceArn": "x", "status": "ACTIVE"}]}
    )
    with pytest.raises(AwsError, match="it has answered for x, which was not asked for"):
        ask(monkeypatch, aws, service("web"))


def test_amazon_ecs_itself_answers_many_at_once(sandbox: Sandbox) -> None:
    made = sandbox.client("ecs")
    made.create_cluster(clusterName="many")
    made.register_task_definition(family="many", containerDefinitions=[{"name": "a", "image": "a", "memory": 64}])
    for name in ("s3", "s11"):
        made.create_service(cluster="many", serviceName=name, taskDefinition="many", desiredCount=0)
    before = len(sandbox.records())
    said = dict(EcsStatus(sandbox.environment())(PROD, [service(f"s{number}", "many") for number in range(12)]))
    assert {each.name for each, status in said.items() if status == "ACTIVE"} == {"s3", "s11"}
    assert sorted(said.values()) == ["ACTIVE"] * 2 + ["MISSING"] * 10
    assert [each["eventName"] for each in sandbox.records()[before:]] == ["DescribeServices"] * 2
