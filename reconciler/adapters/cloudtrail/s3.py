"""A trail's log files in its bucket: only those that are new."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.folders import (
    Position,
    Positions,
    delivered,
    digest,
    leads_to_logs,
    read_positions,
    region_of,
    top_of,
)
from reconciler.adapters.cloudtrail.objects import LogFiles, UnreadableError
from reconciler.errors import SourceError
from reconciler.model import Broken

_FIRST_WINDOW = timedelta(hours=24)
_OVERLAP = timedelta(hours=6)
"""How much later than its name says a file may appear: names of one minute come in no order, uploads are repeated, and
replication between buckets takes its time."""
_PATIENCE = timedelta(days=7)
"""How long a file that cannot be read is asked for again."""
_MOST_DENIED = 10


class S3Source:
    """New log files below `prefix`, in the layout of a trail of one account or of an organisation.

    Each folder of a region is listed from the day of its position on, less an overlap of 6 hours by the files' names.
    The cursor holds each folder's position and, for the overlap, which files have been read, so that a late one is
    read and no other comes twice. Where there is no position, `since` is how far back to look (24 hours by default).
    A file says nothing about the times of its records; the ledger drops those that another feed has brought.

    `regions` are the wanted ones, all where it is empty; `only` is that of `read_records`.
    """

    remembers = True

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        regions: Sequence[str] = (),
        profile: str | None = None,
        since: timedelta | None = None,
        only: frozenset[str] = frozenset(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._regions = frozenset(regions)
        self._profile = profile
        self._since = since or _FIRST_WINDOW
        self._now = now
        environment = os.environ if environment is None else environment
        self._files = LogFiles(environment, profile=profile, region=None, only=only)
        self._positions = Positions()
        self._any_read = False
        self._denied: list[Broken] = []

    @property
    def name(self) -> str:
        """Return the feed's name: the same bucket, prefix and profile go on where they left off."""
        return f"s3:{f'{self._profile}:' if self._profile else ''}{self._bucket}/{self._prefix}"

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield the records of the files that are new since `cursor`.

        A file that cannot be read is a Broken that names its key; unless it is gone, it is asked for again for a week.
        Raises SourceError when the bucket cannot be listed, holds no trail, or none of its files may be read.
        """
        self._positions = read_positions(cursor)
        self._any_read, self._denied = False, []
        now = self._now()
        earliest = now - self._since
        if self._positions.asked:  # a region that is used for the first time
            earliest = min(earliest, self._positions.asked - _OVERLAP)
        for folder in self._folders():
            yield from self._folder(folder, earliest, now)
        if self._denied and not self._any_read:
            raise self._refused()
        self._positions.asked = now

    def cursor(self) -> str | None:
        """Return the positions in the folders that were read to their end, None when there are none."""
        return self._positions.text()

    def acknowledge(self) -> None:
        """Do nothing: the files stay."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: it is asked."""

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _folders(self) -> Iterator[str]:
        top = top_of(self._prefix)
        waiting, found = [top], False
        while waiting:
            folder = waiting.pop()
            region = region_of(folder)
            if region is None:
                below = (
                    each for page in self._files.pages(self._bucket, folder, delimiter="/") for each in page.folders
                )
                waiting += sorted((each for each in below if leads_to_logs(each)), reverse=True)
                continue
            found = True
            if not self._regions or region in self._regions:
                yield folder
        if not found and any(page.keys for page in self._files.pages(self._bucket, "", most=1)):
            raise SourceError(
                f"the bucket {self._bucket} holds no CloudTrail log files below {top}; check the source's prefix: "
                "it is what stands before AWSLogs/"
            )

    def _folder(self, folder: str, earliest: datetime, now: datetime) -> Iterator[Item]:
        last = self._positions.folders.get(folder)
        start = last.time - _OVERLAP if last else earliest
        times: dict[str, datetime] = {}
        unread: list[datetime] = []
        for key, time in self._listed(folder, start):
            if last is None or digest(key) not in last.read:
                try:
                    yield from self._read(key)
                except UnreadableError as problem:
                    yield from self._explained(key, problem)
                    if not problem.gone:
                        unread.append(time)
                        continue
            times[digest(key)] = time
        # A name from the future must not hide what comes until then.
        newest = min(max([*times.values(), *unread, *([last.time] if last else [])], default=start), now)
        time = max(min([newest, *unread]), newest - _PATIENCE)
        read = frozenset(key for key, delivery in times.items() if delivery >= time - _OVERLAP)
        if last or times or unread:
            self._positions.folders[folder] = Position(time, read)

    def _listed(self, folder: str, start: datetime) -> Iterator[tuple[str, datetime]]:
        for page in self._files.pages(self._bucket, folder, after=f"{folder}{start:%Y/%m/%d}/"):
            for key in page.keys:
                time = delivered(folder, key)
                if time is not None and time >= start.replace(second=0, microsecond=0):
                    yield key, time

    def _read(self, key: str) -> Iterator[Item]:
        items = self._files.read(self._bucket, key)
        for item in items:
            yield from self._reading_works()
            yield item
        yield from self._reading_works()

    def _reading_works(self) -> Iterator[Item]:
        self._any_read = True
        told, self._denied = self._denied, []
        yield from told

    def _explained(self, key: str, problem: UnreadableError) -> Iterator[Item]:
        broken = Broken(str(problem), f"s3://{self._bucket}/{key}")
        if not problem.denied or self._any_read:
            yield broken
            return
        self._denied.append(broken)
        if len(self._denied) == _MOST_DENIED:
            raise self._refused()

    def _refused(self) -> SourceError:
        first = self._denied[0]
        return SourceError(
            f"none of the new files of the bucket {self._bucket} may be read: {first.where}: {first.reason}"
        )
