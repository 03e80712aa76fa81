"""How many plans fit on this machine at a time."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

_LOG = logging.getLogger(__name__)
PLAN_BYTES = 900 * 1024**2
"""What one plan takes: 630 MB for the AWS provider and 250 MB for terraform (1.11.4, provider 5.100)."""
_FEWEST = 2
"""Also on one core: a plan over a deleted service sleeps for two minutes, and others need not wait for it."""


def plans_at_once(wanted: int, *, root: Path = Path("/"), cores: int | None = None) -> int:
    """Return how many of the `wanted` plans may run at a time, by cores and by the memory that is free; at least one.

    `root` is where /proc and /sys lie. Where nothing tells of memory, only cores count.
    """
    count = cores or _cores()
    memory = [free // PLAN_BYTES for free in _free(root)]
    fitting = max(1, min(wanted, max(_FEWEST, count), *memory))
    if fitting < wanted:
        _LOG.debug("%d plans at a time instead of %d: %d cores, memory for %s", fitting, wanted, count, memory)
    return fitting


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _free(root: Path) -> Iterator[int]:
    """Yield the bytes that are free: of the machine, and of the container that this runs in."""
    for line in _lines(root / "proc/meminfo"):
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            yield int(value.split()[0]) * 1024
    groups = root / "sys/fs/cgroup"
    for limit, used, parts, cache in (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ):
        # Without a limit version 2 says `max`, and version 1 a number larger than any memory.
        allowed, taken = (next(_lines(groups / name), "") for name in (limit, used))
        if allowed.isdigit() and taken.isdigit():
            yield max(0, int(allowed) - int(taken) + _part(groups / parts, cache))


def _part(statistics: Path, name: str) -> int:
    """Return one figure of a group's memory: files that were read count as taken, and make room when it is needed."""
    values = (line.partition(" ")[2] for line in _lines(statistics) if line.partition(" ")[0] == name)
    return next((int(value) for value in values if value.isdigit()), 0)


def _lines(file: Path) -> Iterator[str]:
    try:
        yield from file.read_text().splitlines()
    except OSError:
        return
