"""The ledger: what earlier runs did, in a SQL database (SQLite unless the URL says otherwise)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlalchemy.dialects.sqlite  # the first engine would import it, when terraform has ended

from reconciler.adapters import ledger_findings
from reconciler.adapters import ledger_tables as tables
from reconciler.adapters.ledger_file import LOCK_SECONDS, SCHEMA_VERSION, explain, prepare_file
from reconciler.errors import LedgerError
from reconciler.model import JsonObject, Record

_EVENTS_KEPT = timedelta(days=100)  # CloudTrail's LookupEvents looks back 90 days
_RUNS_KEPT = timedelta(days=400)
_STRAYS_KEPT = timedelta(days=400)  # of names that no workspace knows there may be more every day
_STRAYS = ("unmanaged", "unmatched")
_CHUNK = 500  # far below every database's limit of parameters in a statement


class SqlLedger:
    """Fulfils `ports.Ledger` for a SQLAlchemy URL. A missing SQLite file reads as empty and is made by `store`.

    Without `writes` it is only read: no table is made where there is none.
    """

    def __init__(self, url: str, *, writes: bool = True) -> None:
        """Take the URL; raises LedgerError when it is none."""
        self._writes = writes
        try:
            self._url = sa.make_url(url)
            self._engine = _engine(self._url, "BEGIN IMMEDIATE" if writes else "BEGIN")
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise LedgerError(
                "the ledger's URL is not usable; write one such as sqlite:///.reconciler/ledger.db"
            ) from error
        self._ready = False

    def seen(self, event_ids: Sequence[str]) -> frozenset[str]:
        """Return those of the ids that an earlier cycle has stored, as handled or as postponed."""
        with self._reading() as connection:
            if connection is None or not event_ids:
                return frozenset()
            names = {_storable(each): each for each in event_ids}
            queries = (
                sa.select(column).where(column.in_(chunk))
                for chunk in _chunks(list(names))
                for column in (tables.seen.c.id, tables.postponed.c.id)
            )
            return frozenset(names[row.id] for query in queries for row in connection.execute(query))

    def postponed(self) -> Mapping[str, Record]:
        """Return the records of events that an earlier cycle could not settle, by the events' ids, oldest first."""
        with self._reading() as connection:
            if connection is None:
                return {}
            rows = connection.execute(sa.select(tables.postponed).order_by(tables.postponed.c.number))
            return {row.id: Record(**json.loads(row.record)) for row in rows}

    def cursor(self, source: str) -> str | None:
        """Return the position stored for a source."""
        with self._reading() as connection:
            if connection is None:
                return None
            position: str | None = connection.scalar(
                sa.select(tables.cursors.c.position).where(tables.cursors.c.source == source)
            )
            return position

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
        finished = str(report["finished_at"])
        with self._transaction() as connection:
            if listed:
                connection.execute(tables.runs.insert().values(finished_at=finished, report=json.dumps(report)))
            _remember(connection, handled, finished)
            _postpone(connection, postponed or {}, finished)
            for source, position in cursors.items():
                connection.execute(tables.cursors.delete().where(tables.cursors.c.source == source))
                connection.execute(tables.cursors.insert().values(source=source, position=position))
            ledger_findings.readdress(connection, report["findings"])
            ledger_findings.keep(connection, report["findings"], finished)
            _forget_old(connection, finished)

    def amend(self, findings: Sequence[JsonObject]) -> None:
        """Replace findings, in the form that `findings_of` returns, where they still are."""
        with self._transaction() as connection:
            for finding in findings:
                ledger_findings.amend(connection, finding)

    def open_findings(self) -> Sequence[JsonObject]:
        """Return the findings that stand, newest first, in the contract's form plus `first_seen` and `last_seen`."""
        with self._reading() as connection:
            return ledger_findings.standing(connection) if connection is not None else ()

    def strays(self) -> Sequence[JsonObject]:
        """Return those of the findings that stand which are of what is in no state."""
        with self._reading() as connection:
            return ledger_findings.strays(connection) if connection is not None else ()

    def findings_of(self, workspaces: Collection[str]) -> Sequence[JsonObject]:
        """Return what stands at addresses of these workspaces, or was told to be matching or ignored at last."""
        with self._reading() as connection:
            if connection is None:
                return ()
            chunks = _chunks(sorted(workspaces))
            return [each for chunk in chunks for each in ledger_findings.of_workspaces(connection, chunk)]

    def history(self, limit: int) -> Sequence[JsonObject]:
        """Return the newest runs' reports, newest first."""
        with self._reading() as connection:
            if connection is None:
                return ()
            query = sa.select(tables.runs.c.report).order_by(tables.runs.c.id.desc()).limit(limit)
            return [json.loads(row.report) for row in connection.execute(query)]

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection | None]:
        file = _file(self._url)
        if file is not None and not file.exists():
            yield None
            return
        if self._writes:
            with self._transaction() as connection:
                yield connection
            return
        with self._explained(), self._engine.begin() as connection:
            made = {*tables.metadata.tables}.issubset(sa.inspect(connection).get_table_names())
            yield connection if made and _is_of_this_version(connection, self._name) else None

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """Begin, make the tables the first time, commit."""
        with self._explained():
            if not self._ready:
                file = _file(self._url)
                if file is not None:
                    prepare_file(file)
            with self._engine.begin() as connection:
                if not self._ready:
                    _prepare_tables(connection, self._name)
                yield connection
            self._ready = True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Make every failure of the database a LedgerError."""
        try:
            yield
        except (sa.exc.SQLAlchemyError, OSError, json.JSONDecodeError) as error:
            raise LedgerError(f"the ledger {self._name} {_explain(error)}") from error

    @property
    def _name(self) -> str:
        return str(_file(self._url) or self._url.render_as_string(hide_password=True))


def _engine(url: sa.URL, begin: str) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url)
    pool = None if _file(url) is None else sa.NullPool
    engine = sa.create_engine(url, connect_args={"timeout": LOCK_SECONDS}, poolclass=pool)
    # pysqlite begins transactions late and for writes only; SQLAlchemy's manual gives this way to take over:
    # BEGIN IMMEDIATE to write, so that two processes wait for each other instead of failing at their first write.
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _configure(connection: Any, _record: object) -> None:
    # The rollback journal is kept: changing to WAL fails at once, busy timeout or not, while another process opens.
    connection.isolation_level = None


def _file(url: sa.URL) -> Path | None:
    """Return a SQLite URL's file, None for anything else."""
    on_disk = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)) if on_disk else None


