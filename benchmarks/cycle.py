"""What a cycle costs over the bare terraform commands that it cannot do without."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measure import Command, Comparison, python, show
from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import Binary, find_any_binary
from reconciler.cli.stage import Stage, environment, lay_out
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import no_op_update, scale_web

ROOT = Path(__file__).parents[1]


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
            print(f"\n{binary.label}")
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
