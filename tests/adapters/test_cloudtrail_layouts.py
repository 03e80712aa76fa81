"""Records in every layout that a file of them has."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from record_files import LOG, ids, lines, made, places, read


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json.dumps(LOG).encode(), ["f:1", "f:2", "f:3"]),
        (json.dumps(LOG, indent=2).encode(), ["f:1", "f:2", "f:3"]),
        (json.dumps(LOG["Records"]).encode(), ["f:1", "f:2", "f:3"]),
        (lines(made(1), made(2), made(3)), ["f:1", "f:2", "f:3"]),
        (b"\n\n" + lines(made(1), made(2)) + b"\r\n" + json.dumps(made(3)).encode(), ["f:3", "f:4", "f:6"]),
        (b"\n".join(json.dumps(made(n), indent=2).encode() for n in (1, 2, 3)), ["f:1", "f:12", "f:23"]),
        (lines(LOG), ["f:1", "f:2", "f:3"]),
        (b"\xef\xbb\xbf" + lines(made(1), made(2), made(3)), ["f:1", "f:2", "f:3"]),
        (lines(made(1), made(2), made(3)).decode().encode("utf-16"), ["f:1", "f:2", "f:3"]),
        (b"".join(b"2024-05-01T12:00:00.123Z " + lines(made(n)) for n in (1, 2, 3)), ["f:1", "f:2", "f:3"]),
        (json.dumps({**LOG, "NextToken": "t", "n": {"a": [1]}}).encode(), ["f:1", "f:2", "f:3"]),
    ],
    ids=[
        "log",
        "pretty log",
        "list",
        "lines",
        "blank lines",
        "pretty documents",
        "log line",
        "bom",
        "utf-16",
        "cloudwatch",
        "tail",
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_every_layout(tmp_path: Path, content: bytes, expected: list[str], packed: bool) -> None:
    file = tmp_path / "f"
    file.write_bytes(gzip.compress(content) if packed else content)
    items = read(file)
    assert ids(items) == ["event-1", "event-2", "event-3"]
    assert places(items) == expected


def test_two_logs_on_two_lines(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(lines({"Records": [made(1)]}, {"Records": [made(2), made(3)]}))
    assert places(read(file)) == ["f:1", "f:2:1", "f:2:2"]


def test_gzip_members_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_bytes(gzip.compress(lines(made(1))) + gzip.compress(lines(made(2))) + b"\0" * 600)
    items = read(file)
    assert ids(items) == ["event-1", "event-2"]
    assert len(items) == 2


@pytest.mark.parametrize("content", [b"", b"\n \n", b'{"Records":[]}', gzip.compress(b"", mtime=0)])
def test_nothing_is_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f"
    file.write_bytes(content)
    assert read(file) == []
