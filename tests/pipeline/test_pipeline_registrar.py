"""A service that moved to a revision whose registration no event tells: Amazon ECS says who registered it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pipeline_world import Memory
from test_pipeline_registered_elsewhere import moves, people, registers, told

AT = datetime(2026, 1, 1, 8, 0, 0, 250000, tzinfo=UTC)


def registered_by(who: str, at: Any = AT) -> dict[str, Any]:
    return {"registeredBy": f"arn:aws:iam::123456789012:user/{who}", "registeredAt": at}


def test_who_moved_the_service_is_not_named_for_what_somebody_else_registered() -> None:
    said = registered_by("ci")
    assert people(moves("deploy"), said=said) == {"task_definition": "deploy", "image": None}
    reason = told(moves("deploy"), said=said).reason
    assert "web:2 was registered by arn:aws:iam::123456789012:user/ci at 2026-01-01T08:00:00Z" in reason
    assert "no event explains container_definitions[app].image" in reason


@pytest.mark.parametrize(
    "said", [registered_by("deploy"), {}, {"registeredBy": 5, "registeredAt": AT}, registered_by("ci", "Jan 1, 2026")]
)
def test_who_moved_the_service_is_named_where_ecs_names_nobody_else(said: dict[str, Any]) -> None:
    assert people(moves("deploy"), said=said) == {"task_definition": "deploy", "image": "deploy"}
    assert "was registered by" not in told(moves("deploy"), said=said).reason


def test_a_registration_that_an_event_tells_counts_whatever_else_is_said() -> None:
    finding = told(registers("ci"), moves("deploy"), said=registered_by("somebody"))
    assert people(registers("ci"), moves("deploy"), said=registered_by("somebody"))["image"] == "ci"
    assert "was registered by" not in finding.reason


def test_who_moves_the_service_to_it_again_did_not_register_it() -> None:
    """The registration was told in an earlier cycle, for as long as the service ran the revision."""
    memory, said = Memory(), registered_by("ci", datetime(2026, 1, 2, 3, 4, 1, tzinfo=UTC))
    people(registers("ci"), moves("deploy"), memory=memory, said=said)
    assert people(moves("other", second=9), memory=memory, said=said)["image"] == "ci"
