"""One embedded AWS and one applied world for all end-to-end tests; the command line is run from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.git import create_repository
from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import find_any_binary
from reconciler.cli.stage import Stage, environment, lay_out
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples" / "terraform" / "quickstart"


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The standard output, decoded."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class World:
    """The applied quickstart with its records: `after_apply` has Terraform's own, `changes` everybody's."""

    sandbox: Sandbox
    stage: Stage
    changes: Path
    variables: Mapping[str, str] = field(repr=False)

    def reconciler(self, *arguments: str, directory: Path | None = None) -> Done:
        """Run the command line in the checkout, as a user would; the test's own time limit ends what hangs."""
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=directory or self.stage.checkout,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def git(self, *words: str) -> str:
        """Run git in the bare remote."""
        done = subprocess.run(["git", *words], cwd=self.stage.remote, check=True, capture_output=True, text=True)
        return done.stdout.strip()


def check_in(stack: Path, directory: Path, configuration: str) -> Stage:
    """Make a repository with a copy of the stack, whose root module is `infra`, committed and pushed to a remote.

    `configuration` is reconciler.yaml, but for what Terraform this machine has.
    """
    checkout, remote = directory / "checkout", directory / "remote.git"
    shutil.copytree(stack, checkout)
    (checkout / "reconciler.yaml").write_text(configuration.format(binary=find_any_binary().setting))
    (checkout / ".gitignore").write_text(".terraform/\n.terraform.lock.hcl\n.reconciler/\n*.tfstate*\n*.tfvars\n")
    create_repository(checkout, remote, f"Run {stack.name}")
    return Stage(checkout, checkout / "infra", remote, checkout / "reconciler.yaml")


def world_of(sandbox: Sandbox, stage: Stage, since: int = 0) -> World:
    """Return a stage with what was done to it: the sandbox's records from number `since` on, in a file."""
    changes = stage.checkout.parent / "records.json"
    changes.write_text(json.dumps({"Records": sandbox.records()[since:]}))
    return World(sandbox, stage, changes, sandbox.environment("terraform"))


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The one embedded AWS of the session."""
    with Sandbox(directory=tmp_path_factory.mktemp("aws")) as running, environment(running.environment("terraform")):
        yield running


@pytest.fixture(scope="package")
def terraform() -> TerraformCli:
    """Whatever Terraform this machine has."""
    return TerraformCli(find_any_binary())


@pytest.fixture(scope="package")
def world(sandbox: Sandbox, terraform: TerraformCli, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The quickstart, applied, and everything that the scenarios do to it."""
    directory = tmp_path_factory.mktemp("world")
    stage = lay_out(directory, QUICKSTART, events=sandbox.log_directory, binary=find_any_binary().setting)
    terraform.apply(Workspace(name="production", path=stage.root_module))
    for scenario in SCENARIOS:
        scenario.act(sandbox)
    return world_of(sandbox, stage)
