"""No rule may call two values the same that differ in a scalar."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scalars import changed_at, leaves

from reconciler.drift import compare_task_definitions
from reconciler.drift.differences import find_differences

NAMES = st.text(alphabet="abcXYZ-", min_size=1, max_size=4)
# Values that are no defaults, no zeros and no other spelling of one another.
TEXTS = st.text(alphabet="pqr./", min_size=1, max_size=6)
NUMBERS = st.integers(min_value=1001, max_value=9999)

CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "image": TEXTS},
        optional={
            "cpu": NUMBERS,
            "command": st.lists(TEXTS, min_size=1, max_size=3),
            "environment": st.lists(
                st.fixed_dictionaries({"name": NAMES, "value": TEXTS}), max_size=3, unique_by=lambda e: e["name"]
            ),
            "portMappings": st.lists(
                st.fixed_dictionaries({"containerPort": NUMBERS, "hostPort": NUMBERS}),
                max_size=3,
                unique_by=lambda p: p["containerPort"],
            ),
            "dockerLabels": st.dictionaries(NAMES, TEXTS, max_size=3),
            "healthCheck": st.fixed_dictionaries({"command": st.just(["CMD"]), "interval": NUMBERS}),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda c: c["name"],
)
RESOURCES = st.fixed_dictionaries(
    {
        "cluster": TEXTS,
        "desired_count": NUMBERS,
        "enable_execute_command": st.booleans(),
        "capacity_providers": st.lists(TEXTS, max_size=3, unique=True),
        "capacity_provider_strategy": st.lists(
            st.fixed_dictionaries({"capacity_provider": NAMES, "base": NUMBERS, "weight": NUMBERS}),
            max_size=3,
            unique_by=lambda s: s["capacity_provider"],
        ),
        "placement_constraints": st.lists(
            st.fixed_dictionaries({"type": NAMES, "expression": TEXTS}), max_size=3, unique_by=str
        ),
        "ordered_placement_strategy": st.lists(st.fixed_dictionaries({"type": NAMES, "field": TEXTS}), max_size=3),
        "tags": st.dictionaries(NAMES, TEXTS, max_size=3),
        "network_mode": st.sampled_from(["awsvpc", "bridge", "host"]),
        "container_definitions": CONTAINERS,
    }
)


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return a copy in another order, where order means nothing."""
    result = copy.deepcopy(value)
    for name in ("capacity_providers", "capacity_provider_strategy", "placement_constraints", "container_definitions"):
        chance.shuffle(result[name])
    for container in result["container_definitions"]:
        chance.shuffle(container.get("environment", []))
        chance.shuffle(container.get("portMappings", []))
    return result


def encoded(resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, "container_definitions": json.dumps(resource["container_definitions"])}


@given(resource=RESOURCES, data=st.data())
def test_a_changed_scalar_is_always_found(resource: dict[str, Any], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(leaves(resource)))
    other = shuffled(changed_at(resource, place), data.draw(st.randoms(use_true_random=False)))
    for kind in ("aws_ecs_service", "aws_ecs_task_definition"):
        found = find_differences(kind, encoded(resource), encoded(other))
        assert found
        assert {difference.path[0] for difference in found} == {place[0]}


@given(resource=RESOURCES, chance=st.randoms(use_true_random=False))
def test_another_order_is_never_a_difference(resource: dict[str, Any], chance: random.Random) -> None:
    assert find_differences("aws_ecs_service", encoded(resource), encoded(shuffled(resource, chance))) == ()


@given(containers=CONTAINERS, data=st.data())
def test_a_changed_scalar_of_a_live_revision_is_always_found(containers: list[Any], data: st.DataObject) -> None:
    managed = {"family": "web", "network_mode": "awsvpc", "container_definitions": json.dumps(containers)}
    live = {"family": "web", "networkMode": "awsvpc", "containerDefinitions": containers}
    assert compare_task_definitions(managed, live) == ()
    place = data.draw(st.sampled_from(leaves(containers)))
    assert compare_task_definitions(managed, {**live, "containerDefinitions": changed_at(containers, place)})
