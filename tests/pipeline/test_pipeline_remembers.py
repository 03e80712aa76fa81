"""Which events a cycle counts as handled: the next one does not look at them again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model import Record, Remedy, Status, Trust
from reconciler.pipeline.collect import collect
from reconciler.pipeline.findings import is_unsettled
from tests.reports import make_finding


class Feed:
    """A source of one UpdateService per id."""

    name = "feed"

    def __init__(self, *ids: str, remembers: bool) -> None:
        self.ids = ids
        self.remembers = remembers

    def records(self, cursor: str | None) -> Iterator[Any]:
        for number, name in enumerate(self.ids):
            yield Record(
                {
                    "eventID": name,
                    "eventSource": "ecs.amazonaws.com",
                    "eventName": "UpdateService",
                    "eventTime": "2026-01-02T03:04:05Z",
                    "awsRegion": "us-east-1",
                    "recipientAccountId": "123456789012",
                    "requestParameters": {"service": "web", "cluster": "prod"},
                },
                f"feed:{number}",
            )

    def cursor(self) -> str | None:
        return None

    def acknowledge(self) -> None:
        pass


def test_events_of_a_watched_feed_are_to_be_remembered_and_those_handed_over_are_not() -> None:
    intake = collect([Feed("a", "b", remembers=True), Feed("c", remembers=False)], Trust(), None)
    assert {event.id for event in intake.events} == {"a", "b", "c"}
    assert set(intake.watched) == {"a", "b"}


def test_an_event_that_is_handed_over_and_watched_is_remembered() -> None:
    assert set(collect([Feed("a", remembers=False), Feed("a", remembers=True)], Trust(), None).watched) == {"a"}


class Given:
    """A source of these records."""

    name = "given"
    remembers = True

    def __init__(self, *bodies: Any) -> None:
        self.bodies = bodies

    def records(self, cursor: str | None) -> Iterator[Any]:
        yield from (Record(body, f"given:{number}") for number, body in enumerate(self.bodies))

    def cursor(self) -> str | None:
        return None

    def acknowledge(self) -> None:
        pass


REGISTERED = {
    "eventSource": "ecs.amazonaws.com",
    "eventName": "RegisterTaskDefinition",
    "eventTime": "2026-01-02T03:04:05Z",
    "awsRegion": "us-east-1",
    "recipientAccountId": "123456789012",
    "userIdentity": {
        "type": "AssumedRole",
        "sessionContext": {
            "webIdFederationData": {
                "federatedProvider": "github",
                "attributes": {"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"},
            }
        },
    },
    "requestParameters": {
        "family": "web",
        "containerDefinitions": [{"name": "web", "environment": [{"name": "PASSWORD", "value": "hunter2"}]}],
    },
    "responseElements": {
        "taskDefinition": {
            "family": "web",
            "containerDefinitions": [{"environment": [{"name": "P", "value": "hunter2"}]}],
        }
    },
}


def test_what_is_remembered_holds_no_environment_values() -> None:
    (kept,) = collect([Given(REGISTERED)], Trust(), None).watched.values()
    assert "hunter2" not in str(kept)
    assert "PASSWORD" in str(kept)


@pytest.mark.parametrize(
    "holding",
    [
        {"dockerLabels": {"deploy": "ghp_" + "a1B2" * 9}},
        {"logConfiguration": {"logDriver": "x", "options": {"extra": "--password=hunter22x"}}},
        {"healthCheck": {"command": ["CMD-SHELL", "curl --password=hunter22x localhost"]}},
    ],
)
def test_nor_what_looks_like_a_secret_elsewhere(holding: dict[str, Any]) -> None:
    asked = {"family": "web", "containerDefinitions": [{"name": "web", "image": "nginx:1.25", **holding}]}
    (kept,) = collect([Given({**REGISTERED, "requestParameters": asked})], Trust(), None).watched.values()
    assert "hunter22x" not in str(kept)
    assert "ghp_" not in str(kept)
    assert kept.body["requestParameters"]["containerDefinitions"][0]["image"] == "nginx:1.25"


@pytest.mark.parametrize("more", [{"eventID": "e"}, {}], ids=["with an id", "without one"])
def test_what_is_remembered_is_the_same_event_when_it_is_read_again(more: dict[str, str]) -> None:
    intake = collect([Given({**REGISTERED, **more})], Trust(), None)
    again = collect([Given(record.body) for record in intake.watched.values()], Trust(), None)
    assert [replace(event, where="") for event in again.events] == [replace(event, where="") for event in intake.events]
    assert again.events[0].actor.name == "acme/shop"


def test_a_record_that_is_nested_too_deeply_to_be_kept_is_broken() -> None:
    deep: Any = "x"
    for _ in range(sys.getrecursionlimit() - 200):
        deep = {"a": deep}
    intake = collect([Given({**REGISTERED, "responseElements": {"other": deep}})], Trust(), None)
    assert (intake.tally.read, intake.tally.changes, intake.tally.broken) == (1, 0, 1)


def test_what_trusted_people_changed_is_no_event_and_known_all_the_same() -> None:
    body = {**REGISTERED, "userIdentity": {"arn": "arn:aws:iam::123456789012:user/ci"}, "eventID": "e"}
    read = {**body, "eventName": "DescribeServices", "readOnly": True}
    intake = collect([Given(body, read)], Trust(principals=("*:user/ci",)), None)
    assert (intake.events, intake.watched, intake.tally.skipped) == ((), {}, {"trusted": 1, "read_only": 1})
    assert ([event.id for event in intake.trusted], {*intake.marks}) == (["e"], {"trusted:e"})


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        pytest.param("not_checked", Remedy(kind="none", reason="the plan failed"), id="nobody could look"),
        pytest.param(
            "drift", Remedy(kind="adopt", reason="uncommitted changes in main.tf"), id="no clone, plan or push"
        ),
    ],
)
def test_what_failed_is_looked_at_again(status: Status, remedy: Remedy) -> None:
    assert is_unsettled(make_finding(status=status, remedy=remedy))


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        pytest.param("drift", Remedy(kind="adopt", reason="closed", proof="proven"), id="proposed"),
        pytest.param("drift", Remedy(kind="adopt", reason="more moves", proof="refuted"), id="refuted"),
        pytest.param("drift", Remedy(kind="none", reason="an expression"), id="a person's"),
        pytest.param("drift", Remedy(kind="revert", reason="terraform apply reverts it"), id="to be reverted"),
        pytest.param("healed", Remedy(kind="none", reason="nothing to remedy"), id="healed"),
    ],
)
def test_what_has_its_answer_is_not(status: Status, remedy: Remedy) -> None:
    assert not is_unsettled(make_finding(status=status, remedy=remedy))
