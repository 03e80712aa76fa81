"""The catalogue of API calls, as data.

A new call is one entry in the module of its service; a test walks botocore's model and fails for what is missing.
Resource kinds stand in `kinds.py`, the attributes that requests set in `attributes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.events.catalogue import autoscaling, cloudmap, ecs, ecs_no_change, iam
from reconciler.events.catalogue.call import Call, Kind, Named
from reconciler.events.catalogue.kinds import KINDS, Layout

CATALOGUE: Mapping[tuple[str, str], Call] = {
    (call.source, call.name): call
    for call in (*ecs.CHANGES, *ecs_no_change.CALLS, *autoscaling.CALLS, *cloudmap.CALLS, *iam.CALLS)
}
"""Every classified call by event source and name."""

SOURCES = frozenset(source for source, _ in CATALOGUE)
"""The event sources that any change can come from."""

RELATED = frozenset({cloudmap.SOURCE, iam.SOURCE})
"""Sources of which only the calls in the catalogue concern ECS, and those only where a state relates them to it."""

WANTED = (SOURCES - RELATED) | {f"{source}/{name}" for source, name in CATALOGUE if source in RELATED}
"""What a feed has to hand out: every call of a source, or `SOURCE/NAME` where only some concern ECS."""

APPLICATION_AUTO_SCALING = (autoscaling.SOURCE, autoscaling.SERVICE)
"""Its event source, and the `additionalEventData.service` that tells it from EC2 Auto Scaling."""


def terraform_types(call: Call) -> tuple[str, ...]:
    """Return the Terraform types that a call can change, those of the resources it names first."""
    named = [KINDS[resource.kind].type for resource in call.resources if resource.kind in KINDS]
    return tuple(dict.fromkeys(name for name in (*named, *call.also, *call.takes) if name))


__all__ = [
    "APPLICATION_AUTO_SCALING",
    "CATALOGUE",
    "KINDS",
    "RELATED",
    "SOURCES",
    "WANTED",
    "Call",
    "Kind",
    "Layout",
    "Named",
    "terraform_types",
]
