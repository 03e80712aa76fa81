"""How fast log files are read, beside the plainest way to do it; and how much memory a large one takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.logs import EVERY, write
from benchmarks.measure import Command, Race, process, python, race

RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))
LARGE = 1_000_000_000
MEMORY = 200
"""Megabytes that a log of `LARGE` bytes may take."""

FILTER = """
import json, sys
with open(sys.argv[1], "rb") as stream:
    log = json.loads(stream.read())
print(sum(record["eventSource"] == "ecs.amazonaws.com" for record in log["Records"]))
"""
EACH = """
import json, sys
with open(sys.argv[1], "rb") as stream:
    print(sum(json.loads(line)["eventSource"] == "ecs.amazonaws.com" for line in stream))
"""
PARSE = """
import gc, sys
from pathlib import Path
from reconciler.adapters.cloudtrail.files import FileSource
from reconciler.events import WANTED, parse
from reconciler.model import ChangeEvent, Record, Trust
gc.set_threshold(100_000)  # as the command does
outcomes = (
    parse(item, Trust()) if isinstance(item, Record) else item
    for item in FileSource([Path(sys.argv[1])], only=WANTED).records(None)
)
print(sum(isinstance(outcome, ChangeEvent) for outcome in outcomes))
"""
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    """Write logs and race."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as private:
        directory = Path(private)
        empty, mixed = write(directory / "empty.json", 0), write(directory / "mixed.json", RECORDS)
        own = write(directory / "ecs.json", RECORDS, every=1)
        lines = directory / "ecs.jsonl"
        lines.write_bytes(
            own.read_bytes()[len('{"Records":[') : -2].replace(b'},{"eventVersion"', b'}\n{"eventVersion"')
        )
        nothing = directory / "empty.jsonl"
        nothing.touch()
        packed, packed_empty = pack(mixed), pack(empty)
        print(f"{RECORDS} records in {mixed.stat().st_size / 1e6:.0f} MB, 1 in {EVERY} of ECS")
        print("processor seconds, user and system, start-up taken off")
        race(
            [
                Race(
                    "events, plain / json.loads and filter",
                    (events(mixed), events(empty)),
                    (python("-c", FILTER, str(mixed)), python("-c", FILTER, str(empty))),
                    RECORDS,
                    bar=10,
                ),
                Race(
                    "events, .gz / gzip -dc",
                    (events(packed), events(packed_empty)),
                    (process("gzip", "-dc", str(packed)), process("gzip", "-dc", str(packed_empty))),
                    RECORDS,
                    bar=0.5,
                ),
                Race(
                    "only ECS, read and parsed / json.loads each",
                    (python("-c", PARSE, str(own)), python("-c", PARSE, str(empty))),
                    (python("-c", EACH, str(lines)), python("-c", EACH, str(nothing))),
                    RECORDS,
                    least=50_000,
                ),
                Race(
                    "only ECS, events / json.loads each",
                    (events(own), events(empty)),
                    (python("-c", EACH, str(lines)), python("-c", EACH, str(nothing))),
                    RECORDS,
                    least=50_000,
                ),
            ]
        )
        times = -(-LARGE // mixed.stat().st_size)
        large = write(directory / "large.json", RECORDS, times=times)
        print(f"{'events, one line':46} {large.stat().st_size / 1e9:.2f} GB in {peak(large):.0f} MB   bar {MEMORY} MB")


def events(file: Path) -> Command:
    """Return `reconciler events` of a file."""
    return python("-m", "reconciler", "events", str(file))


def pack(file: Path) -> Path:
    """Write the file as gzip beside it."""
    packed = file.with_name(f"{file.name}.gz")
    with packed.open("wb") as stream:
        subprocess.run([shutil.which("gzip") or "gzip", "-c", str(file)], stdout=stream, check=True)
    return packed


def peak(file: Path) -> float:
    """Return the most memory in MB that `reconciler events` takes for a file."""
    # A process is born with its parent's peak, so the parent is a small one.
    words = [sys.executable, "-c", MEASURE, sys.executable, "-m", "reconciler", "events", str(file)]
    peak = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return int(peak) * (1 if sys.platform == "darwin" else 1024) / 1e6
