"""The state index on disk, in the SQLite file of the ledger: what is managed where, and which version of each state
said so. It is a cache: an index of another version is made anew, and a run that cannot use it reads every state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from reconciler.adapters.ledger_file import LOCK_SECONDS, explain, prepare_file
from reconciler.errors import LedgerError
from reconciler.model import Entry, IndexedState, JsonObject, ResourceId, StateResource, StateSummary
from reconciler.model.index import ANOTHER_ACCOUNT, ANOTHER_KEY, ANOTHER_REGION, Sought

_SCHEMA = 4
_TABLES = (
    "CREATE TABLE IF NOT EXISTS index_version (version INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS index_states (id INTEGER PRIMARY KEY, workspace TEXT NOT NULL UNIQUE, version TEXT, "
    "serial INTEGER NOT NULL, lineage TEXT NOT NULL, types TEXT NOT NULL, digest TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS index_entries (state INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, "
    "account TEXT, region TEXT, arn TEXT, entry TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS index_by_state ON index_entries (state)",
    "CREATE INDEX IF NOT EXISTS index_by_key ON index_entries (key, account, region)",
    "CREATE INDEX IF NOT EXISTS index_by_name ON index_entries (name)",
    "CREATE INDEX IF NOT EXISTS index_by_arn ON index_entries (arn)",
)
_SUMMARIES = "SELECT workspace, version, serial, lineage, types, digest FROM index_states"
_ENTRIES = "SELECT workspace, entry FROM index_entries JOIN index_states ON index_states.id = state WHERE "
_AT_PLACE = (
    "coalesce(account, ?2, '') = coalesce(?2, account, '') AND coalesce(region, ?3, '') = coalesce(?3, region, '')"
)
_SIBLINGS = f"{_ENTRIES} key > ?1 AND {_AT_PLACE} AND key < ?4 LIMIT ?5"
_NAMESAKES = (
    f"{_ENTRIES} name = ?1 ORDER BY (account IS NOT NULL AND account IS NOT ?2) * {ANOTHER_ACCOUNT} + "
    f"(region IS NOT NULL AND region IS NOT ?3) * {ANOTHER_REGION} + (key <> ?4) * {ANOTHER_KEY}, workspace LIMIT ?5"
)
_LAST = "\U0010ffff"
"""Sorts behind everything that a key may go on with: keys are ASCII."""


class SqliteIndexStore:
    """Fulfils `ports.IndexStore` in a file, which is made when it is first needed; with `writes` False, never."""

    def __init__(self, file: Path, *, writes: bool = True) -> None:
        self._file = file
        self._writes = writes

    @property
    def writes(self) -> bool:
        """Tell whether anything will be stored."""
        return self._writes

    @contextmanager
    def reading(self) -> Iterator[StoredShelf]:
        """Open what is stored, as it is at this moment; raises LedgerError."""
        with _failing(self._file):
            connection = self._connect("ro" if self._file.exists() else "memory")
        with closing(connection):
            with _failing(self._file):
                connection.execute("BEGIN")
                readable = _version(connection) == _SCHEMA
            yield StoredShelf(connection, self._file, readable=readable)

    def put(self, states: Sequence[IndexedState]) -> None:
        """Store states in place of what is stored of their workspaces; raises LedgerError."""
        with self._writing() as connection:
            for state in states:
                _put(connection, state)

    def clear(self) -> None:
        """Forget everything; raises LedgerError."""
        with self._writing() as connection:
            _drop(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _failing(self._file):
            prepare_file(self._file)
            with closing(self._connect("rw")) as connection:
                connection.execute("BEGIN IMMEDIATE")
                if _version(connection) != _SCHEMA:
                    _drop(connection)
                yield connection
                connection.execute("COMMIT")

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self._file.resolve().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)


class StoredShelf:
    """A shelf on an open connection: all answers are of one moment."""

    def __init__(self, connection: sqlite3.Connection, file: Path, *, readable: bool) -> None:
        self._connection = connection
        self._file = file
        self._readable = readable

    def summaries(self) -> Mapping[str, StateSummary]:
        """Return what is stored of each workspace; a damaged row is none, so that its state is read and stored anew."""
        found: dict[str, StateSummary] = {}
        for workspace, version, serial, lineage, types, digest in self._rows(_SUMMARIES, ()):
            with suppress(ValueError, TypeError):
                found[workspace] = StateSummary(
                    workspace=workspace,
                    version=version,
                    serial=serial,
                    lineage=lineage,
                    types=json.loads(types),
                    digest=digest,
                )
        return found

    def with_key(self, key: str, account: str | None, region: str | None) -> Iterable[Entry]:
        """Return the entries with exactly this key that may be in this account and region; None is any."""
        return self._entries(
            f"{_ENTRIES} key = ?1 AND {_AT_PLACE} ORDER BY workspace", (key, _text(account), _text(region))
        )

    def with_arn(self, arn: str) -> Iterable[Entry]:
        """Return the entries with exactly this ARN."""
        return self._entries(f"{_ENTRIES} arn = ? ORDER BY workspace", (json.dumps(arn),))

    def siblings(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries at the same place, whatever their own names."""
        begin = sought.siblings
        return self._entries(_SIBLINGS, (begin, *_place(sought), begin + _LAST, limit))

    def namesakes(self, sought: Sought, limit: int) -> Iterable[Entry]:
        """Return at most `limit` entries of the type and the own name, the nearest first."""
        name = json.dumps([sought.type, sought.name])
        return self._entries(_NAMESAKES, (name, *_place(sought), sought.key, limit))

    def _entries(self, query: str, values: Sequence[object]) -> Iterable[Entry]:
        rows = self._rows(query, values)
        try:
            return [_entry(workspace, *json.loads(entry)) for workspace, entry in rows]
        except (ValueError, TypeError) as error:
            raise LedgerError(f"the state index in {self._file} {explain('malformed entry')}") from error

    def _rows(self, query: str, values: Sequence[object]) -> Iterable[tuple[Any, ...]]:
        if not self._readable:
            return ()
        with _failing(self._file):
            return self._connection.execute(query, values).fetchall()


