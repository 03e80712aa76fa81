"""What is reported: findings with their remedy, proof and pull request, and a run's account of itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reconciler.model.drift import AttributeChange, AttributePath
from reconciler.model.events import ChangeEvent, ResourceId, Severity

Status = Literal["drift", "ignored", "matching", "healed", "unmanaged", "deleted", "unmatched", "not_checked"]
RemedyKind = Literal["adopt", "revert", "import", "forget", "none"]
ProofResult = Literal["proven", "refuted", "not_run"]
PullRequestState = Literal["opened", "updated", "unchanged", "closed", "limited", "human_edited", "declined"]


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One file before and after a remedy; `path` is relative to the root module, with forward slashes."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """A remedy that is not for a program to write; `reason` is a sentence that says why and where."""

    reason: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as the forge knows it."""

    url: str
    branch: str
    state: PullRequestState


@dataclass(frozen=True, slots=True)
class NotAdopted:
    """A change that a remedy leaves out, and `why`: words that fit behind a colon."""

    path: AttributePath
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would end a drift. `files` are relative to the repository; `reason` says why not, or what was proven: empty
    where none was sought.

    `not_adopted` are those of a finding's changes that the edit does not end, where it ends others; `warnings` what of
    it only a person may write into code, who asked for it.
    """

    kind: RemedyKind
    reason: str
    files: tuple[str, ...] = ()
    diff: str = ""
    proof: ProofResult = "not_run"
    pull_request: PullRequest | None = None
    not_adopted: tuple[NotAdopted, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a run reports. `events` are in time order.

    A `predicted` one is told from the events alone, before any plan; no report has it. `formerly` are other addresses
    that earlier runs told the same by. `trusted` is the call of trusted people that ended the resource.
    """

    fingerprint: str
    status: Status
    reason: str
    workspace: str | None
    address: str | None
    resource_type: str | None
    identity: ResourceId
    severity: Severity
    rule: str | None = None
    changes: tuple[AttributeChange, ...] = ()
    events: tuple[ChangeEvent, ...] = ()
    remedy: Remedy = field(default_factory=lambda: Remedy(kind="none", reason=""))
    predicted: bool = False
    formerly: tuple[str, ...] = ()
    trusted: ChangeEvent | None = None

    @property
    def remedied(self) -> tuple[AttributeChange, ...]:
        """Return the changes that the remedy is for: all but those that it leaves out."""
        left = {each.path for each in self.remedy.not_adopted}
        return tuple(change for change in self.changes if change.path not in left)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTally:
    """Where every record went: read = changes + skipped + broken."""

    read: int
    changes: int
    skipped: Mapping[str, int]
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTally:
    """How many terraform plans a run made."""

    refresh_only: int = 0
    full: int = 0
    proof: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run, complete. `problems` are sentences about what could not be done; any of them means exit code 1.

    `held_until` is when the events that the run left alone will have settled, None where there are none; `stored` is
    False when there is a ledger that could not remember the run.
    """

    started_at: datetime
    finished_at: datetime
    events: EventTally
    plans: PlanTally
    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()
    held_until: datetime | None = None
    stored: bool = True

    @property
    def quiet(self) -> bool:
        """Tell whether the run has nothing to tell: no change, nothing found, nothing that failed."""
        return self.is_old_news(())

    def is_old_news(self, told: Collection[str]) -> bool:
        """Tell whether the run has nothing to tell but problems that were told already."""
        return not (self.events.changes or self.findings) and all(problem in told for problem in self.problems)
