"""The values that rooms hand to each other: frozen, plain, without I/O.

Enters: nothing. Leaves: dataclasses that every room may import. No room's logic lives here, and nothing that
reads a file, the network, the clock or the environment.
"""

from reconciler.model.drift import AttributeChange, AttributePath, Disposition, Drift, Member, render_path
from reconciler.model.events import (
    SEVERITIES,
    Actor,
    ActorKind,
    Broken,
    ChangeEvent,
    Effect,
    Outcome,
    Record,
    ResourceId,
    Severity,
    Skipped,
    SkipReason,
    Via,
)
from reconciler.model.finding import (
    EventTally,
    FileEdit,
    Finding,
    NeedsPerson,
    NotAdopted,
    PlanTally,
    ProofResult,
    PullRequest,
    Remedy,
    RemedyKind,
    RunReport,
    Status,
)
from reconciler.model.index import Entry, IndexedState, Shelf, StateSummary
from reconciler.model.json import Json, JsonObject
from reconciler.model.rules import DriftRule, Remediation, RemediationRule, RemedyChoice, Trust
from reconciler.model.workspace import Configuration, Plan, Provider, State, StateResource, Workspace

__all__ = [
    "SEVERITIES",
    "Actor",
    "ActorKind",
    "AttributeChange",
    "AttributePath",
    "Broken",
    "ChangeEvent",
    "Configuration",
    "Disposition",
    "Drift",
    "DriftRule",
    "Effect",
    "Entry",
    "EventTally",
    "FileEdit",
    "Finding",
    "IndexedState",
    "Json",
    "JsonObject",
    "Member",
    "NeedsPerson",
    "NotAdopted",
    "Outcome",
    "Plan",
    "PlanTally",
    "ProofResult",
    "Provider",
    "PullRequest",
    "Record",
    "Remediation",
    "RemediationRule",
    "Remedy",
    "RemedyChoice",
    "RemedyKind",
    "ResourceId",
    "RunReport",
    "Severity",
    "Shelf",
    "SkipReason",
    "Skipped",
    "State",
    "StateResource",
    "StateSummary",
    "Status",
    "Trust",
    "Via",
    "Workspace",
    "render_path",
]
