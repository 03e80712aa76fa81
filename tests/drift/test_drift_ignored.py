"""An entry of ignore_changes with an index covers that member of a list, and no other."""

from __future__ import annotations

import pytest

from reconciler.drift.ignored import is_ignored
from reconciler.model import AttributePath, Member

LIVE = {
    "ordered_placement_strategy": [{"field": "cpu"}, {"field": "memory"}],
    "service_connect_configuration": [{"service": [{"port_name": "grpc"}, {"port_name": "http"}]}],
}
FIELD: AttributePath = ("ordered_placement_strategy", Member(1), "field")
HTTP: AttributePath = ("service_connect_configuration", Member(0), "service", Member("http"), "discovery_name")
GONE: AttributePath = ("service_connect_configuration", Member(0), "service", Member("old"))


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        (FIELD, "ordered_placement_strategy"),
        (FIELD, "ordered_placement_strategy[1]"),
        (FIELD, "ordered_placement_strategy[1].field"),
        (FIELD[:2], "ordered_placement_strategy[1].field"),
        (HTTP, "service_connect_configuration[0].service[1].discovery_name"),
        (HTTP, "service_connect_configuration.0.service.1"),
        (GONE, "service_connect_configuration[0].service[0]"),
    ],
)
def test_the_member_at_the_index_is_ignored(path: AttributePath, entry: str) -> None:
    assert is_ignored(path, ["desired_count", entry], LIVE)


@pytest.mark.parametrize("entry", ["tags", "tags_all", 'tags["Z"]'])
@pytest.mark.parametrize("name", ["tags", "tags_all"])
def test_a_tag_that_is_ignored_is_so_wherever_it_shows(name: str, entry: str) -> None:
    assert is_ignored((name, Member("Z")), [entry], {})
    assert is_ignored((name, Member("Y")), [entry], {}) is ("Z" not in entry)


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        (FIELD, "ordered_placement_strategy[0].field"),
        (FIELD, "ordered_placement_strategy[1].type"),
        (FIELD, "ordered_placement_strategy[2]"),
        (HTTP, "service_connect_configuration[0].service[0].discovery_name"),
        (HTTP, "service_connect_configuration[1]"),
    ],
)
def test_another_member_is_not(path: AttributePath, entry: str) -> None:
    assert not is_ignored(path, ["desired_count", entry], LIVE)
