"""Requests that come at once do not disturb each other: terraform makes ten resources at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from reconciler.sandbox.patches.services import count


class Created:
    """A service whose sight lets another request create one more."""

    status, running_count = "ACTIVE", 1

    def __init__(self, others: dict[str, Any]) -> None:
        self.others = others

    def __getattr__(self, name: str) -> Any:
        if name == "cluster_name":
            self.others[f"another-{len(self.others)}"] = Created(self.others)
            return "shop"
        raise AttributeError(name)


def test_services_are_counted_while_another_one_is_created() -> None:
    services: dict[str, Any] = {}
    services |= {"web": Created(services), "api": Created(services)}
    backend, cluster = SimpleNamespace(services=services, tasks={}), SimpleNamespace(name="shop")
    count(backend, cluster)
    assert (cluster.active_services_count, cluster.running_tasks_count) == (2, 2)
