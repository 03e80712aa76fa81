"""A change event of which a test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reconciler.events import CATALOGUE
from reconciler.model import Actor, ChangeEvent, ResourceId

ACCOUNT, REGION = "123456789012", "us-east-1"


def change_event(*resources: ResourceId, **values: Any) -> ChangeEvent:
    """Return an UpdateService of Amazon ECS about the resources, but for the fields given in `values`.

    What a call makes or ends is the catalogue's.
    """
    usual: dict[str, Any] = {
        "id": "1",
        "name": "UpdateService",
        "source": "ecs.amazonaws.com",
        "time": datetime(2026, 1, 1, tzinfo=UTC),
        "account": ACCOUNT,
        "region": REGION,
        "severity": "medium",
        "requested": {},
        "actor": Actor(),
        "where": "test:1",
    }
    given = {**usual, **values}
    call = CATALOGUE.get((given["source"], given["name"]))
    told = {"effect": call.effect, "takes": call.takes} if call else {}
    return ChangeEvent(resources=resources, **{**told, **given})
