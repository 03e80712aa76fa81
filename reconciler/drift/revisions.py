"""The task definition's revision that a service runs: which one a reference means, and what belongs to it."""

from __future__ import annotations

from reconciler.drift.catalogue import REVISION_ATTRIBUTES, SERVICE
from reconciler.drift.equality import equal
from reconciler.drift.noise.names import same_reference
from reconciler.model.drift import AttributeChange, Drift
from reconciler.model.json import Json


def belongs_to_revision(drift: Drift, change: AttributeChange) -> bool:
    """Tell whether a service's drift carries this change because it now runs another revision.

    `placement_constraints` is an attribute of both: it is the service's own when the service's values differ.
    """
    name = str(change.path[0])
    if drift.type != SERVICE or name not in REVISION_ATTRIBUTES:
        return False
    return equal(drift.before.get(name), drift.live.get(name))


def means_latest(reference: Json, revision: Json) -> bool:
    """Tell whether a reference is a revision's family, bare or as an ARN: ECS takes the latest one for it.

    The state then has the revision that it meant, and every plan shows the difference (aws_ecs_service, 5.100).
    """
    if not isinstance(revision, str):
        return False
    family, _, number = revision.rpartition(":")
    return number.isdecimal() and same_reference(reference, family)
