"""Damaged files: what can be read is read, and what is lost is named."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from record_files import LOG, ids, lines, made, places, read

from reconciler.model import Broken


def test_broken_lines_are_named_and_the_others_read(tmp_path: Path) -> None:
    file = tmp_path / "f"
    good = lines(made(1))
    file.write_bytes(
        good + b'{"eventVersion": "1.08", "eventSource"\n' + good + b"not json\nneither\n" + good + b'{"a": "\n' + good
    )
    items = read(file)
    assert ids(items) == ["event-1"] * 4
    broken = [item for item in items if isinstance(item, Broken)]
    assert places(broken) == ["f:2", "f:4", "f:5", "f:7"]
    assert all(item.reason.startswith("invalid JSON: ") for item in broken)


def test_a_broken_pretty_document_names_the_line_of_the_damage(tmp_path: Path) -> None:
    file = tmp_path / "f"
    text = json.dumps(made(1), indent=2)
    file.write_text(text.replace('"eventID":', '"eventID"') + "\n" + json.dumps(made(2)) + "\n")
    items = read(file)
    assert places(items) == ["f:9", "f:12"]
    assert ids(items) == ["event-2"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_damaged_record_in_a_log_costs_only_itself(tmp_path: Path, indent: int | None) -> None:
    file = tmp_path / "f"
    file.write_text(json.dumps(LOG, indent=indent).replace('"event-2"', '"event-2'))
    items = read(file)
    assert ids(items) == ["event-1", "event-3"]
    assert [item.where.rpartition(":")[2] for item in items if isinstance(item, Broken)] == ["2"]


@pytest.mark.parametrize("whole", [0, 1, 2])
@pytest.mark.parametrize("more", [2, 30, 100])
def test_a_log_that_ends_early_keeps_what_stands_before(tmp_path: Path, whole: int, more: int) -> None:
    file = tmp_path / "f"
    text = json.dumps(LOG)
    file.write_text(text[: text.index("{", 1) + whole * (len(json.dumps(made(1))) + 2) + more])
    items = read(file)
    assert ids(items) == ["event-1", "event-2"][:whole]
    assert isinstance(items[-1], Broken)
    assert len(items) == whole + 1


def test_a_log_without_its_last_brace_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(json.dumps(LOG).encode()[:-1])
    items = read(file)
    assert len(ids(items)) == 3
    assert isinstance(items[-1], Broken)


def test_broken_gzip_keeps_what_was_readable(tmp_path: Path) -> None:
    file = tmp_path / "f.json.gz"
    records = [made(number, noise=os.urandom(200).hex()) for number in range(500)]
    packed = gzip.compress(json.dumps({"Records": records}).encode())
    file.write_bytes(packed[: len(packed) // 2])
    items = read(file)
    assert 100 < len(ids(items)) < 400
    assert [item for item in items if isinstance(item, Broken)] == [
        Broken("broken gzip: the file ends too early; what stands before was read", str(file))
    ]


def test_damaged_gzip_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "f.gz"
    packed = bytearray(gzip.compress(lines(made(1))))
    packed[-6] ^= 0xFF
    file.write_bytes(packed)
    assert [type(item) for item in read(file)][-1] is Broken


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 100,
        os.urandom(5000),
        b"\x1f\x8b" + os.urandom(500),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"plain words",
        b"\x1f\x8b",
    ],
)
def test_what_is_no_json_at_all(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f"
    file.write_bytes(content)
    items = read(file)
    assert items
    assert all(isinstance(item, Broken) for item in items)


@pytest.mark.parametrize(
    "text",
    [
        '{"eventName": NaN}',
        '{"eventName": 1e999}',
        '{"eventName": ' + "1" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
        "5",
        '"text"',
        "true",
        "null",
    ],
    ids=["nan", "infinite", "digits", "lists", "objects", "number", "string", "true", "null"],
)
def test_json_that_is_no_record_is_broken(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f"
    file.write_text(text + "\n" + json.dumps(made(1)) + "\n")
    items = read(file)
    assert isinstance(items[0], Broken)
    assert ids(items)[-1:] == ["event-1"]
