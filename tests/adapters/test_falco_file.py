"""A file of alerts that grows: each line once, over rotations of every kind."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from falco_alerts import line
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.falco.file import FalcoFile
from reconciler.errors import SourceError
from reconciler.model import Broken, Record


class Reader:
    """Reads a file as run after run does: each with a source of its own, and the cursor of the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cursor: str | None = None

    def read(self) -> list[str]:
        source = FalcoFile(self.path)
        items = list(source.records(self.cursor))
        self.cursor = source.cursor() or self.cursor
        return [str(each.body["eventID"]) if isinstance(each, Record) else type(each).__name__ for each in items]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "falco.jsonl"


@pytest.fixture
def reader(log: Path) -> Reader:
    return Reader(log)


def append(path: Path, *numbers: int) -> None:
    with path.open("ab") as stream:
        stream.writelines(line(number) for number in numbers)


def ids(*numbers: int) -> list[str]:
    return [f"event-{number}" for number in numbers]


def test_each_line_is_read_once(log: Path, reader: Reader) -> None:
    append(log, 1, 2)
    assert reader.read() == ids(1, 2)
    assert reader.read() == []
    append(log, 3)
    assert reader.read() == ids(3)
    append(log, *range(4, 40))
    assert reader.read() == ids(*range(4, 40))
    assert reader.read() == []


def test_half_a_line_waits_for_its_end(log: Path, reader: Reader) -> None:
    half, rest = line(2)[:300], line(2)[300:]
    log.write_bytes(line(1) + half)
    assert reader.read() == ids(1)
    assert reader.read() == []
    with log.open("ab") as stream:
        stream.write(rest)
    assert reader.read() == ids(2)


def test_nothing_but_half_a_line_is_no_position(log: Path, reader: Reader) -> None:
    log.write_bytes(line(1)[:100])
    assert reader.read() == []
    assert reader.cursor is None
    log.write_bytes(line(1))
    assert reader.read() == ids(1)


@pytest.mark.parametrize("name", ["falco.jsonl.1", "falco.jsonl-20260501", "falco.jsonl_12642212.txt"])
def test_the_renamed_file_is_finished_first(log: Path, reader: Reader, name: str) -> None:
    append(log, 1)
    assert reader.read() == ids(1)
    append(log, 2)
    log.rename(log.with_name(name))
    append(log, 3)
    assert reader.read() == ids(2, 3)
    assert reader.read() == []


def test_the_renamed_file_is_read_while_there_is_no_new_one(log: Path, reader: Reader) -> None:
    append(log, 1)
    reader.read()
    append(log, 2)
    old = log.rename(log.with_name("falco.jsonl.1"))
    assert reader.read() == ids(2)
    append(old, 3)
    assert reader.read() == ids(3)
    log.touch()
    assert reader.read() == []
    append(log, 4)
    assert reader.read() == ids(4)


def test_several_rotations_between_two_readings_lose_nothing(log: Path, reader: Reader) -> None:
    append(log, 1)
    reader.read()
    append(log, 2)
    log.rename(log.with_name("falco.jsonl.2"))
    append(log, 3)
    log.rename(log.with_name("falco.jsonl.1"))
    append(log, 4)
    assert reader.read() == ids(2, 3, 4)
    assert reader.read() == []


