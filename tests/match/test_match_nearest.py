"""What is said of a resource in no state: what of the states is nearest to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.index_store import SqliteIndexStore
from reconciler.match import StateIndex, Unmatched, build_index, match_event, summarise
from reconciler.model import ResourceId, State, StateResource
from tests.change_events import ACCOUNT, REGION, change_event


def service(
    workspace: str, name: str, cluster: str = "prod", account: str = ACCOUNT, region: str = REGION
) -> StateResource:
    arn = f"arn:aws:ecs:{region}:{account}:service/{cluster}/{name}"
    return StateResource(
        workspace=workspace,
        address=f"aws_ecs_service.{name.replace('-', '_')}",
        type="aws_ecs_service",
        provider="aws",
        attributes={"id": arn, "name": name, "cluster": cluster},
    )


def reason(*resources: StateResource, **names: Any) -> str:
    event = change_event(ResourceId(**{"type": "aws_ecs_service", "cluster": "prod", "name": "web", **names}))
    states = [State(workspace=each.workspace, serial=1, lineage="l", resources=(each,)) for each in resources]
    (found,) = match_event(event, build_index(states, {}))
    assert isinstance(found, Unmatched)
    return found.reason


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (service("eu", "web", region="eu-west-1"), "aws_ecs_service.web in eu (region eu-west-1)"),
        (service("dev", "web", account="999999999999"), "aws_ecs_service.web in dev (account 999999999999)"),
        (service("test", "web", cluster="test"), "aws_ecs_service.web in test (cluster test)"),
        (service("prod", "web-2"), "aws_ecs_service.web_2 in prod (name web-2)"),
    ],
)
def test_the_nearest_is_named_with_what_is_different(resource: StateResource, words: str) -> None:
    assert reason(resource).endswith(f"is in the state of no configured workspace; the nearest: {words}")


@pytest.mark.parametrize(
    "resource",
    [service("prod", "api"), service("prod", "web-2", cluster="test"), service("eu", "web-2", region="eu-1")],
)
def test_what_is_not_near_is_not_named(resource: StateResource) -> None:
    assert reason(resource).endswith("is in the state of no configured workspace")


def test_three_are_named_the_nearest_first() -> None:
    others = [service(f"w{number}", "web", account=f"{number:012}", region="eu-west-1") for number in range(5)]
    told = reason(*others, service("near", "web", region="eu-west-1"))
    assert told.count(" in w") == 2
    assert "the nearest: aws_ecs_service.web in near (region eu-west-1), " in told


@pytest.fixture(params=["loaded", "stored"])
def in_index(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that asks an index, in memory or on disk, for addresses."""

    def ask(question: str, wanted: ResourceId, *resources: StateResource) -> list[str]:
        states = [State(workspace=each.workspace, serial=1, lineage="l", resources=(each,)) for each in resources]
        if request.param == "loaded":
            index = build_index(states, {})
            return [entry.resource.address for entry in getattr(index, question)(wanted, 10)]
        store = SqliteIndexStore(tmp_path / "index.db")
        store.put([summarise(state, "1", None) for state in states])
        with store.reading() as shelf:
            return [entry.resource.address for entry in getattr(StateIndex((), shelf), question)(wanted, 10)]

    return ask


WEB = ResourceId(type="aws_ecs_service", account=ACCOUNT, region=REGION, cluster="prod", name="web")


def test_siblings_are_those_of_the_same_cluster_only(in_index: Callable[..., list[str]]) -> None:
    there = [service("a", "api"), service("b", "web-2"), service("c", "job", cluster="prod-2")]
    assert sorted(in_index("siblings", WEB, *there)) == ["aws_ecs_service.api", "aws_ecs_service.web_2"]


def test_namesakes_are_those_of_exactly_the_name(in_index: Callable[..., list[str]]) -> None:
    there = [service("a", "web", region="eu-west-1"), service("b", "web-2"), service("c", "Web")]
    assert in_index("namesakes", WEB, *there) == ["aws_ecs_service.web"]


def test_the_nearest_namesake_comes_first_however_many_there_are(in_index: Callable[..., list[str]]) -> None:
    def elsewhere(number: int) -> StateResource:
        return replace(service(f"w{number:03}", "web", account=f"{number:012}"), address=f"w{number}")

    region, cluster = service("region", "web", region="eu-west-1"), service("cluster", "web", cluster="test")
    near = [replace(region, address="region"), replace(cluster, address="cluster")]
    far = replace(service("far", "web", account="9" * 12, region="eu-west-1"), address="far")
    found = in_index("namesakes", WEB, far, *map(elsewhere, range(250)), *near)
    assert found[:2] == ["cluster", "region"]
    assert (len(found), "far" in found) == (10, False)


def test_siblings_elsewhere_take_no_place_from_those_here(in_index: Callable[..., list[str]]) -> None:
    elsewhere = [service(f"w{number}", f"a-{number}", account="9" * 12) for number in range(20)]
    abroad = [service(f"v{number}", f"b-{number}", region="eu-west-1") for number in range(20)]
    assert in_index("siblings", WEB, *elsewhere, *abroad, service("here", "web-2")) == ["aws_ecs_service.web_2"]


def test_a_name_like_it_is_found_among_hundreds() -> None:
    others = [service(f"w{number}", f"{number * 7919:x}-job") for number in range(300)]
    assert "aws_ecs_service.checkout_api in last" in reason(
        *others, service("last", "checkout-api"), name="checkout-apl"
    )
