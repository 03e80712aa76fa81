"""Messages as AWS sends them to a queue, and a queue of the embedded AWS to send them to."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from reconciler.adapters.cloudtrail.sqs import SqsSource
from reconciler.model import Record
from reconciler.sandbox import Sandbox

KEY = "team a/AWSLogs/123456789012/CloudTrail/us-east-1/2024/05/02/é+1.json.gz"
DIGEST = "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2024/05/02/x.json.gz"
TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}


def record(event: str, source: str = "ecs.amazonaws.com") -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventSource": source,
        "eventName": "X",
        "eventID": event,
        "eventType": "AwsApiCall",
    }


def eventbridge(event: str, **more: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "e",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ecs",
        "detail": record(event, **more),
    }


def notification(bucket: str, key: str, name: str = "ObjectCreated:Put") -> dict[str, Any]:
    # S3's own form: the key is encoded as in a form.
    s3 = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/"), "size": 1}}
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name, "s3": s3}]}


def new_object(bucket: str, key: str) -> dict[str, Any]:
    detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    return {"version": "0", "detail-type": "Object Created", "source": "aws.s3", "detail": detail}


def delivery(bucket: str, *keys: str) -> dict[str, Any]:
    return {"s3Bucket": bucket, "s3ObjectKey": list(keys)}


def sns(message: Any) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": json.dumps(message)}


@dataclass
class Feed:
    """A queue of its own, and its readers."""

    sandbox: Sandbox
    url: str
    made: list[SqsSource] = field(default_factory=list)

    @property
    def sqs(self) -> Any:
        return self.sandbox.client("sqs")

    def send(self, *messages: Any, **more: Any) -> None:
        for message in messages:
            body = message if isinstance(message, str) else json.dumps(message)
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)

    def source(self, **settings: Any) -> SqsSource:
        source = SqsSource(self.url, **{"environment": self.sandbox.environment(), "wait": 0, **settings})
        self.made.append(source)
        return source

    def counts(self) -> tuple[int, int]:
        """Return how many messages are visible, and how many are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def read(source: SqsSource) -> list[Any]:
    return list(source.records(None))


def beating() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "heartbeat"}
