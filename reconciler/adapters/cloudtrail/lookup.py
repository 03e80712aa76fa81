"""CloudTrail's LookupEvents, region by region: needs no trail, covers the management events of 90 days."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.envelopes import Item, unwrap
from reconciler.adapters.cloudtrail.refusals import explain
from reconciler.errors import SourceError
from reconciler.model import Broken

_SOURCES = (
    "ecs.amazonaws.com",
    "autoscaling.amazonaws.com",
    "servicediscovery.amazonaws.com",
    "iam.amazonaws.com",
)
_GLOBAL = {
    "iam.amazonaws.com": frozenset({"us-east-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "us-isob-east-1"})
}
"""Sources of services without regions, and where CloudTrail records them: one region of each partition."""
_OVERLAP = timedelta(minutes=15)
"""CloudTrail delivers events up to 15 minutes late (LookupEvents API reference)."""
_KEPT = timedelta(days=90)
_FIRST_WINDOW = timedelta(hours=24)
_PAUSE = 0.5
"""Seconds between calls: CloudTrail allows two a second per account and region."""
_PAGE = 50


class LookupSource:
    """Events of ECS and auto scaling from LookupEvents.

    `since` is how far back to look where there is no cursor (24 hours by default). The cursor holds the end of each
    region's last complete window; the next one begins 15 minutes before it, and the ledger drops what comes twice.
    """

    remembers = True

    def __init__(
        self,
        regions: Sequence[str],
        *,
        profile: str | None = None,
        since: timedelta | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._regions = tuple(dict.fromkeys(regions))
        self._profile = profile
        self._since = since or _FIRST_WINDOW
        self._now = now
        self._pacer = _Pacer(sleep, clock)
        self._environment = os.environ if environment is None else environment
        self._ends: dict[str, str] = {}
        self._clients: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """Return the feed's name: the same regions and profile go on where they left off."""
        profile = f"{self._profile}:" if self._profile else ""
        return f"cloudtrail-lookup:{profile}{','.join(self._regions)}"

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield the records of all regions since `cursor`.

        A region that fails is a Broken, and its window is asked for again next time. Raises SourceError when every
        region fails.
        """
        self._ends = _read_cursor(cursor)
        end = self._now()
        failures: dict[str, str] = {}
        for region in self._regions:
            try:
                yield from self._region(region, self._start(region, end), end)
            except SourceError as error:
                failures[region] = str(error)
            else:
                self._ends[region] = end.isoformat()
        if failures and len(failures) == len(self._regions):
            raise SourceError("; ".join(dict.fromkeys(failures.values())))
        for region, reason in failures.items():
            yield Broken(reason, f"cloudtrail-lookup {region}")

    def cursor(self) -> str | None:
        """Return the end of each region's last complete window, None when there has been none."""
        return json.dumps(self._ends, sort_keys=True) if self._ends else None

    def acknowledge(self) -> None:
        """Do nothing: CloudTrail keeps its events."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Do nothing: it is asked."""

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _start(self, region: str, end: datetime) -> datetime:
        known = self._ends.get(region)
        last = datetime.fromisoformat(known) if known else None
        # A position from a clock that was ahead tells nothing: what happened until now may not have been seen.
        start = last - _OVERLAP if last and last <= end else end - self._since
        return max(start, end - _KEPT)

    def _region(self, region: str, start: datetime, end: datetime) -> Iterator[Item]:
        client = self._ask(region, partial(self._client, region))
        for source in (each for each in _SOURCES if region in _GLOBAL.get(each, (region,))):
            question: dict[str, Any] = {
                "LookupAttributes": [{"AttributeKey": "EventSource", "AttributeValue": source}],
                "StartTime": start,
                "EndTime": end,
                "MaxResults": _PAGE,
            }
            # The newest come first. Later a second's events are taken in the order that they come in here.
            for _, same in groupby(self._pages(client, region, question), key=lambda event: event.get("EventTime")):
                for event in reversed(list(same)):
                    where = f"cloudtrail-lookup {region}:{event.get('EventId')}"
                    yield from unwrap({"CloudTrailEvent": event.get("CloudTrailEvent")}, where)

    def _pages(self, client: Any, region: str, question: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        while True:
            self._pacer.wait(region)
            answer = self._ask(region, partial(client.lookup_events, **question))
            yield from answer.get("Events", ())
            if not answer.get("NextToken"):
                return
            question = {**question, "NextToken": answer["NextToken"]}

    def _client(self, region: str) -> Any:
        if region not in self._clients:
            self._clients[region] = aws.client("cloudtrail", self._environment, region=region, profile=self._profile)
        return self._clients[region]

    def _ask(self, region: str, call: Callable[[], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            self._clients.pop(region, None)  # the next one looks for credentials anew
            what = f"CloudTrail LookupEvents in {region}"
            needs, check = "cloudtrail:LookupEvents", "the source's regions"
            raise SourceError(
                explain(error, what, service="CloudTrail", needs=needs, check=check, profile=self._profile)
            ) from error


class _Pacer:
    """Keeps calls to one region apart."""

    def __init__(self, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._sleep = sleep
        self._clock = clock
        self._last: dict[str, float] = {}

    def wait(self, region: str) -> None:
        last = self._last.get(region)
        if last is not None and (left := last + _PAUSE - self._clock()) > 0:
            self._sleep(left)
        self._last[region] = self._clock()


def _read_cursor(cursor: str | None) -> dict[str, str]:
    """Read a cursor; one that this version cannot read counts as none: the first window is asked for again."""
    try:
        ends = json.loads(cursor) if cursor else {}
        return {region: end for region, end in ends.items() if datetime.fromisoformat(end).tzinfo is not None}
    except (ValueError, TypeError, AttributeError):
        return {}
