"""Proven edits in somebody's own working tree: all of them, or none."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.adapters.working_tree import write_edits
from reconciler.errors import RepositoryError
from reconciler.model import FileEdit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.tf", "b.tf"):
        (tmp_path / name).write_bytes(b"old")
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in root.iterdir()}


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)


def test_all_edits_are_written_and_modes_stay(root: Path) -> None:
    (root / "a.tf").chmod(0o640)
    write_edits(root, [FileEdit("a.tf", b"old", b"new"), FileEdit("b.tf", b"old", b"newer")])
    assert contents(root) == {"a.tf": b"new", "b.tf": b"newer"}
    assert (root / "a.tf").stat().st_mode & 0o777 == 0o640


def test_a_file_that_changed_meanwhile_keeps_all_of_them_from_being_written(root: Path) -> None:
    edits = [FileEdit("a.tf", b"old", b"new"), FileEdit("b.tf", b"older", b"new")]
    with pytest.raises(RepositoryError, match=r"b\.tf has changed meanwhile"):
        write_edits(root, edits)
    assert contents(root) == {"a.tf": b"old", "b.tf": b"old"}


def test_a_disk_that_fills_up_half_way_leaves_everything_as_it_was(root: Path) -> None:
    edits = [FileEdit("a.tf", b"old", b"new"), FileEdit("b.tf", b"old", b"n" * 1000)]
    with files_of_at_most(100), pytest.raises(RepositoryError, match="cannot be written"):
        write_edits(root, edits)
    assert contents(root) == {"a.tf": b"old", "b.tf": b"old"}
