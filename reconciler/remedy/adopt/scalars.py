"""Kind of edit: a literal's value. `desired_count = 3` -> `5`."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.remedy.adopt.place import Held
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.sameness import as_written, same
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.layout import indentation
from reconciler.remedy.hcl.splice import Splice
from reconciler.remedy.hcl.values import Call, Opaque, Scalar
from reconciler.remedy.hcl.write import encode


def edit(site: Site) -> list[Splice] | None:
    """Replace a literal, or refuse an expression; None when the place holds something else."""
    place = site.place
    if not isinstance(place, Held) or site.live is None:
        return None
    if isinstance(place.value, Opaque | Call):
        site.refuse_expression(place.value)
    composite = isinstance(site.live, Mapping | list | tuple)
    if not isinstance(place.value, Scalar):
        if composite:
            return None
        raise RefusalError(f"{site.where(place.value.line)} is a list or map, the live value is neither")
    old = place.value.value
    if composite and old is not None:
        raise RefusalError(f"{site.where(place.value.line)} is a single value, the live value is a list or map")
    new = as_written(old, site.live, exact=place.in_json)
    if same(old, new, exact=place.in_json):
        site.refuse_agreement(place.value.line)
    text = encode(new, site.style, indentation(site.source, place.value.start))
    return [Splice(place.value.start, place.value.end, text.encode())]
