"""What earlier runs told to be in no state, by the ledger, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from reconciler.match import StateIndex
from reconciler.model import Finding, JsonObject, ResourceId, Severity
from reconciler.pipeline.stored import resource_of

_STRAYS = frozenset({"unmanaged", "unmatched"})

Key: TypeAlias = tuple[str | None, ...]
"""What tells one stray from another."""


@dataclass(frozen=True, slots=True)
class KnownStray:
    """A finding that stands; `workspace` is the cluster's, None where nobody manages that.

    `told_at` is when the newest call that it tells of was made: the resource was there then.
    """

    identity: ResourceId
    severity: Severity
    workspace: str | None
    fingerprint: str
    told_at: datetime

    def ended(self, reason: str, workspace: str | None) -> Finding:
        """Return the finding that ends it."""
        return Finding(
            fingerprint=self.fingerprint,
            status="healed",
            reason=reason,
            workspace=workspace,
            address=None,
            resource_type=self.identity.type,
            identity=self.identity,
            severity="info",
        )


def key_of(identity: ResourceId, *, alone: bool) -> Key:
    """Return what a resource is told by; revisions of a task definition together, but for one that stands `alone`.

    Some answers of AWS have the ARN and some have not: what lies in a cluster is known by its names as well.
    """
    place = identity.type, identity.account, identity.region
    if identity.type == "aws_ecs_task_definition":
        return *place, identity.family, str(identity.revision) if alone else None
    arn = None if identity.cluster and (identity.name or identity.service) else identity.arn
    return *place, arn, identity.cluster, identity.service, identity.name, identity.role


def known_strays(known: Iterable[JsonObject]) -> Mapping[Key, KnownStray]:
    """Return those of the ledger's findings that are of resources in no state.

    Task definitions are left out: a finding of a family does not tell which of its revisions are there.
    """
    found = {}
    for finding in known:
        try:
            identity = resource_of(finding)
            told_at = max(datetime.fromisoformat(event["time"]) for event in finding["events"])
            stray = KnownStray(identity, finding["severity"], finding["workspace"], finding["fingerprint"], told_at)
            is_stray = finding["status"] in _STRAYS and finding["address"] is None
        except (AttributeError, KeyError, TypeError, ValueError):  # of another version
            continue
        if is_stray and identity.type not in (None, "aws_ecs_task_definition"):
            found[key_of(identity, alone=False)] = stray
    return found


def tell_managed(known: Mapping[Key, KnownStray], index: StateIndex) -> Iterator[Finding]:
    """Yield a finding for each that a state has by now, as after an import."""
    for stray in known.values():
        entry = next(iter(index.find(stray.identity)), None)
        if entry is not None:
            there = entry.resource
            yield stray.ended(
                f"an earlier run told that it was in no state; {there.address} in {there.workspace} manages it now",
                stray.workspace,
            )
