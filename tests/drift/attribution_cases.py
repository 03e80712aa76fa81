"""Events on one service, and which of them gave an attribute its live value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reconciler.drift import attribute_events
from reconciler.model import AttributeChange, AttributePath, ChangeEvent, Drift, Member, ResourceId
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:"
IMAGE: AttributePath = ("container_definitions", Member("nginx"), "image")


def event(minute: int, name: str = "UpdateService", arn: str | None = None, **requested: Any) -> ChangeEvent:
    return change_event(
        ResourceId(type=None, arn=arn),
        id=f"event-{minute}",
        name=name,
        time=datetime(2025, 1, 1, 12, minute, tzinfo=UTC),
        requested=requested,
        response={"taskDefinition": {"taskDefinitionArn": arn}} if arn else {},
    )


def value_at(value: Any, path: AttributePath) -> Any:
    for step in path:
        if isinstance(value, list):
            index = step.key if isinstance(step, Member) and isinstance(step.key, int) else 0
            value = value[index] if index < len(value) else None
        else:
            value = value.get(step.key if isinstance(step, Member) else step) if isinstance(value, dict) else None
    return value


def explained(live: dict[str, Any], path: AttributePath, *events: ChangeEvent, **values: Any) -> str | None:
    drift = Drift(
        address="aws_ecs_service.web",
        type=values.get("type", "aws_ecs_service"),
        deleted=False,
        changes=(AttributeChange(path=path, state=None, live=value_at(live, path)),),
        before=values.get("before", live),
        live=live,
    )
    return attribute_events(drift, events).changes[0].event_id