def _prepare_tables(connection: sa.Connection, name: str) -> None:
    tables.metadata.create_all(connection)
    if not _is_of_this_version(connection, name):
        connection.execute(tables.meta.insert().values(schema_version=SCHEMA_VERSION))


def _is_of_this_version(connection: sa.Connection, name: str) -> bool:
    """Tell whether the ledger has a version; raises LedgerError when it is another one."""
    version = connection.scalar(sa.select(tables.meta.c.schema_version))
    if version not in (None, SCHEMA_VERSION):
        raise LedgerError(
            f"the ledger {name} was written by another version of reconciler; name another file in ledger"
        )
    return version is not None


def _remember(connection: sa.Connection, event_ids: Sequence[str], now: str) -> None:
    for chunk in _chunks(list(dict.fromkeys(map(_storable, event_ids)))):
        connection.execute(tables.postponed.delete().where(tables.postponed.c.id.in_(chunk)))
        connection.execute(tables.seen.delete().where(tables.seen.c.id.in_(chunk)))
        connection.execute(tables.seen.insert(), [{"id": each, "seen_at": now} for each in chunk])


def _postpone(connection: sa.Connection, records: Mapping[str, Record], now: str) -> None:
    """Keep records; those kept already stay as old as they are."""
    by_id = {_storable(name): record for name, record in records.items()}
    for chunk in _chunks(list(by_id)):
        known = {
            row.id
            for row in connection.execute(sa.select(tables.postponed.c.id).where(tables.postponed.c.id.in_(chunk)))
        }
        rows = [
            {"id": each, "since": now, "record": json.dumps({"body": by_id[each].body, "where": by_id[each].where})}
            for each in chunk
            if each not in known
        ]
        if rows:
            connection.execute(tables.postponed.insert(), rows)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _storable(event_id: str) -> str:
    """Return an id that every database takes: one that no AWS service would give must not end every run."""
    plain = event_id.isascii() and event_id.isprintable() and len(event_id) <= tables.LONGEST_ID
    return event_id if plain else hashlib.sha256(event_id.encode(errors="surrogatepass")).hexdigest()


def _forget_old(connection: sa.Connection, now: str) -> None:
    """Delete what is older than anybody asks for; times of one form compare as text."""
    stray = tables.findings.c.status.in_(_STRAYS)
    for column, kept, which in (
        (tables.seen.c.seen_at, _EVENTS_KEPT, sa.true()),
        (tables.postponed.c.since, _EVENTS_KEPT, sa.true()),
        (tables.runs.c.finished_at, _RUNS_KEPT, sa.true()),
        (tables.findings.c.last_seen, _STRAYS_KEPT, stray),
        (tables.settled.c.last_seen, _EVENTS_KEPT, sa.true()),
    ):
        oldest = (datetime.fromisoformat(now) - kept).strftime("%Y-%m-%dT%H:%M:%SZ")
        connection.execute(sa.delete(column.table).where(column < oldest, which))


def _explain(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return explain(f"malformed: {error}")
    return explain(str(getattr(error, "orig", None) or getattr(error, "strerror", None) or type(error).__name__))
