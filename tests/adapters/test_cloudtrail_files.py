"""Paths, directories and stdin: where records are read from, and what cannot be read."""

from __future__ import annotations

import gzip
import io
import os
import pwd
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from record_files import ids, lines, made, read

from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.errors import SourceError
from reconciler.model import Broken, Record


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(lines(made(1))))))
    (item,) = read("-")
    assert item.where == "stdin:1"


def test_a_directory_in_order_without_hidden_files(tmp_path: Path) -> None:
    for number, name in enumerate(["b/2.json.gz", "a/1.json", ".git/9.json", "a/.hidden", "c.jsonl"]):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(lines(made(number)))
    assert ids(read(tmp_path)) == ["event-4", "event-1", "event-0"]


@pytest.mark.parametrize("name", ["missing", "x" * 300, "a\0b"])
def test_a_missing_path_is_told_before_anything_is_read(tmp_path: Path, name: str) -> None:
    good = tmp_path / "good"
    good.write_bytes(lines(made(1)))
    source = FileSource([good, tmp_path / name])
    with pytest.raises(SourceError, match=r"does not exist: name a file"):
        next(source.records(None))


def test_a_file_below_a_directory_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    for number, name in enumerate(["a.json", "c.json"]):
        (tmp_path / name).write_bytes(lines(made(number)))
    (tmp_path / "b.json").symlink_to(tmp_path / "gone")
    found = read(tmp_path)
    assert ids(found) == ["event-0", "event-1"]
    (broken,) = (item for item in found if isinstance(item, Broken))
    assert broken.where == str(tmp_path / "b.json")
    assert "does not exist" in broken.reason


def test_sockets_and_pipes_below_a_directory_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(made(1)))
    os.mkfifo(tmp_path / "c.json")
    with socket.socket(socket.AF_UNIX) as listener, chdir(tmp_path):
        listener.bind("b.json")
        found = read(tmp_path)
    assert [type(item) for item in found] == [Record, Broken, Broken]


@contextmanager
def unprivileged(directory: Path) -> Iterator[None]:
    """Stand in a directory as somebody whom permissions bind, as they do not bind root."""
    with chdir(directory):
        if os.geteuid() != 0:
            yield
            return
        directory.chmod(0o755)  # those above it may stay closed: who stands in it reads by relative paths
        nobody = pwd.getpwnam("nobody").pw_uid
        os.setreuid(nobody, 0)  # os.access asks for the real user, opening for the effective one
        os.seteuid(nobody)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setreuid(0, 0)


def test_a_folder_below_a_directory_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(made(1)))
    (tmp_path / "locked").mkdir(mode=0)
    with unprivileged(tmp_path):
        found = read(".")
    assert [type(item) for item in found] == [Record, Broken]


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(lines(made(1)))
    file.chmod(0)
    with unprivileged(tmp_path), pytest.raises(SourceError, match="secret cannot be read"):
        read("secret")


def left(content: bytes, file: Path, *, age: float = 5, remembers: bool = True) -> list[tuple[str, str]]:
    """Return the ids and the faults that a source finds in a file which was written so many seconds ago."""
    file.write_bytes(content)
    now = time.time()
    os.utime(file, (now, now - age))
    items = FileSource([file], remembers=remembers).records(None)
    return [("id", each.body["eventID"]) if isinstance(each, Record) else ("fault", each.reason) for each in items]


HALF = lines(made(2))[:-40]


@pytest.mark.parametrize("half", [HALF, HALF[:2], b'{"Records": [' + lines(made(2)), HALF[: HALF.index(b"u") + 3]])
def test_half_a_line_of_a_feed_waits_for_its_end(tmp_path: Path, half: bytes) -> None:
    assert left(lines(made(1)) + half, tmp_path / "grows.jsonl")[:1] == [("id", "event-1")]
    assert "fault" not in dict(left(lines(made(1)) + half, tmp_path / "grows.jsonl"))
    assert left(lines(made(1), made(2)), tmp_path / "grows.jsonl") == [("id", "event-1"), ("id", "event-2")]


@pytest.mark.parametrize(("age", "remembers"), [(120, True), (-3600, True), (5, False)], ids=["old", "future", "given"])
def test_half_a_line_that_nobody_goes_on_with_or_that_a_person_hands_over_is_told(
    tmp_path: Path, age: float, remembers: bool
) -> None:
    first, second = left(lines(made(1)) + HALF, tmp_path / "cut.jsonl", age=age, remembers=remembers)
    assert (first, second[0]) == (("id", "event-1"), "fault")


@pytest.mark.parametrize("broken", [b"{broken\n", b"{broken", b'{"a": tru \n', b'{"a": x', b"nil"])
def test_what_no_end_makes_json_is_told_at_once(tmp_path: Path, broken: bytes) -> None:
    first, second = left(lines(made(1)) + broken, tmp_path / "grows.jsonl")
    assert (first, second[0]) == (("id", "event-1"), "fault")


@pytest.mark.parametrize("half", [b'{"a": tru', b'{"a": -', b'{"a": "\\u00', b'{"a": "\\', b'{"a":1,\n', b'{"a"', b"{"])
def test_half_a_word_waits_for_its_end_too(tmp_path: Path, half: bytes) -> None:
    assert left(lines(made(1)) + half, tmp_path / "grows.jsonl") == [("id", "event-1")]


def test_what_is_no_json_in_the_middle_of_a_growing_file_is_told(tmp_path: Path) -> None:
    first, second, third = left(lines(made(1)) + HALF + b"\n" + lines(made(3)), tmp_path / "grows.jsonl")
    assert (first, second[0], third) == (("id", "event-1"), "fault", ("id", "event-3"))


def test_the_port() -> None:
    source = FileSource([Path("a"), "-"], name="mine", remembers=True)
    assert (source.name, source.remembers, source.cursor()) == ("mine", True, None)
    assert FileSource([Path("a")]).remembers is False
    source.acknowledge()
