"""Log files in S3: listed, fetched and streamed, for every feed that knows of some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.cloudtrail.refusals import code_of, explain, is_denied
from reconciler.errors import SourceError

_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "404"})


class UnreadableError(Exception):
    """An object could not be fetched to its end; the text is a sentence. `gone`: it is there no longer."""

    def __init__(self, sentence: str, *, gone: bool = False, denied: bool = False) -> None:
        super().__init__(sentence)
        self.gone = gone
        self.denied = denied


class Listing(NamedTuple):
    """Keys in their order, and the folders below, each with its `/`."""

    keys: tuple[str, ...]
    folders: tuple[str, ...]


class LogFiles:
    """Buckets, as one caller may read them. `only` is that of `read_records`."""

    def __init__(
        self, environment: Mapping[str, str], *, profile: str | None, region: str | None, only: frozenset[str]
    ) -> None:
        # Asked for each time: a process that runs for weeks sees other keys.
        self._client: Callable[[], Any] = partial(aws.shared_client, "s3", environment, region=region, profile=profile)
        self._profile = profile
        self._only = only

    def read(self, bucket: str, key: str) -> Iterator[Item]:
        """Yield the records of an object, a piece of it in memory at a time; raises UnreadableError."""
        from botocore.exceptions import BotoCoreError, ClientError

        where = f"s3://{bucket}/{key}"
        try:
            body = self._client().get_object(Bucket=bucket, Key=key)["Body"]
        except (BotoCoreError, ClientError) as error:
            raise self._unreadable(error) from error
        with body:
            yield from read_records(_Body(body, self._unreadable), where, self._only)

    def pages(
        self, bucket: str, prefix: str, *, after: str = "", delimiter: str = "", most: int | None = None
    ) -> Iterator[Listing]:
        """Yield the pages of what stands below a prefix, from the keys that sort behind `after` on.

        With a `delimiter` what lies below it is folded into folders; `most` ends with so many keys. Raises SourceError.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        limit = {"MaxKeys": most} if most else {}
        question = {"Bucket": bucket, "Prefix": prefix, "StartAfter": after, "Delimiter": delimiter, **limit}
        question = {name: value for name, value in question.items() if value}
        while True:
            try:
                answer = self._client().list_objects_v2(**question)
            except (BotoCoreError, ClientError) as error:
                raise SourceError(self._explain(error, f"the bucket {bucket}", "s3:ListBucket")) from error
            yield Listing(
                tuple(each["Key"] for each in answer.get("Contents", ())),
                tuple(each["Prefix"] for each in answer.get("CommonPrefixes", ())),
            )
            if most or not answer.get("NextContinuationToken"):
                return
            question["ContinuationToken"] = answer["NextContinuationToken"]

    def _unreadable(self, error: Exception) -> UnreadableError:
        needs = "s3:GetObject, and kms:Decrypt where the trail has a key"
        sentence = self._explain(error, "the object cannot be read", needs)
        return UnreadableError(sentence, gone=code_of(error) in _GONE, denied=is_denied(error))

    def _explain(self, error: Exception, what: str, needs: str) -> str:
        match code_of(error):
            case "NoSuchBucket":
                return f"{what}: there is no such bucket; check the source's bucket"
            case code if code in _GONE:
                return f"{what}: it is there no longer; a lifecycle rule or a person removed it"
            case "InvalidObjectState":
                return f"{what}: it is archived; restore it first"
        return explain(error, what, service="S3", needs=needs, check="the source's bucket", profile=self._profile)


class _Body:
    """An object's bytes, whose failures are those of the object."""

    def __init__(self, body: Any, unreadable: Callable[[Exception], UnreadableError]) -> None:
        self._body = body
        self._unreadable = unreadable

    def read(self, size: int) -> bytes:
        from botocore.exceptions import BotoCoreError

        try:
            content: bytes = self._body.read(size)
        except (BotoCoreError, OSError) as error:
            raise self._unreadable(error) from error
        return content
