"""How a trail lays out its bucket, and which of it has been read.

`<prefix>AWSLogs/[<organisation>/]<account>/CloudTrail/<region>/YYYY/MM/DD/<account>_CloudTrail_<region>_<time>_….json.gz`,
where day and time are those of the delivery (CloudTrail User Guide, log file name format). Digests and insights lie in
folders of their own beside `CloudTrail/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

_TOP = re.compile(r"(?:.*/)?AWSLogs/(?:o-[a-z0-9]+/)?")
_ACCOUNT = re.compile(_TOP.pattern + r"\d{12}/")
_TRAIL = re.compile(_ACCOUNT.pattern + r"CloudTrail/")
_REGION = re.compile(_TRAIL.pattern + r"([a-z0-9-]+)/")
_LOG_FILE = re.compile(r"(\d{4}/\d\d/\d\d)/[^/]*?(?:_(\d{8}T\d{4})Z_)?[^/_]+\.json(?:\.gz)?")
_OTHER_LOGS = re.compile(_ACCOUNT.pattern + r"(?!CloudTrail/)")


def region_of(folder: str) -> str | None:
    """Return the region that a folder is the one of, None for every other folder."""
    found = _REGION.fullmatch(folder)
    return found[1] if found else None


def leads_to_logs(folder: str) -> bool:
    """Tell whether folders of regions may lie below a folder."""
    return any(layout.fullmatch(folder) for layout in (_TOP, _ACCOUNT, _TRAIL, _REGION))


def top_of(prefix: str) -> str:
    """Return where to look for folders: the prefix that a trail has, or a folder of it, as far down as a region."""
    folder = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    region = _REGION.match(folder)
    if region:
        return region[0]
    return folder if re.search(r"(?:^|/)AWSLogs/", folder) else f"{folder}AWSLogs/"


def is_log_file(key: str) -> bool:
    """Tell whether an object may hold records: what AWS puts beside CloudTrail's log files does not."""
    return not key.endswith("/") and not _OTHER_LOGS.match(key)


def delivered(folder: str, key: str) -> datetime | None:
    """Return when a log file of a region's folder was delivered, to the minute; None for what is no log file.

    A name without a time counts as the end of its day.
    """
    found = _LOG_FILE.fullmatch(key, len(folder))
    if found is None:
        return None
    day, minute = found.groups()
    try:
        return datetime.strptime(f"{minute or f'{day}T2359'}+0000", "%Y%m%dT%H%M%z" if minute else "%Y/%m/%dT%H%M%z")
    except ValueError:
        return None


def digest(key: str) -> str:
    """Return a few characters that stand for a key among those of its folder."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Position:
    """How far a folder has been read: to the log files of `time`, and which of those near it."""

    time: datetime
    read: frozenset[str] = frozenset()


@dataclass(slots=True)
class Positions:
    """The positions in all folders; `asked` is when the folders were last listed to the end."""

    asked: datetime | None = None
    folders: dict[str, Position] = field(default_factory=dict)

    def text(self) -> str | None:
        """Return the positions as JSON, None when there are none."""
        if self.asked is None and not self.folders:
            return None
        folders = {
            name: {"time": position.time.isoformat(), "read": sorted(position.read)}
            for name, position in self.folders.items()
        }
        asked = self.asked.isoformat() if self.asked else None
        return json.dumps({"asked": asked, "folders": folders}, sort_keys=True, separators=(",", ":"))


def read_positions(text: str | None) -> Positions:
    """Read `Positions.text`; what this version cannot read counts as none: the first window is read again."""
    try:
        values = json.loads(text) if text else {}
        asked = values.get("asked")
        folders = values.get("folders", {})
        return Positions(
            _moment(asked) if asked else None,
            {name: _position(value) for name, value in folders.items()},
        )
    except (ValueError, TypeError, AttributeError, KeyError):
        return Positions()


def _position(value: Mapping[str, object]) -> Position:
    read = value["read"]
    return Position(_moment(value["time"]), frozenset(map(str, read if isinstance(read, list) else ())))


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)
