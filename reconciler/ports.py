"""What the pipeline needs from the outside world, as Protocols that adapters fulfil and `cli` wires."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol

from reconciler.model import (
    Broken,
    FileEdit,
    IndexedState,
    JsonObject,
    Plan,
    PullRequest,
    Record,
    Shelf,
    Skipped,
    State,
    StateSummary,
    Workspace,
)


class EventSource(Protocol):
    """A feed of CloudTrail records.

    `run` calls `records`, `cursor`, `acknowledge`, `close`; `watch` calls `listen` first, then the middle ones once in
    each cycle, all from one thread.
    """

    @property
    def name(self) -> str:
        """Return the feed's stable name: the ledger keeps its cursor under it."""

    @property
    def remembers(self) -> bool:
        """Tell whether events that the ledger has seen are skipped; false for records handed over by a person."""

    def records(self, cursor: str | None) -> Iterator[Record | Skipped | Broken]:
        """Yield records from `cursor` on (None: from the feed's own start).

        Raises SourceError when the feed cannot be read at all.
        """

    def cursor(self) -> str | None:
        """Return the position after the last record yielded, None when the feed has no positions."""

    def acknowledge(self) -> None:
        """Tell the feed that everything yielded is stored; called last in a cycle, and not when storing failed."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Begin to wait for news in the background, and call `wake`, from any thread, when `records` would yield some.

        A feed that can only be asked does nothing: every feed is asked at each interval anyway. Raises SourceError.
        """

    def close(self) -> None:
        """End what `listen` began, and give back what was yielded and not acknowledged; may be called twice."""


class StateReader(Protocol):
    """Reads raw Terraform states."""

    def read(self, workspace: Workspace) -> State:
        """Return the workspace's state; raises StateError."""

    def version(self, workspace: Workspace) -> str | None:
        """Return a text that changes whenever the state does, for much less than reading it; raises StateError.

        None: there is no cheaper way to know than to read the state. May be called in several threads, as `read`.
        """


class IndexStore(Protocol):
    """Keeps the index of states between runs. Every method raises LedgerError."""

    @property
    def writes(self) -> bool:
        """Tell whether anything will be stored."""

    def reading(self) -> AbstractContextManager[OpenIndex]:
        """Open what is stored, as it is at this moment."""

    def put(self, states: Sequence[IndexedState]) -> None:
        """Store states in place of what is stored of their workspaces."""

    def clear(self) -> None:
        """Forget everything."""


class OpenIndex(Shelf, Protocol):
    """What an index store holds."""

    def summaries(self) -> Mapping[str, StateSummary]:
        """Return what is stored of each workspace."""


class Terraform(Protocol):
    """Runs terraform. Every method raises TerraformError when the command fails or times out."""

    def version(self) -> str:
        """Return what runs, e.g. `Terraform 1.11.4 (/usr/bin/terraform)`."""

    def initialise(self, workspace: Workspace) -> None:
        """Run `terraform init` in the workspace when it is needed."""

    def plan(
        self,
        workspace: Workspace,
        kind: Literal["refresh-only", "full"],
        *,
        directory: Path | None = None,
        state: Path | None = None,
        show: Literal["always", "if-changed"] = "if-changed",
        targets: Sequence[str] = (),
    ) -> Plan:
        """Plan the workspace, or a copy of its root module at `directory`, against `state` when it is given.

        With `targets`, only these addresses and what they depend on, or everything where Terraform refuses that.
        """


class TaskDefinitions(Protocol):
    """Reads task definition revisions from Amazon ECS."""

    def describe(self, workspace: Workspace, region: str, arn: str) -> JsonObject:
        """Return the API's `taskDefinition` object, with `tags` from its sibling; raises AwsError."""


class Scratch(Protocol):
    """A throw-away clone of the repository at the pull requests' base."""

    @property
    def root_module(self) -> Path:
        """Return the workspace's root module inside the clone."""

    def write(self, edits: Iterable[FileEdit]) -> tuple[str, ...]:
        """Write the edits; returns the files' paths relative to the repository."""

    def diff(self) -> str:
        """Return the unified diff of what has been written."""

    def keep(self) -> None:
        """Make what has been written the ground for what follows."""

    def restore(self) -> None:
        """Undo what has been written since the base or the last `keep`, so that the clone serves the next proposal."""

    def holds(self, branch: str, fingerprint: str) -> bool:
        """Tell whether the remote's branch is what has been written, on the same base, for the same live values."""

    def push(self, branch: str, message: str) -> Literal["created", "updated", "unchanged", "human_edited"]:
        """Commit what has been written as one commit on the base and push it as `branch`; raises RepositoryError."""


class Repository(Protocol):
    """The Git repository that holds a workspace's code."""

    def scratch(self, workspace: Workspace) -> AbstractContextManager[Scratch]:
        """Clone the base for a workspace.

        Raises RepositoryError when the path is in no repository, has uncommitted changes, or is not at the base.
        """


class Forge(Protocol):
    """Where pull requests live."""

    def find(self, branch: str) -> PullRequest | None:
        """Return the branch's pull request as `unchanged`, None when there is none; raises ForgeError."""

    def submit(self, branch: str, title: str, body: str) -> PullRequest:
        """Open the branch's pull request or bring it up to date; raises ForgeError."""


class Ledger(Protocol):
    """What earlier runs did. Every method raises LedgerError."""

    def seen(self, event_ids: Sequence[str]) -> frozenset[str]:
        """Return those of the ids that an earlier cycle has stored, as handled or as postponed."""

    def postponed(self) -> Mapping[str, Record]:
        """Return the records of events that an earlier cycle could not settle, by the events' ids, oldest first."""

    def cursor(self, source: str) -> str | None:
        """Return the position stored for a source."""

    def store(
        self,
        report: JsonObject,
        handled: Sequence[str],
        cursors: Mapping[str, str],
        postponed: Mapping[str, Record] | None = None,
        *,
        listed: bool = True,
    ) -> None:
        """Store a finished cycle in one transaction: its report (the contract's JSON), events and positions.

        `handled` ends what was postponed; `postponed` are the records, by event id, that a later cycle looks at again.
        With `listed` False the report does not enter the history.
        """

    def amend(self, findings: Sequence[JsonObject]) -> None:
        """Replace findings, in the form that `findings_of` returns, where they still are."""

    def open_findings(self) -> Sequence[JsonObject]:
        """Return the findings that stand, newest first, in the contract's form plus `last_seen`."""

    def strays(self) -> Sequence[JsonObject]:
        """Return those of `open_findings` that are of what is in no state."""

    def findings_of(self, workspaces: Collection[str]) -> Sequence[JsonObject]:
        """Return what concerns addresses of these workspaces: those of `open_findings`, and what was settled at last.

        That is what the last run that told of it reported as matching or ignored. Each kind is told newest first.
        """

    def history(self, limit: int) -> Sequence[JsonObject]:
        """Return the newest runs' reports, newest first."""
