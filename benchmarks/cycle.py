"""What a cycle costs over the bare terraform commands that it cannot do without."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from benchmarks.measure import Command, Comparison, python, show, within
from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import Binary, find_any_binary
from reconciler.cli.stage import Stage, environment, lay_out
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import CLUSTER, no_op_update, scale_web

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
                    # 0.35 s and 0.5 s where Python starts in 0.02 s.
                    Comparison("--help / python -c pass", cycle("--help"), python("-c", "pass"), 17.5),
                    Comparison("events on 1 record / python -c pass", tell(one), python("-c", "pass"), 25),
                    Comparison("confirm 1 event, no drift / plan + show", run(stage, one), bare(binary, stage), 1.15),
                    Comparison("confirm 1 event, no drift / plan", run(stage, one), bare(binary, stage, False), 1.05),
                    Comparison("200 events / 1 event", run(stage, many), run(stage, one), 1.25),
                    # At most a thirtieth of planning all 50.
                    Comparison("1 of 50 workspaces / 1 plan", fleet(stage, one), bare(binary, stage, False), 50 / 30),
                ]
            )
            scale_web(sandbox)
            drift = events(sandbox, directory, 1)
            show(
                [
                    Comparison("drift confirmed / plan + show", confirm(stage, drift), bare(binary, stage), 1.05),
                    Comparison("drift + disposition / plan + show", run(stage, drift), bare(binary, stage), 2.1),
                ]
            )
            sandbox.client("ecs").delete_service(cluster=CLUSTER, service="web", force=True)
            within("a deleted service is foretold", foretell(stage, sandbox, directory), 2.0)


def events(sandbox: Sandbox, directory: Path, count: int, name: str = "UpdateService") -> Path:
    """Write the newest call of a name `count` times, each with an id of its own; returns the file."""
    newest = next(record for record in reversed(sandbox.records()) if record["eventName"] == name)
    file = directory / f"{newest['eventID']}-{count}.json"
    file.write_text(json.dumps({"Records": [{**newest, "eventID": f"bench-{number}"} for number in range(count)]}))
    return file


def run(stage: Stage, records: Path) -> Command:
    """Return a cycle that confirms and reports."""
    words = ("run", "--events", str(records), "--no-prs", "--format", "json")
    return cycle(*words, directory=stage.checkout)


def tell(records: Path) -> Command:
    """Return a reading of records by hand."""
    return cycle("events", str(records), directory=records.parent)


def fleet(stage: Stage, records: Path, size: int = 50) -> Command:
    """Return a cycle over so many workspaces: the stage's, and others of the same shape that nothing happened to."""
    configuration = yaml.safe_load(stage.configuration.read_text())
    state = (stage.root_module / "terraform.tfstate").read_text()
    for number in range(1, size):
        module = stage.root_module.with_name(f"other-{number}")
        shutil.copytree(stage.root_module, module, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "*.plan"))
        (module / "terraform.tfstate").write_text(state.replace(CLUSTER, f"other-{number}"))
        configuration["workspaces"].append({"path": f"infra/other-{number}"})
    file = stage.configuration.with_name("fleet.yaml")
    file.write_text(yaml.safe_dump(configuration))
    words = ("run", "--config", file.name, "--events", str(records), "--no-prs", "--format", "json")
    return cycle(*words, directory=stage.checkout)


def foretell(stage: Stage, sandbox: Sandbox, directory: Path) -> Command:
    """Return a cycle over the deletion of a service, up to the unconfirmed finding: its plan takes two minutes."""
    records = events(sandbox, directory, 1, "DeleteService")
    file = stage.configuration.with_name("foretell.yaml")
    file.write_text(stage.configuration.read_text() + "notify: prediction\n")
    words = ("run", "--config", file.name, "--events", str(records), "--no-prs")
    return until("aws_ecs_service.web", *words, directory=stage.checkout)


def confirm(stage: Stage, records: Path) -> Command:
    """Return a cycle up to where drift is certain, and only what Terraform would do about it is still to be found."""
    words = ("run", "--events", str(records), "--no-prs", "--verbose")
    return until("drift at 1 address; terraform plan", *words, directory=stage.checkout)


def until(told: str, *words: str, directory: Path) -> Command:
    """Return a reconciler command that ends as soon as it tells something on stderr."""

    def run_until_told() -> None:
        with subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words],
            cwd=directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            is_told = any(told in line for line in process.stderr or ())
            process.terminate()
        if not is_told:
            raise RuntimeError(f"not told: {told}")

    return run_until_told


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
