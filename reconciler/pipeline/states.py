"""States in, index out. A state that is as it was when it was indexed is not read again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass

from reconciler.errors import LedgerError, StateError
from reconciler.match import INDEX_FORM, StateIndex, summarise
from reconciler.model import IndexedState, State, StateSummary, Workspace
from reconciler.pipeline.findings import sentence
from reconciler.pipeline.parallel import in_parallel
from reconciler.pipeline.tools import Tools
from reconciler.ports import OpenIndex

_LOG = logging.getLogger(__name__)
_BROKEN = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What files that are not Terraform's raise where it promises something else: one workspace's matter, not a bug."""
_ASKED_AT_ONCE = 16
"""Requests for a version: they wait, for an object store or a disk."""
_READ_AT_ONCE = 4
"""States: a reading may be a terraform process."""
_PORTION = 64
"""States that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """The index, the states that it was built from, and the reason for each that could not be read."""

    index: StateIndex
    summaries: Mapping[str, StateSummary]
    unread: Mapping[str, str]


def read_states(tools: Tools, names: Iterable[str]) -> Mapping[str, State]:
    """Return the states of these workspaces, but for those that cannot be read."""
    states: dict[str, State] = {}
    for name in names:
        with suppress(StateError, OSError):
            states[name] = tools.states.read(tools.workspaces[name])
    return states


def open_index(tools: Tools) -> AbstractContextManager[OpenedIndex]:
    """Bring the stored index up to date and open it; what cannot be stored is kept in memory instead.

    A state whose version is the stored one is not read. All look-ups see one moment of the store, whatever another
    process does to it.
    """
    return Indexing(tools).opened()


class Indexing:
    """The index as it is at the first opening: opened again, no state is asked for a second time.

    `stored` holds the states whose entries are on the shelf, `loaded` those whose entries are here.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = tools.index
        self._refreshed = False
        self._versions: dict[str, str | None] = {}
        self.stored: dict[str, StateSummary] = {}
        self.loaded: dict[str, IndexedState] = {}
        self.unread: dict[str, str] = {}

    @contextmanager
    def opened(self) -> Iterator[OpenedIndex]:
        """Open the index, up to date at the first time; see `open_index`."""
        if not self._refreshed:
            self.refresh()
            self._refreshed = True
        with ExitStack() as stack:
            stored = self.settle(stack)
            loaded = [entry for state in self.loaded.values() for entry in state.entries]
            current = self.stored.keys()
            yield OpenedIndex(
                index=StateIndex(loaded, stored, current.__contains__),
                summaries=self.stored | {name: state.summary for name, state in self.loaded.items()},
                unread={name: self.unread[name] for name in self._tools.workspaces if name in self.unread},
            )

    def refresh(self) -> None:
        """Read the states that are not stored as they are now, and store them."""
        known: Mapping[str, StateSummary] = {}
        if self._store is not None:
            self._versions = self._ask_versions()
            try:
                with self._store.reading() as shelf:
                    known = shelf.summaries()
            except LedgerError as error:
                self._do_without(error)
        for portion in _portions(self._lacking(known)):
            self._keep(self._read(portion))

    def settle(self, stack: ExitStack) -> OpenIndex | None:
        """Open the store, and read what is not in it as it is now; returns the shelf to look up the others on."""
        shelf = None
        self.stored = {}
        if self._store is not None:
            try:
                opened = stack.enter_context(self._store.reading())
                known = opened.summaries()
                self.stored = {name: known[name] for name in self._tools.workspaces if self._is_current(name, known)}
                shelf = opened
            except LedgerError as error:
                self._do_without(error)
        for portion in _portions(self._lacking(self.stored)):
            self.loaded |= {state.summary.workspace: state for state in self._read(portion)}
        return shelf

    def _keep(self, states: Sequence[IndexedState]) -> None:
        storable: list[IndexedState] = []
        if self._store is not None and self._store.writes:
            storable = [state for state in states if state.summary.version is not None]
            try:
                if storable:
                    self._store.put(storable)
            except LedgerError as error:
                self._do_without(error)
                storable = []
        stored = {state.summary.workspace for state in storable}
        self.loaded |= {state.summary.workspace: state for state in states if state.summary.workspace not in stored}

    def _do_without(self, error: LedgerError) -> None:
        _LOG.warning("%s; until then every state is read in every run", error)
        self._store = None

    def _lacking(self, known: Mapping[str, StateSummary]) -> Sequence[str]:
        return [
            name
            for name in self._tools.workspaces
            if name not in self.unread and name not in self.loaded and not self._is_current(name, known)
        ]

    def _is_current(self, name: str, known: Mapping[str, StateSummary]) -> bool:
        version = self._versions.get(name)
        return version is not None and name in known and known[name].version == version

    def _ask_versions(self) -> dict[str, str | None]:
        def ask(name: str) -> str | None:
            workspace = self._tools.workspaces[name]
            try:
                return version_of(workspace, self._tools)
            except (StateError, OSError) as error:
                self.unread[name] = sentence(error)
            except _BROKEN as error:
                self.unread[name] = f"the state of {name} cannot be read: {type(error).__name__}"
            return None

        names = list(self._tools.workspaces)
        return dict(zip(names, in_parallel(ask, names, _ASKED_AT_ONCE, self._tools.stop), strict=True))

    def _read(self, names: Sequence[str]) -> list[IndexedState]:
        def read(name: str) -> IndexedState | None:
            workspace = self._tools.workspaces[name]
            try:
                return summarise(self._tools.states.read(workspace), self._versions.get(name), workspace.account)
            except (StateError, OSError) as error:
                self.unread[name] = sentence(error)
            except _BROKEN as error:
                self.unread[name] = f"the state of {name} is not a Terraform state: {type(error).__name__}"
            return None

        return [state for state in in_parallel(read, names, _READ_AT_ONCE, self._tools.stop) if state is not None]


def version_of(workspace: Workspace, tools: Tools) -> str | None:
    """Return the version of a state, which also tells whose it is and what the index makes of it; raises StateError."""
    version = tools.states.version(workspace)
    if version is None:
        return None
    words = (INDEX_FORM, str(workspace.path), workspace.terraform_workspace, workspace.account, version)
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _PORTION] for start in range(0, len(names), _PORTION))
