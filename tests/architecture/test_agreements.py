"""What two parts must both know, because neither may import the other, is the same in both."""

from __future__ import annotations

from reconciler.adapters.cloudtrail import lookup
from reconciler.events import SOURCES


def test_lookup_events_is_asked_for_the_event_sources_of_the_catalogue() -> None:
    assert set(lookup._SOURCES) == SOURCES
