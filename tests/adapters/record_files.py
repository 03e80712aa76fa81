"""Files of records as tests write them, and what a source reads from them."""

from __future__ import annotations

import json
from typing import Any

from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.model import Record

ECS = frozenset({"ecs.amazonaws.com"})


def made(number: int, source: str = "ecs.amazonaws.com", **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "userName": "bob"},
        "eventSource": source,
        "eventName": "UpdateService",
        "eventID": f"event-{number}",
        "eventType": "AwsApiCall",
        **more,
    }


def read(*paths: Any, only: frozenset[str] = frozenset()) -> list[Any]:
    return list(FileSource(paths, only=only).records(None))


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def places(items: list[Any]) -> list[str]:
    return [item.where.rpartition("/")[2] for item in items]


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


LOG = {"Records": [made(1), made(2), made(3)]}
