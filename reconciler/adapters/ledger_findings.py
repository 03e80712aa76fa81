"""The ledger's findings: those that stand, and those that are settled.

A finding stands from the run that reports it as drift, deleted, unmanaged, unmatched or not checked, until a later run
reports the same workspace and address (or, where there is none, the same resource) as healed, matching or ignored. A
later run that could not check does not end or replace what an earlier one knew. What is in no state and of severity
info, as what is gone again, stands not: nothing is left to do.

What is matching or ignored asks nothing of anybody, and is kept beside what stands: it may become drift, when a change
of the code is taken back, and only the run that saw the events knows who did it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from reconciler.adapters import ledger_tables as tables
from reconciler.model import JsonObject

_STANDING = frozenset({"drift", "deleted", "unmanaged", "unmatched", "not_checked"})
_STRAYS = frozenset({"unmanaged", "unmatched"})
_SETTLED = frozenset({"matching", "ignored"})


def keep(connection: sa.Connection, findings: Sequence[JsonObject], now: str) -> None:
    """Store what a run that ended at `now` reports in place of what earlier ones did."""
    # What ends first: a resource that left its address and stands in no state now has a finding of each.
    for finding in sorted(findings, key=lambda each: each["status"] in _STANDING):
        _keep(connection, finding, now)


def _keep(connection: sa.Connection, finding: JsonObject, now: str) -> None:
    key = _key(finding)
    if finding["status"] != "not_checked":
        connection.execute(tables.settled.delete().where(tables.settled.c.key == key))
    if finding["status"] in _SETTLED:
        row = {"key": key, "last_seen": now, "finding": json.dumps(finding)}
        connection.execute(tables.settled.insert().values(row))
    known = connection.execute(sa.select(tables.findings).where(tables.findings.c.key == key)).one_or_none()
    if known is not None and finding["status"] == "not_checked" and known.status != "not_checked":
        return
    connection.execute(tables.findings.delete().where(tables.findings.c.key.in_({key, _resource_key(finding)})))
    if finding["status"] in _STANDING and not _is_over(finding):
        connection.execute(
            tables.findings.insert().values(
                key=key,
                status=finding["status"],
                first_seen=known.first_seen if known is not None else now,
                last_seen=now,
                finding=json.dumps(finding),
            )
        )


def readdress(connection: sa.Connection, findings: Sequence[JsonObject]) -> None:
    """Let what is kept of these findings' former addresses stand at their own: as long as before, and once."""
    names = {
        _key({**finding, "address": address}): finding["address"]
        for finding in findings
        for address in finding.get("formerly", ())
    }
    for table in (tables.findings, tables.settled) if names else ():
        rows = connection.execute(sa.select(table).where(table.c.key.in_(names))).all()
        connection.execute(table.delete().where(table.c.key.in_(names)))
        for row in rows:
            finding = {**_finding(row), "address": names[row.key]}
            key = _key(finding)
            if connection.execute(sa.select(table.c.key).where(table.c.key == key)).one_or_none() is None:
                connection.execute(table.insert().values({**row._mapping, "key": key, "finding": json.dumps(finding)}))


def amend(connection: sa.Connection, finding: JsonObject) -> None:
    """Replace a finding where it still is: nothing comes to stand, or settles, by that."""
    table = tables.settled if finding["status"] in _SETTLED else tables.findings
    known = {name: value for name, value in finding.items() if name not in ("first_seen", "last_seen")}
    connection.execute(table.update().where(table.c.key == _key(finding)).values(finding=json.dumps(known)))


def standing(connection: sa.Connection, *of: sa.ColumnElement[bool]) -> Sequence[JsonObject]:
    """Return the findings that stand, newest first, with `first_seen` and `last_seen`."""
    rows = _newest(connection, tables.findings, *of)
    found = ({**_finding(row), "first_seen": row.first_seen, "last_seen": row.last_seen} for row in rows)
    return [finding for finding in found if not _is_over(finding)]  # earlier versions stored those


def strays(connection: sa.Connection) -> Sequence[JsonObject]:
    """Return the findings that stand of what is in no state."""
    return standing(connection, tables.findings.c.status.in_(_STRAYS), ~tables.findings.c.key.startswith('["address"'))


def of_workspaces(connection: sa.Connection, workspaces: Collection[str]) -> Sequence[JsonObject]:
    """Return what is settled and what stands at the addresses of these workspaces, each the newest first."""
    return [
        *(_finding(row) for row in _newest(connection, tables.settled, _is_of(workspaces, tables.settled))),
        *standing(connection, _is_of(workspaces, tables.findings)),
    ]


def _is_of(workspaces: Collection[str], table: sa.Table) -> sa.ColumnElement[bool]:
    """Tell by the keys alone, from their index: the findings of a year are a hundred times as long."""
    begin = [json.dumps(["address", workspace]).removesuffix("]") + "," for workspace in workspaces]
    parts = [
        sa.func.substr(table.c.key, 1, length).in_(list(same)) for length, same in groupby(sorted(begin, key=len), len)
    ]
    # What holds of every key lets SQLite take the index.
    return table.c.key.in_(sa.select(table.c.key).where(table.c.key > "", sa.or_(sa.false(), *parts)))


def _newest(connection: sa.Connection, table: sa.Table, *of: sa.ColumnElement[bool]) -> sa.CursorResult[Any]:
    return connection.execute(sa.select(table).where(*of).order_by(table.c.last_seen.desc(), table.c.key))


def _finding(row: sa.Row[Any]) -> JsonObject:
    """Return a row's finding; raises JSONDecodeError."""
    finding = json.loads(row.finding)
    if not isinstance(finding, dict) or "status" not in finding:
        raise json.JSONDecodeError("no finding", row.finding, 0)
    return finding


def _is_over(finding: JsonObject) -> bool:
    return finding["status"] in _STRAYS and finding.get("severity") == "info"


def _key(finding: JsonObject) -> str:
    if finding["workspace"] is not None and finding["address"] is not None:
        return json.dumps(["address", finding["workspace"], finding["address"]])
    return _resource_key(finding)


def _resource_key(finding: JsonObject) -> str:
    """Return the key of a finding without an address: such a one ends also when the resource gets an address."""
    identity = finding["identity"]
    names = [identity.get(part) for part in ("cluster", "service", "name", "family", "revision")]
    if identity.get("arn") is None and not any(names):
        return json.dumps(["fingerprint", finding["fingerprint"]])
    name = identity.get("arn") or [identity.get("account"), identity.get("region"), *names]
    return json.dumps(["resource", finding["resource_type"], name])
