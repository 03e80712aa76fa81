"""Adoptions that bring into code what a person must have agreed to: an image from elsewhere, what is the host's."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from reconciler.drift import ALLOWED_REGISTRIES, dangers
from reconciler.model import AttributeChange, NeedsPerson
from reconciler.pipeline.adoption import Adoption
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.findings import listed
from reconciler.pipeline.revisions import MOVED


def dangers_of(item: Confirmed, changes: Sequence[AttributeChange], registries: Sequence[str]) -> Iterator[str]:
    """Yield what in adopting these `changes`, of a drift's own attributes, is a person's to agree to.

    What is inside the revision that a service was moved to comes with the move. Where nobody could compare it, its
    images may come from anywhere.
    """
    own = {change.path for change in item.drift.changes}
    moved = next((change for change in changes if change.path == MOVED), None)
    inside = [change for change in item.finding.changes if moved and change.path not in own]
    yield from dangers((*changes, *inside), registries)
    if moved is not None and registries and not item.compared:
        anywhere = f"its images may come from where {ALLOWED_REGISTRIES} does not allow"
        yield f"nobody could compare what is inside {moved.live}, and {anywhere}"


def for_a_person(found: Sequence[str], item: Confirmed, adoption: Adoption | NeedsPerson) -> NeedsPerson:
    """Return the sentence about an adoption that the dangers `found` in it leave to a person: why, and what to do."""
    why = listed(found)
    if isinstance(adoption, NeedsPerson):
        return NeedsPerson(f"{why}: that is a person's to agree to; and {adoption.reason}")
    allow = "allow the registry there, " if ALLOWED_REGISTRIES in why else ""
    command = shlex.join(("reconciler", "reconcile", str(item.finding.workspace), item.drift.address, "--adopt"))
    what = f"let terraform apply revert it, {allow}or adopt it by hand with {command}"
    return NeedsPerson(f"{why}: that is a person's to agree to: {what}")
