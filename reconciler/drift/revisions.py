"""Changes that belong to the task definition's revision a service was moved to, not to the service itself."""

from __future__ import annotations

from reconciler.drift.catalogue import REVISION_ATTRIBUTES, SERVICE
from reconciler.drift.equality import equal
from reconciler.model.drift import AttributeChange, Drift


def belongs_to_revision(drift: Drift, change: AttributeChange) -> bool:
    """Tell whether a service's drift carries this change because it now runs another revision.

    `placement_constraints` is an attribute of both: it is the service's own when the service's values differ.
    """
    name = str(change.path[0])
    if drift.type != SERVICE or name not in REVISION_ATTRIBUTES:
        return False
    return equal(drift.before.get(name), drift.live.get(name))
