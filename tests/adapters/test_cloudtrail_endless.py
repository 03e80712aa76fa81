"""Inputs without an end end, and one record is in memory at a time."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from record_files import made, read

from reconciler.adapters.cloudtrail import jsonvalues
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.model import Broken


class Endless(io.RawIOBase):
    """The same text again and again."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def read(self, size: int = -1) -> bytes:
        return self._text * (size // len(self._text) + 1)


def read_endless(text: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Endless(text)))
    return read("-")


def test_an_endless_device_ends() -> None:
    assert read(Path("/dev/zero")) == [Broken("neither text nor gzip", "/dev/zero:1")]


def test_an_endless_text_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    items = read_endless(b"no json\n", monkeypatch)
    assert isinstance(items[-1], Broken)
    assert "the rest was not read" in items[-1].reason


@pytest.mark.parametrize("text", [b'{"a":', b"{", b"x"])
def test_an_endless_line_ends(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(jsonvalues, "LONGEST", 1_000_000)
    items = read_endless(text, monkeypatch)
    assert len(items) == 2
    assert "the rest was not read" in items[-1].reason


@pytest.mark.parametrize("text", [b"\n", b" ", b", "])
def test_endless_nothing_ends(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(jsonvalues, "LONGEST", 1_000_000)
    (item,) = read_endless(text, monkeypatch)
    assert "the rest was not read" in item.reason


def test_one_record_is_in_memory_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "f.gz"
    with gzip.open(file, "wb", compresslevel=1) as stream:
        stream.write(b'{"Records":[')
        for number in range(10_000):
            stream.write(json.dumps(made(number, noise="x" * 1000)).encode() + b",")
        stream.write(json.dumps(made(0)).encode() + b"]}")
    tracemalloc.start()
    count = sum(1 for _ in FileSource([file]).records(None))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_001
    assert peak < 7_000_000  # the text is 13 MB
