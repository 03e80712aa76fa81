"""Whole processes, timed in turn with the one that each is compared to: a machine whose speed drifts slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
Command = Callable[[], None]


@dataclass(frozen=True)
class Comparison:
    """Two commands, and the most that the first may take of the second's time (None: no bar)."""

    what: str
    measured: Command
    reference: Command
    bar: float | None


@dataclass(frozen=True)
class Race:
    """Two commands, each with the same command on nothing, which is what it takes to start.

    `bar` is how many times the second's speed the first has to reach, `least` its records a second.
    """

    what: str
    measured: tuple[Command, Command]
    reference: tuple[Command, Command]
    records: int
    bar: float | None = None
    least: int | None = None


def show(comparisons: Sequence[Comparison]) -> None:
    """Measure and print, one line for each: minimum, median, maximum in seconds, and the median ratio."""
    for comparison in comparisons:
        pairs = [(timed(comparison.measured), timed(comparison.reference)) for _round in range(ROUNDS + 1)][1:]
        bar = "" if comparison.bar is None else f"   bar {comparison.bar:.2f}"
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        print(f"{comparison.what:46} {_spreads(pairs)}   ratio {ratio:5.2f}{bar}", flush=True)


def within(what: str, measured: Command, bar: float) -> None:
    """Measure and print, with the seconds that it may take."""
    seconds = [timed(measured) for _round in range(ROUNDS + 1)][1:]
    print(f"{what:46} {_spread(seconds)}   bar {bar:.2f} s", flush=True)


def race(races: Sequence[Race]) -> None:
    """Measure and print, one line for each, start-up taken off both; the ratio is of speeds.

    The seconds are the processor's, which others on the same machine disturb least: records a second are those of one
    core, in the quietest round.
    """
    for each in races:
        pairs = [(_net(*each.measured), _net(*each.reference)) for _round in range(ROUNDS + 1)][1:]
        ratio = statistics.median(theirs / ours for ours, theirs in pairs)
        speed = each.records / min(ours for ours, _ in pairs)
        bar = "" if each.bar is None else f"   bar {each.bar:.1f}x"
        least = "" if each.least is None else f"   bar {each.least}"
        print(
            f"{each.what:46} {_spreads(pairs)}   speed {ratio:5.2f}x{bar}   {speed:7.0f} records/s a core{least}",
            flush=True,
        )


def timed(command: Command) -> float:
    """Return the seconds that a command takes."""
    start = time.perf_counter()
    command()
    return time.perf_counter() - start


def python(*words: str, directory: Path | None = None) -> Command:
    """Return a command of this interpreter."""
    return process(sys.executable, *words, directory=directory)


def process(*words: str, directory: Path | None = None) -> Command:
    """Return a command whose output goes nowhere."""

    def run() -> None:
        subprocess.run(words, cwd=directory, check=True, stdout=subprocess.DEVNULL)

    return run


def _net(command: Command, start_up: Command) -> float:
    return _processor_seconds(command) - _processor_seconds(start_up)


def _processor_seconds(command: Command) -> float:
    """Return the seconds that a command's process is computing, for itself or in the system."""
    before = os.times()
    command()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _spreads(pairs: Sequence[tuple[float, float]]) -> str:
    ours, theirs = zip(*pairs, strict=True)
    return f"{_spread(ours)}  /  {_spread(theirs)}"


def _spread(seconds: Sequence[float]) -> str:
    return f"{min(seconds):5.2f} {statistics.median(seconds):5.2f} {max(seconds):5.2f}"
