"""A trail's bucket in the embedded AWS, filled and read."""

from __future__ import annotations

import gzip
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.adapters.cloudtrail.s3 import S3Source
from reconciler.model import Record
from reconciler.sandbox import Sandbox

NOW = datetime(2024, 5, 2, 1, 30, tzinfo=UTC)
ACCOUNT = "123456789012"
_NUMBERS = itertools.count(1)


def log(*ids: str, source: str = "ecs.amazonaws.com") -> bytes:
    records = [
        {"eventVersion": "1.11", "eventSource": source, "eventName": "X", "eventID": each, "eventType": "AwsApiCall"}
        for each in ids
    ]
    return gzip.compress(json.dumps({"Records": records}, separators=(",", ":")).encode())


@dataclass
class Trail:
    """A bucket of its own, and how it is read."""

    sandbox: Sandbox
    bucket: str

    @property
    def s3(self) -> Any:
        return self.sandbox.client("s3")

    def key(self, time: datetime, *, region: str = "us-east-1", account: str = ACCOUNT, above: str = "AWSLogs/") -> str:
        name = f"{account}_CloudTrail_{region}_{time:%Y%m%dT%H%MZ}_{next(_NUMBERS):016}.json.gz"
        return f"{above}{account}/CloudTrail/{region}/{time:%Y/%m/%d}/{name}"

    def put(self, event: str, *, ago: timedelta = timedelta(hours=1), **place: str) -> str:
        """Deliver a log file of one event; returns its key."""
        key = self.key(NOW - ago, **place)
        self.put_object(key, log(event))
        return key

    def put_object(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def source(self, now: datetime = NOW, **settings: Any) -> S3Source:
        return S3Source(self.bucket, environment=self.sandbox.environment(), now=lambda: now, **settings)


def make_trail(sandbox: Sandbox) -> Trail:
    bucket = f"trail-{next(_NUMBERS)}"
    sandbox.client("s3").create_bucket(Bucket=bucket)
    return Trail(sandbox, bucket)


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def read(source: S3Source, cursor: str | None = None) -> tuple[list[Any], str | None]:
    return list(source.records(cursor)), source.cursor()


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
