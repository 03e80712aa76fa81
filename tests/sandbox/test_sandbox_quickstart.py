"""Real Terraform applies the quickstart to the sandbox, and then wants nothing more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.adapters.terraform.binary import find_any_binary
from reconciler.adapters.terraform.providers import cli_configuration
from reconciler.data import data_directory
from reconciler.sandbox import Sandbox
from reconciler.sandbox.scenarios import SCENARIOS

pytestmark = pytest.mark.e2e


class World:
    def __init__(self, sandbox: Sandbox, directory: Path) -> None:
        self.sandbox, self.directory = sandbox, directory
        self.command = find_any_binary().command
        self.environment = {**os.environ, **sandbox.environment("terraform")}
        configuration = cli_configuration(self.environment, None)
        if configuration is not None:
            path = directory.parent / "terraform.rc"
            path.write_text(configuration)
            self.environment["TF_CLI_CONFIG_FILE"] = str(path)

    def terraform(self, *arguments: str, expect: int = 0) -> str:
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def world(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> World:
    directory = tmp_path_factory.mktemp("quickstart") / "root"
    shutil.copytree(
        data_directory("quickstart", source="examples/terraform/quickstart"),
        directory,
        ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"),
    )
    world = World(sandbox, directory)
    world.terraform("init", "-input=false", "-no-color")
    world.terraform("apply", "-auto-approve", "-input=false", "-no-color")
    return world


def test_the_quickstart_plans_clean_and_then_drifts_exactly_where_the_scenarios_say(world):
    applied = {r["eventName"] for r in world.sandbox.records() if not r["readOnly"]}
    who = {r["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] for r in world.sandbox.records()}
    assert {"CreateCluster", "PutClusterCapacityProviders", "RegisterTaskDefinition", "CreateService"} <= applied
    assert {"RegisterScalableTarget", "PutScalingPolicy"} <= applied
    assert who == {"terraform-apply"}
    assert all("Terraform/" in r["userAgent"] and "errorCode" not in r for r in world.sandbox.records())

    world.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color")  # 0: no changes

    for scenario in SCENARIOS:
        scenario.act(world.sandbox)
    world.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", "-out=plan", expect=2)
    plan = json.loads(world.terraform("show", "-json", "plan"))
    updates = {
        change["address"]: {
            attribute
            for attribute, value in change["change"]["before"].items()
            if value != change["change"]["after"].get(attribute)
        }
        for change in plan["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }
    assert updates == {
        "aws_ecs_service.web": {"desired_count"},
        "aws_ecs_service.api": {"task_definition"},
        "aws_ecs_cluster_capacity_providers.production": {"capacity_providers", "default_capacity_provider_strategy"},
    }
