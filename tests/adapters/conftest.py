"""One embedded AWS for each file, and what tests of several files begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from trail_bucket import Trail, make_trail

from reconciler.adapters import aws
from reconciler.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def trail(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Trail:
    # Making a client takes longer than all calls of a test.
    monkeypatch.setattr(aws, "client", lambda service, *_, **__: sandbox.client(service))
    return make_trail(sandbox)
