"""What the recorder has written: kept in memory, delivered to S3 log files, LookupEvents and an SQS queue.

Enters: records. Leaves: log files `AWSLogs/<account>/CloudTrail/<region>/YYYY/MM/DD/*.json.gz` on disk and in the
trail's bucket, EventBridge's messages in the queue. CloudTrail needs minutes for that; the sandbox none.
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import Any, Protocol

from reconciler.sandbox.identities import ACCOUNT
from reconciler.sandbox.records import as_eventbridge

_LOG = logging.getLogger(__name__)


class Delivery(Protocol):
    """Where the trail's copies go inside the sandbox."""

    def send(self, message: str) -> None:
        """Put a message into the event queue."""

    def put(self, key: str, body: bytes) -> None:
        """Put an object into the trail's bucket."""


class Trail:
    """All records of one sandbox, in the order of recording; safe for several threads."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.delivery: Delivery | None = None
        self._records: list[dict[str, Any]] = []
        self._flushed = 0
        self._lock = RLock()

    def add(self, record: dict[str, Any]) -> None:
        """Keep a record; a mutating call's goes to the queue at once, as EventBridge leaves reads out by default."""
        with self._lock:
            self._records.append(record)
            if self.delivery and not record["readOnly"]:
                self._deliver("queue", lambda delivery: delivery.send(json.dumps(as_eventbridge(record))))

    def records(self, region: str | None = None) -> list[dict[str, Any]]:
        """Return copies of the records so far, of one region or of all."""
        with self._lock:
            return deepcopy([r for r in self._records if region is None or r["awsRegion"] == region])

    def flush(self) -> list[Path]:
        """Write the records since the last flush, one log file per region and day; returns the files."""
        with self._lock:
            fresh, self._flushed = self._records[self._flushed :], len(self._records)
            files: dict[tuple[str, str], list[dict[str, Any]]] = {}
            for record in fresh:
                files.setdefault((record["awsRegion"], record["eventTime"][:10]), []).append(record)
            return [self._write(region, day, members) for (region, day), members in files.items()]

    def _write(self, region: str, day: str, records: list[dict[str, Any]]) -> Path:
        now = datetime.now(UTC)
        key = (
            f"AWSLogs/{ACCOUNT}/CloudTrail/{region}/{day.replace('-', '/')}/"
            f"{ACCOUNT}_CloudTrail_{region}_{now:%Y%m%dT%H%MZ}_{token_hex(8)}.json.gz"
        )
        body = gzip.compress(json.dumps({"Records": records}, separators=(",", ":")).encode())
        path = self.directory / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self._deliver("bucket", lambda delivery: delivery.put(key, body))
        return path

    def _deliver(self, where: str, act: Callable[[Delivery], None]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        if self.delivery is None:
            return
        try:
            act(self.delivery)
        except (BotoCoreError, ClientError) as error:
            # Whoever plays with the sandbox may delete its queue or bucket: the record itself is not lost by that.
            _LOG.warning("a CloudTrail record did not reach the sandbox's %s: %s", where, error)


class AwsDelivery:
    """Delivery through the sandbox's own S3 and SQS."""

    def __init__(self, s3: Any, sqs: Any) -> None:
        self._s3, self._sqs = s3, sqs
        self.bucket = f"aws-cloudtrail-logs-{ACCOUNT}-sandbox"
        self._s3.create_bucket(Bucket=self.bucket)
        self.queue_url: str = self._sqs.create_queue(QueueName="ecs-changes")["QueueUrl"]

    def send(self, message: str) -> None:
        """Put a message into the event queue."""
        self._sqs.send_message(QueueUrl=self.queue_url, MessageBody=message)

    def put(self, key: str, body: bytes) -> None:
        """Put an object into the trail's bucket."""
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")
