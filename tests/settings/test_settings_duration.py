from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.errors import UsageError
from reconciler.settings import parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("60s", timedelta(minutes=1)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(days=7)),
        (" 0s ", timedelta()),
    ],
)
def test_numbers_with_units_add_up(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "60", "s", "-5m", "1.5h", "1 h", "5min", "1h-30m", "٣s", "5m\n5m", "1H"])
def test_anything_else_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="such as 60s, 15m or 1h30m"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["4000d", "9" * 5000 + "s", "99999999999h"])
def test_an_absurd_length_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="longer than ten years"):
        parse_duration(text)
