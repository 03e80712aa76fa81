"""Which suite a test belongs to: what talks to the embedded AWS is `wire`, and so no unit test."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a sandbox, unless it is end to end anyway."""
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()) and item.get_closest_marker("e2e") is None:
            item.add_marker("wire")
