"""Real records, where somebody has laid some beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

_REAL = Path(__file__).parents[2] / ".." / "shared" / "events"


@pytest.fixture(scope="session")
def real_records() -> Path:
    """The directory of real records: NAME/N.json by event name, _nearmiss/ and _envelopes/. Skips without one."""
    if not _REAL.is_dir():
        pytest.skip("real records tell of accounts, so none are in the repository, and none were laid beside it")
    return _REAL.resolve()
