"""Real records end as they should, where there are some to try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cloudtrail_records import change, read, reason

from reconciler.model import ChangeEvent


def load(root: Path, name: str) -> Any:
    file = root / f"{name}.json"
    if not file.exists():
        pytest.skip(f"among the real records that were laid beside the repository is no {name}")
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name", ["CreateService/1", "CreateCluster/1", "DeleteCluster/1", "PutClusterCapacityProviders/1"]
)
def test_terraforms_own_changes(real_records: Path, name: str) -> None:
    assert change(load(real_records, name)).actor.via == "terraform"


@pytest.mark.parametrize(
    "name",
    [
        "UpdateService/1",
        "DeleteService/1",
        "DeleteCluster/2",
        "DeregisterTaskDefinition/1",
        "RegisterTaskDefinition/1",
        "CreateCluster/3",
        "_nearmiss/appautoscaling-RegisterScalableTarget-ecs-console",
    ],
)
def test_changes_of_others(real_records: Path, name: str) -> None:
    event = change(load(real_records, name))
    assert event.actor.via != "terraform"
    assert all(resource.type for resource in event.resources)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UpdateContainerAgent/1", "failed_call"),
        ("DescribeClusters/1", "read_only"),
        ("ListTagsForResource/1", "read_only"),
        ("RunTask/1", "runtime"),
        ("StopTask/1", "runtime"),
    ],
)
def test_what_is_no_change(real_records: Path, name: str, expected: str) -> None:
    assert reason(load(real_records, name)) == expected


def test_near_misses_are_no_ecs_changes(real_records: Path) -> None:
    changes = []
    for file in sorted((real_records / "_nearmiss").glob("*.json")):
        if isinstance(read(json.loads(file.read_text(encoding="utf-8"))), ChangeEvent):
            changes.append(file.stem)
    # A registry's deletion concerns ECS where a service points to it, which only a state tells.
    related = {"servicediscovery-DeleteService"}
    assert all(name in related or (name.startswith("appautoscaling-") and "-ecs-" in name) for name in changes), changes
