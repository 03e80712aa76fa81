"""Adoptions that bring into code what a person must have agreed to: an image from elsewhere, what is the host's."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from reconciler.drift import ALLOWED_REGISTRIES, dangers
from reconciler.model import AttributeChange, NeedsPerson, PullRequest, Remedy
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


def for_a_person(
    found: Sequence[str], item: Confirmed, adoption: Adoption | NeedsPerson, standing: PullRequest | None
) -> Remedy:
    """Return the remedy of a drift whose adoption the dangers `found` in it leave to a person: why, and what to do.

    `standing` is a pull request of the resource from before, whose edit may be the same.
    """
    why = listed(found)
    what = f"; besides, {adoption.reason}" if isinstance(adoption, NeedsPerson) else f": {_ways(item, why)}"
    reason = f"{why}; a person must agree to that{what}"
    if standing is not None:
        reason += f"; its pull request {standing.branch}, where it is open still, may bring that into the code"
    return Remedy(kind="none", reason=reason, pull_request=standing)


def _ways(item: Confirmed, why: str) -> str:
    command = shlex.join(("reconciler", "reconcile", str(item.finding.workspace), item.drift.address, "--adopt"))
    allow = "allow the registry there, " if ALLOWED_REGISTRIES in why else ""
    return f"let terraform apply revert it, {allow}or adopt it by hand with {command}"
