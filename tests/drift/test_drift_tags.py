"""Tags where the provider has default tags: what shows in `tags` depends on the code, applied or not."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.drift import planned_changes, read_drifts, with_ignored_tags
from reconciler.model import render_path
from reconciler.model.plan_changes import UNKNOWN


def plan(section: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    change = {"actions": ["update"], "before": before, "after": after}
    address = "aws_ecs_service.web"
    return {section: [{"address": address, "mode": "managed", "type": "aws_ecs_service", "change": change}]}


def tags(own: dict[str, str] | None, **everything: str) -> dict[str, Any]:
    return {"tags": own, "tags_all": everything}


def told(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    drifts = read_drifts(plan("resource_drift", before, after))
    return {render_path(each.path): (each.state, each.live) for drift in drifts for each in drift.changes}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(tags({}, Stack="a"), tags({"Stack": "a"}, Stack="a"), id="another default"),
        pytest.param(tags(None, Stack="a"), tags({"Stack": "a"}, Stack="a"), id="another default, no tags"),
        pytest.param(tags({"Team": "x"}, Team="x"), tags({}, Team="x"), id="a default like an own tag"),
    ],
)
def test_defaults_that_changed_in_code_only_are_no_drift(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert told(before, after) == {}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            tags({}, Stack="a"),
            tags({"Stack": "a", "Odd": "1"}, Stack="a", Odd="1"),
            {"tags[Odd]": (None, "1")},
            id="a foreign tag beside another default",
        ),
        pytest.param(
            tags({"Cost": "own"}, Cost="own"),
            tags({}, Cost="default"),
            {"tags[Cost]": ("own", "default")},
            id="an own tag set to the default's value",
        ),
        pytest.param(
            tags({}, Stack="a"),
            tags({"Stack": "b"}, Stack="b"),
            {"tags[Stack]": ("a", "b")},
            id="a default overwritten",
        ),
        pytest.param(tags({}, Stack="a"), tags({}), {"tags_all[Stack]": ("a", None)}, id="a default taken away"),
        pytest.param(tags({"A": "1"}, A="1"), tags({}), {"tags[A]": ("1", None)}, id="an own tag taken away"),
    ],
)
def test_a_tag_that_changed_is_told_once_with_its_values(
    before: dict[str, Any], after: dict[str, Any], expected: dict[str, tuple[Any, Any]]
) -> None:
    assert told(before, after) == expected


def test_code_that_moves_a_tag_between_default_and_own_changes_nothing() -> None:
    before, after = tags({"Stack": "a"}, Stack="a"), tags({}, Stack="a")
    assert planned_changes(plan("resource_changes", before, after)) == {}
    assert planned_changes(plan("resource_changes", before, tags({}, Stack="b")))


@pytest.mark.parametrize(
    ("ignoring", "expected"),
    [
        ({"keys": {"constant_value": ["Team"]}}, ["tags[Owner]"]),
        ({"key_prefixes": {"constant_value": ["Te"]}}, ["tags[Owner]"]),
        ({"keys": {"constant_value": ["Team", "Owner"]}}, []),
        ({"keys": {"references": ["var.keys"]}}, ["tags[Team]", "tags[Owner]"]),
        ({}, ["tags[Team]", "tags[Owner]"]),
    ],
)
def test_a_tag_that_the_provider_no_longer_reads_is_not_gone(ignoring: dict[str, Any], expected: list[str]) -> None:
    before = tags({"Team": "x", "Owner": "y"}, Team="x", Owner="y")
    seen = plan("resource_drift", before, tags({}))
    resource = {"address": "aws_ecs_service.web", "mode": "managed", "provider_config_key": "aws"}
    provider = {"aws": {"name": "aws", "expressions": {"ignore_tags": [ignoring]}}}
    seen["configuration"] = {"provider_config": provider, "root_module": {"resources": [resource]}}
    assert [render_path(each.path) for drift in read_drifts(seen) for each in drift.changes] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["Te"], ["tags[Owner]"]),
        (["Te", UNKNOWN], ["tags[Owner]"]),
        (["Te", "Own"], []),
        ([], ["tags[Team]", "tags[Owner]"]),
        (UNKNOWN, ["tags[Team]", "tags[Owner]"]),
        (None, ["tags[Team]", "tags[Owner]"]),
    ],
)
def test_what_a_provider_ignores_by_a_variable_is_asked_of_the_code(said: Any, expected: list[str]) -> None:
    before = tags({"Team": "x", "Owner": "y"}, Team="x", Owner="y")
    seen = plan("resource_drift", before, tags({}))
    resource = {"address": "aws_ecs_service.web", "mode": "managed", "provider_config_key": "aws.west"}
    ignoring = {"key_prefixes": {"references": ["var.ignored"]}, "keys": {"constant_value": ["LastSeen"]}}
    provider = {"aws.west": {"name": "aws", "expressions": {"ignore_tags": [ignoring]}}}
    seen["configuration"] = {"provider_config": provider, "root_module": {"resources": [resource]}}
    asked: list[tuple[str, str]] = []

    def says(address: str, name: str) -> Any:
        asked.append((address, name))
        return said

    told = with_ignored_tags(seen, says)
    assert [render_path(each.path) for drift in read_drifts(told) for each in drift.changes] == expected
    assert asked == [("provider.aws.west", "ignore_tags.key_prefixes")]


def test_a_plan_without_ignored_tags_asks_the_code_nothing() -> None:
    def says(address: str, name: str) -> Any:
        raise AssertionError((address, name))

    for providers in ({}, {"aws": {"expressions": {"region": {"references": ["var.region"]}}}}):
        seen = {"configuration": {"provider_config": providers}}
        assert with_ignored_tags(seen, says) == seen
    assert read_drifts(with_ignored_tags({}, says)) == ()
