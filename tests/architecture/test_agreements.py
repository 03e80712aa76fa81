"""What two parts must both know, because neither may import the other, is the same in both."""

from __future__ import annotations

from reconciler.adapters.cloudtrail import lookup
from reconciler.drift.catalogue import RELATED_TYPES
from reconciler.events import CATALOGUE, SOURCES
from reconciler.events.catalogue import terraform_types
from reconciler.settings.attributes import attribute_names


def test_lookup_events_is_asked_for_the_event_sources_of_the_catalogue() -> None:
    assert set(lookup._SOURCES) == SOURCES


def test_drift_rules_may_name_every_type_that_is_reported() -> None:
    changed = {kind for call in CATALOGUE.values() for kind in terraform_types(call)}
    assert set(attribute_names()) == changed | RELATED_TYPES
