"""What a cycle costs over the bare terraform commands that it cannot do without.

Every figure is a whole process, run in turn with the one that it is compared to, so that a machine whose speed drifts
slows both. Prints minimum, median and maximum in seconds, and the median of the pairwise ratios beside its bar.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import Binary, find_any_binary
from reconciler.cli.stage import Stage, environment, lay_out
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import no_op_update, scale_web

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
ROOT = Path(__file__).parents[1]
Command = Callable[[], None]


@dataclass(frozen=True)
class Comparison:
    """Two commands, and the most that the first may take of the second's time (None: no bar)."""

    what: str
    measured: Command
    reference: Command
    bar: float | None


def main() -> None:
    """Apply the quickstart to the embedded AWS and compare."""
    binary = find_any_binary()
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as private, Sandbox() as sandbox:
        directory = Path(private)
        with environment(sandbox.environment("terraform")):
            stage = lay_out(
                directory / "git",
                ROOT / "examples" / "terraform" / "quickstart",
                events=directory,
                binary=binary.setting,
            )
            TerraformCli(binary).apply(Workspace(name="production", path=stage.root_module))
            # What providers fill in right after an apply, settled: a workspace as it is on any later day.
            terraform(binary, stage, "apply", "-refresh-only", "-auto-approve", "-input=false")
            no_op_update(sandbox)
            one, many = events(sandbox, directory, 1), events(sandbox, directory, 200)
            print(f"{binary.label}, {os.cpu_count()} processors, {ROUNDS} rounds\n")
            show(
                [
                    Comparison("--help / python -c pass", cycle("--help"), python("-c", "pass"), None),
                    Comparison("confirm 1 event, no drift / plan + show", run(stage, one), bare(binary, stage), 1.15),
                    Comparison("confirm 1 event, no drift / plan", run(stage, one), bare(binary, stage, False), 1.05),
                    Comparison("200 events / 1 event", run(stage, many), run(stage, one), 1.25),
                ]
            )
            scale_web(sandbox)
            drift = events(sandbox, directory, 1)
            show([Comparison("drift + disposition / plan + show", run(stage, drift), bare(binary, stage), 2.1)])


def show(comparisons: Sequence[Comparison]) -> None:
    """Measure and print, one line for each."""
    for comparison in comparisons:
        pairs = [(timed(comparison.measured), timed(comparison.reference)) for _round in range(ROUNDS + 1)][1:]
        ours, theirs = zip(*pairs, strict=True)
        ratio = statistics.median(a / b for a, b in pairs)
        bar = "" if comparison.bar is None else f"   bar {comparison.bar:.2f}"
        print(f"{comparison.what:42} {spread(ours)}  /  {spread(theirs)}   ratio {ratio:.2f}{bar}", flush=True)


def spread(seconds: Sequence[float]) -> str:
    """Return minimum, median and maximum."""
    return f"{min(seconds):5.2f} {statistics.median(seconds):5.2f} {max(seconds):5.2f}"


def timed(command: Command) -> float:
    """Return the seconds that a command takes."""
    start = time.perf_counter()
    command()
    return time.perf_counter() - start


def events(sandbox: Sandbox, directory: Path, count: int) -> Path:
    """Write the newest change `count` times, each with an id of its own; returns the file."""
    newest = next(record for record in reversed(sandbox.records()) if record["eventName"] == "UpdateService")
    file = directory / f"{newest['eventID']}-{count}.json"
    file.write_text(json.dumps({"Records": [{**newest, "eventID": f"bench-{number}"} for number in range(count)]}))
    return file


def run(stage: Stage, records: Path) -> Command:
    """Return a cycle that confirms and reports."""
    words = ("run", "--events", str(records), "--no-prs", "--format", "json")
    return cycle(*words, directory=stage.checkout)


def cycle(*words: str, directory: Path | None = None) -> Command:
    """Return a reconciler command."""
    return python("-m", "reconciler", *words, directory=directory)


def python(*words: str, directory: Path | None = None) -> Command:
    """Return a command of this interpreter."""
    return lambda: subprocess.run([sys.executable, *words], cwd=directory, check=True, capture_output=True) and None


def bare(binary: Binary, stage: Stage, with_show: bool = True) -> Command:
    """Return the terraform commands that nobody can do without."""

    def commands() -> None:
        terraform(binary, stage, "plan", "-refresh-only", "-input=false", "-lock=false", "-out=bench.plan")
        if with_show:
            terraform(binary, stage, "show", "-json", "bench.plan")

    return commands


def terraform(binary: Binary, stage: Stage, *words: str) -> None:
    """Run one terraform command."""
    subprocess.run([*binary.command, *words], cwd=stage.root_module, check=True, capture_output=True)


main()
