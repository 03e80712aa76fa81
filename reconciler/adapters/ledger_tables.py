"""The ledger's tables. One that is added is made where it is missing; every other change needs a new version."""

from __future__ import annotations

import sqlalchemy as sa

LONGEST_ID = 255

metadata = sa.MetaData()
meta = sa.Table("meta", metadata, sa.Column("schema_version", sa.Integer, nullable=False))
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("finished_at", sa.String(32), nullable=False),
    sa.Column("report", sa.Text, nullable=False),
)
seen = sa.Table(
    "seen_events",
    metadata,
    sa.Column("id", sa.String(LONGEST_ID), primary_key=True),
    sa.Column("seen_at", sa.String(32), nullable=False, index=True),
)
postponed = sa.Table(
    "postponed_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(LONGEST_ID), nullable=False, unique=True),
    sa.Column("since", sa.String(32), nullable=False, index=True),
    sa.Column("record", sa.Text, nullable=False),
)
cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("source", sa.String(255), primary_key=True),
    sa.Column("position", sa.Text, nullable=False),
)
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("key", sa.String(1024), primary_key=True),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("first_seen", sa.String(32), nullable=False),
    sa.Column("last_seen", sa.String(32), nullable=False),
    sa.Column("finding", sa.Text, nullable=False),
)
settled = sa.Table(
    "settled_findings",
    metadata,
    sa.Column("key", sa.String(1024), primary_key=True),
    sa.Column("last_seen", sa.String(32), nullable=False, index=True),
    sa.Column("finding", sa.Text, nullable=False),
)
