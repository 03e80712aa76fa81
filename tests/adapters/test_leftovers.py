"""What is removed of what killed processes left: old directories of our own, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from reconciler.adapters.leftovers import remove_leftovers

DAYS = 24 * 3600


def make(directory: Path, name: str, age: float) -> Path:
    made = directory / name
    made.mkdir()
    (made / "plan").write_text("secret")
    then = time.time() - age
    os.utime(made, (then, then))
    return made


@pytest.mark.parametrize("name", ["reconciler-plan-x", "reconciler-init-x", "reconciler-scratch-x"])
def test_what_was_left_a_day_ago_goes_and_what_it_links_to_stays(tmp_path: Path, name: str) -> None:
    kept = make(tmp_path, "users", 9 * DAYS)
    left = make(tmp_path, name, 2 * DAYS)
    (left / ".terraform").symlink_to(kept, target_is_directory=True)
    os.utime(left, (0, 0))
    assert remove_leftovers(tmp_path) == 1
    assert not left.exists()
    assert (kept / "plan").exists()


@pytest.mark.parametrize(
    ("name", "age"), [("reconciler-plan-x", 3600.0), ("reconciler-other-x", 2 * DAYS), ("plan", 2 * DAYS)]
)
def test_what_is_young_or_somebody_else_s_stays(tmp_path: Path, name: str, age: float) -> None:
    left = make(tmp_path, name, age)
    assert remove_leftovers(tmp_path) == 0
    assert left.exists()


def test_a_link_or_a_file_of_such_a_name_stays(tmp_path: Path) -> None:
    kept = make(tmp_path, "users", 9 * DAYS)
    (tmp_path / "reconciler-plan-link").symlink_to(kept, target_is_directory=True)
    os.utime(tmp_path / "reconciler-plan-link", (0, 0), follow_symlinks=False)
    (tmp_path / "reconciler-plan-file").write_text("x")
    os.utime(tmp_path / "reconciler-plan-file", (0, 0))
    assert remove_leftovers(tmp_path) == 0
    assert (kept / "plan").exists()


def test_a_directory_that_is_not_there_is_no_failure(tmp_path: Path) -> None:
    assert remove_leftovers(tmp_path / "nowhere") == 0
