"""How many plans run at a time: what was asked for, and no more than cores and memory bear."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.adapters.terraform.capacity import plans_at_once

GIB = 1024**3


def machine(root: Path, available: int, **groups: str) -> Path:
    (root / "proc").mkdir()
    (root / "proc/meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable:   {available // 1024} kB\n")
    for name, text in groups.items():
        file = root / "sys/fs/cgroup" / name.replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize(
    ("wanted", "cores", "available", "expected"),
    [
        (2, 8, 32 * GIB, 2),
        (8, 4, 32 * GIB, 4),
        (8, 1, 32 * GIB, 2),
        (8, 8, 4 * GIB, 4),
        (8, 8, GIB // 2, 1),
    ],
    ids=["as asked", "cores", "one core still takes a sleeping plan along", "memory", "never none"],
)
def test_plans_fit_the_machine(tmp_path: Path, wanted: int, cores: int, available: int, expected: int) -> None:
    assert plans_at_once(wanted, root=machine(tmp_path, available), cores=cores) == expected


def test_a_containers_limit_counts_and_no_limit_does_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    small = machine(tmp_path / "a", 32 * GIB, memory_max=str(2 * GIB), memory_current="1024")
    assert plans_at_once(8, root=small, cores=8) == 2
    (tmp_path / "b").mkdir()
    free = machine(tmp_path / "b", 32 * GIB, memory_max="max\n", memory_current="1024")
    assert plans_at_once(8, root=free, cores=8) == 8


@pytest.mark.parametrize(("statistics", "expected"), [(f"anon 1\ninactive_file {3 * GIB}\n", 3), ("anon 1\n", 1)])
def test_files_that_a_container_has_read_take_no_memory_away(tmp_path: Path, statistics: str, expected: int) -> None:
    full = machine(
        tmp_path, 32 * GIB, memory_max=str(4 * GIB), memory_current=str(4 * GIB - 1024), memory_stat=statistics
    )
    assert plans_at_once(8, root=full, cores=8) == expected


def test_where_nothing_tells_of_memory_cores_decide(tmp_path: Path) -> None:
    assert plans_at_once(3, root=tmp_path, cores=8) == 3
