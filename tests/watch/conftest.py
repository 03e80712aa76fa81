from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from watched_site import Site, make_site

from reconciler.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def site(sandbox: Sandbox, tmp_path: Path) -> Iterator[Site]:
    """A repository whose feeds are in the sandbox."""
    made = make_site(tmp_path, sandbox.environment())
    yield made
    made.end()
