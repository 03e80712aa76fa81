"""Records out of files, as they are and as they are damaged."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import sys
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reconciler.adapters.cloudtrail import jsonvalues
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.errors import SourceError
from reconciler.model import Broken, Record, Skipped

ECS = frozenset({"ecs.amazonaws.com"})


def made(number: int, source: str = "ecs.amazonaws.com", **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "userName": "bob"},
        "eventSource": source,
        "eventName": "UpdateService",
        "eventID": f"event-{number}",
        "eventType": "AwsApiCall",
        **more,
    }


def read(*paths: Any, only: frozenset[str] = frozenset()) -> list[Any]:
    return list(FileSource(paths, only=only).records(None))


def ids(items: list[Any]) -> list[str]:
    return [item.body["eventID"] for item in items if isinstance(item, Record)]


def places(items: list[Any]) -> list[str]:
    return [item.where.rpartition("/")[2] for item in items]


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


LOG = {"Records": [made(1), made(2), made(3)]}


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


@pytest.mark.parametrize("content", [b"", b"\n \n", b'{"Records":[]}', gzip.compress(b"", mtime=0)])
def test_nothing_is_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f"
    file.write_bytes(content)
    assert read(file) == []


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


@pytest.mark.skipif(not Path("/dev/urandom").exists(), reason="no such device here")
def test_an_endless_device_ends() -> None:
    assert read(Path("/dev/urandom")) == [Broken("neither text nor gzip", "/dev/urandom:1")]


def test_an_endless_text_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"no json\n" * (size // 8 + 1)

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Endless()))
    items = read("-")
    assert isinstance(items[-1], Broken)
    assert "the rest was not read" in items[-1].reason


@pytest.mark.parametrize("text", [b'{"a":', b"{", b"x"])
def test_an_endless_line_ends(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return text * (size // len(text) + 1)

    monkeypatch.setattr(jsonvalues, "LONGEST", 1_000_000)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Endless()))
    items = read("-")
    assert len(items) == 2
    assert "the rest was not read" in items[-1].reason


@pytest.mark.parametrize("text", [b"\n", b" ", b", "])
def test_endless_nothing_ends(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return text * (size // len(text) + 1)

    monkeypatch.setattr(jsonvalues, "LONGEST", 1_000_000)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Endless()))
    (item,) = read("-")
    assert "the rest was not read" in item.reason


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_below_a_directory_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(made(1)))
    (tmp_path / "locked").mkdir(mode=0)
    assert [type(item) for item in read(tmp_path)] == [Record, Broken]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(lines(made(1)))
    file.chmod(0)
    with pytest.raises(SourceError, match="secret cannot be read"):
        read(file)


class TestOtherServices:
    def test_are_counted_per_input_and_not_handed_out(self, tmp_path: Path) -> None:
        values = [made(n, "s3.amazonaws.com") for n in range(50)]
        values[20] = made(20)
        for name, content in (
            ("lines", lines(*values)),
            ("log", json.dumps({"Records": values}, separators=(",", ":")).encode()),
        ):
            file = tmp_path / name
            file.write_bytes(content)
            items = read(file, only=ECS)
            assert ids(items) == ["event-20"]
            assert places(items) == [f"{name}:21", name]
            assert items[-1] == Skipped(reason="other_service", where=str(file), count=49)

    def test_nothing_is_held_back_when_nothing_is_asked(self, tmp_path: Path) -> None:
        file = tmp_path / "f"
        file.write_bytes(lines(made(1, "s3.amazonaws.com")))
        assert ids(read(file)) == ["event-1"]

    @pytest.mark.parametrize(
        "value",
        [
            made(1, "s3.amazonaws.com", eventType="AwsServiceEvent"),
            made(1, "s3.amazonaws.com", requestParameters={"note": "AwsApiCall"}, eventType="AwsServiceEvent"),
            {"detail-type": "AWS API Call via CloudTrail", "detail": made(1)},
            {"Events": [{"CloudTrailEvent": json.dumps(made(1))}]},
        ],
    )
    def test_what_may_be_something_else_is_looked_at(self, tmp_path: Path, value: Any) -> None:
        file = tmp_path / "f"
        file.write_bytes(lines(value))
        assert ids(read(file, only=ECS)) == ["event-1"]

    def test_the_text_of_another_service_that_names_ecs_is_decoded(self, tmp_path: Path) -> None:
        file = tmp_path / "f"
        by_ecs = made(1, "servicediscovery.amazonaws.com", sourceIPAddress="ecs.amazonaws.com")
        file.write_bytes(lines(by_ecs))
        assert read(file, only=ECS) == [Skipped(reason="other_service", where=str(file), count=1)]


def test_one_record_is_in_memory_at_a_time(tmp_path: Path) -> None:
    import tracemalloc

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


def test_the_port() -> None:
    source = FileSource([Path("a"), "-"], name="mine", remembers=True)
    assert (source.name, source.remembers, source.cursor()) == ("mine", True, None)
    assert FileSource([Path("a")]).remembers is False
    source.acknowledge()
