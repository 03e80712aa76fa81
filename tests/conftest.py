"""Which suite a test belongs to (what talks to the embedded AWS is `wire`, no unit test); how long properties look.

`--hypothesis-profile thorough` (make properties) looks for minutes; the suites take a quick look each time, at other
examples.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a sandbox, unless it is end to end anyway."""
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()) and item.get_closest_marker("e2e") is None:
            item.add_marker("wire")