def test_a_packed_rotation_is_finished_too(log: Path, reader: Reader) -> None:
    append(log, *range(30))
    reader.read()
    append(log, 30)
    log.with_name("falco.jsonl.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()
    append(log, 31)
    assert reader.read() == ids(30, 31)


def test_a_copy_that_is_truncated_is_finished_in_the_copy(log: Path, reader: Reader) -> None:
    append(log, 1)
    reader.read()
    append(log, 2)
    shutil.copyfile(log, log.with_name("falco.jsonl.1"))
    with log.open("r+b") as stream:
        stream.truncate()
    append(log, 3, 4, 5)
    assert reader.read() == ids(2, 3, 4, 5)


def test_a_file_that_begins_again_with_the_same_alert_is_a_new_one(log: Path, reader: Reader) -> None:
    append(log, *range(20))
    reader.read()
    log.unlink()
    append(log, *range(15), *range(20, 30))
    assert reader.read() == ids(*range(15), *range(20, 30))


def test_a_file_replaced_without_a_trace_is_read_from_its_start_and_told(
    log: Path, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    append(log, 1, 2)
    reader.read()
    log.write_bytes(line(3))
    assert reader.read() == ids(3)
    assert "alerts in between may be lost" in caplog.text


def test_files_beside_it_are_left_alone_where_nothing_was_rotated(log: Path, reader: Reader) -> None:
    append(log.with_name("falco.jsonl.1"), 7)
    append(log.with_name("falco.jsonl.bak"), 8)
    append(log, 1)
    assert reader.read() == ids(1)
    append(log, 2)
    assert reader.read() == ids(2)


def test_the_last_line_of_a_rotated_file_may_lack_its_end(log: Path, reader: Reader) -> None:
    append(log, 1)
    reader.read()
    log.write_bytes(log.read_bytes() + line(2).rstrip())
    log.rename(log.with_name("falco.jsonl.1"))
    append(log, 3)
    assert reader.read() == ids(2, 3)


def test_a_line_that_is_no_json_is_broken_and_the_others_are_read(log: Path, reader: Reader) -> None:
    log.write_bytes(line(1) + b"Error Something happened\n" + line(2))
    assert reader.read() == ["event-1", "Broken", "event-2"]
    assert reader.read() == []


def test_where_it_stands_is_told(log: Path) -> None:
    log.write_bytes(line(1))
    source = FalcoFile(log)
    list(source.records(None))
    with log.open("ab") as stream:
        stream.write(b"no json\n")
    (item,) = FalcoFile(log).records(source.cursor())
    assert isinstance(item, Broken)
    assert item.where == f"{log} after byte {len(line(1))}:1"


def test_a_file_that_was_never_there_is_no_quiet_feed(reader: Reader) -> None:
    with pytest.raises(SourceError, match=r"falco\.jsonl does not exist: Falco makes it with its first alert"):
        reader.read()


def test_a_file_that_has_gone_is_no_quiet_feed(log: Path, reader: Reader) -> None:
    append(log, 1)
    reader.read()
    log.unlink()
    with pytest.raises(SourceError, match="does not exist"):
        reader.read()


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(FalcoFile(tmp_path).records(None))


@pytest.mark.parametrize("cursor", ["", "{", "[]", "7", '{"offset": -1, "digest": ""}', '{"offset": "1"}'])
def test_a_cursor_of_another_form_starts_anew(log: Path, cursor: str) -> None:
    append(log, 1)
    assert len(list(FalcoFile(log).records(cursor))) == 1


STEPS = st.lists(st.sampled_from(["write", "half", "rename", "copy", "pack", "read"]), max_size=25)


@given(STEPS)
def test_every_alert_is_read_once_whatever_happens_to_the_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    log = tmp_path_factory.mktemp("falco") / "falco.jsonl"
    reader, read, written, rotations, open_line = Reader(log), [], 0, 0, b""
    for step in [*steps, "write", "read"]:
        if open_line and step not in {"read", "half"}:  # a writer ends its line before anything else
            with log.open("ab") as stream:
                stream.write(open_line)
            open_line = b""
        if step in {"write", "half"} and not open_line:
            written += 1
            whole = line(written)
            cut = len(whole) if step == "write" else 200
            with log.open("ab") as stream:
                stream.write(whole[:cut])
            open_line = whole[cut:]
        elif step == "read" and log.exists():
            read += reader.read()
        elif step in {"rename", "copy", "pack"} and log.exists() and log.stat().st_size and reader.cursor:
            rotations += 1
            target = log.with_name(f"falco.jsonl-{rotations:04}{'.gz' if step == 'pack' else ''}")
            target.write_bytes(gzip.compress(log.read_bytes()) if step == "pack" else log.read_bytes())
            if step == "copy":
                log.write_bytes(b"")
            else:
                log.unlink()
    assert read == ids(*range(1, written + 1))
