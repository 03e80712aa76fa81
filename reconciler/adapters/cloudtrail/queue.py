"""An SQS queue: messages received, kept from others, deleted, or given back."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.refusals import code_of, explain
from reconciler.errors import SourceError

_LOG = logging.getLogger(__name__)
_BATCH = 10  # messages in one call, the most that SQS takes
_ABSENT = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
_HOST = re.compile(r"(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com(?:\.cn)?")


class Message(NamedTuple):
    """A message; `receipt` stands for this receiving of it."""

    id: str
    receipt: str
    body: str


class Queue:
    """One queue, as one caller may use it. The region is the URL's where none is given."""

    def __init__(
        self, url: str, environment: Mapping[str, str], *, region: str | None = None, profile: str | None = None
    ) -> None:
        parts = urlsplit(url)
        host = _HOST.fullmatch(parts.hostname or "")
        self.url = url
        self.name = parts.path.rpartition("/")[2]
        self.region = region or (host and (host[1] or host[2])) or None
        self._environment = environment
        self._profile = profile

    def receive(self, *, wait: int, visibility: int) -> list[Message]:
        """Return up to ten messages, hidden from others for `visibility` seconds; waits so many seconds for the first.

        Raises SourceError.
        """
        answer = self._call(
            "sqs:ReceiveMessage",
            lambda: self._client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=wait, VisibilityTimeout=visibility
            ),
        )
        found = answer.get("Messages", ())
        return [Message(each["MessageId"], each["ReceiptHandle"], each.get("Body", "")) for each in found]

    def hide(self, messages: Sequence[Message], seconds: int) -> None:
        """Hide messages for so many more seconds; 0 gives them back. Failures are logged: messages then come again."""
        try:
            for entries in _entries(messages, VisibilityTimeout=seconds):
                self._call("sqs:ChangeMessageVisibility", self._changing(entries))
        except SourceError as error:
            _LOG.warning("%s", error)

    def delete(self, messages: Sequence[Message]) -> None:
        """Delete messages; one that has become visible meanwhile comes again. Raises SourceError."""
        for entries in _entries(messages):
            self._call("sqs:DeleteMessage", self._deleting(entries))

    def _changing(self, entries: list[dict[str, Any]]) -> Callable[[], Any]:
        return lambda: self._client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    def _deleting(self, entries: list[dict[str, Any]]) -> Callable[[], Any]:
        return lambda: self._client.delete_message_batch(QueueUrl=self.url, Entries=entries)

    @cached_property
    def _client(self) -> Any:
        return aws.client("sqs", self._environment, region=self.region, profile=self._profile)

    def _call(self, needs: str, call: Callable[[], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        what = f"the queue {self.name}"
        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            self.__dict__.pop("_client", None)  # the next one looks for credentials anew
            if code_of(error) in _ABSENT:
                sentence = f"{what}: there is no such queue; check the source's queue_url and region"
                raise SourceError(sentence) from error
            needs = f"{needs}, and kms:Decrypt where the queue has a key"
            sentence = explain(
                error, what, service="SQS", needs=needs, check="the source's queue_url", profile=self._profile
            )
            raise SourceError(sentence) from error


def _entries(messages: Sequence[Message], **more: Any) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        yield [{"Id": str(number), "ReceiptHandle": each.receipt, **more} for number, each in enumerate(batch)]