def _put(connection: sqlite3.Connection, state: IndexedState) -> None:
    summary = state.summary
    known = connection.execute("SELECT id FROM index_states WHERE workspace = ?", (summary.workspace,)).fetchone()
    if known is not None:
        connection.execute("DELETE FROM index_entries WHERE state = ?", known)
        connection.execute("DELETE FROM index_states WHERE id = ?", known)
    types = json.dumps(dict(summary.types))
    row = connection.execute(
        "INSERT INTO index_states (workspace, version, serial, lineage, types, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (summary.workspace, summary.version, summary.serial, summary.lineage, types, summary.digest),
    ).lastrowid
    connection.executemany(
        "INSERT INTO index_entries (state, key, name, account, region, arn, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((row, key, *_columns(key, entry)) for key, entry in state.entries),
    )


def _columns(key: str, entry: Entry) -> tuple[str | None, ...]:
    # What names are made of comes from states and may be anything; JSON text is ASCII whatever it is.
    identity, resource = entry.identity, entry.resource
    parts = json.loads(key)
    names = {name: value for name in ResourceId.__slots__ if (value := getattr(identity, name)) is not None}
    return (
        json.dumps([parts[0], parts[-1]]),
        *_place(identity),
        _text(identity.arn),
        json.dumps([resource.type, resource.address, resource.provider, names, resource.deposed]),
    )


def _place(there: ResourceId | Sought) -> tuple[str | None, str | None]:
    return _text(there.account), _text(there.region)


def _text(value: str | None) -> str | None:
    return None if value is None else json.dumps(value)


def _entry(workspace: str, type_: str, address: str, provider: str, names: JsonObject, deposed: str | None) -> Entry:
    resource = StateResource(
        workspace=workspace, address=address, type=type_, provider=provider, attributes={}, deposed=deposed
    )
    return Entry(ResourceId(**names), resource)


def _version(connection: sqlite3.Connection) -> int | None:
    """Return the version of the index in the file, None when there is none that can be read."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'index_version'").fetchone()
    row = connection.execute("SELECT version FROM index_version").fetchone() if there else None
    return row[0] if row is not None and isinstance(row[0], int) else None


def _drop(connection: sqlite3.Connection) -> None:
    for table in ("index_version", "index_states", "index_entries"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO index_version VALUES (?)", (_SCHEMA,))


@contextmanager
def _failing(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        cause = str(getattr(error, "strerror", None) or error)
        raise LedgerError(f"the state index in {file} {explain(cause)}") from error
