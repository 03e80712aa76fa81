"""Real Terraform applies the quickstart to the sandbox, and then wants nothing more.

The sandbox runs in a process of its own, as for somebody who plays with `reconciler sandbox`.
"""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.terraform.binary import find_any_binary
from reconciler.adapters.terraform.providers import cli_configuration
from reconciler.data import data_directory
from reconciler.sandbox import Clients
from reconciler.sandbox.scenarios import SCENARIOS

pytestmark = pytest.mark.e2e


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Run `reconciler sandbox` with its log files in `tmp_path`; give the environment that it prints."""
    command = [sys.executable, "-m", "reconciler", "sandbox", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        exported = {}
        for line in process.stdout:
            if line.startswith("export "):
                name, _, value = shlex.split(line)[1].partition("=")
                exported[name] = value
            if "Ctrl-C" in line:
                break
        yield exported
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


@pytest.fixture
def terraform(tmp_path: Path, variables: dict[str, str]) -> Any:
    """Lay out the quickstart; give a function that runs Terraform in it and returns what it printed."""
    root = tmp_path / "root"
    source = data_directory("quickstart", source="examples/terraform/quickstart")
    shutil.copytree(source, root, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    surroundings = {**os.environ, **variables}
    configuration = cli_configuration(surroundings, None)
    if configuration is not None:
        (tmp_path / "terraform.rc").write_text(configuration)
        surroundings["TF_CLI_CONFIG_FILE"] = str(tmp_path / "terraform.rc")

    def run(*arguments: str, expect: int = 0) -> str:
        command = [*find_any_binary().command, *arguments]
        done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, timeout=240)
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_quickstart_plans_clean_and_then_drifts_exactly_where_the_scenarios_say(tmp_path, variables, terraform):
    terraform("init", "-input=false", "-no-color")
    terraform("apply", "-auto-approve", "-input=false", "-no-color")
    terraform("plan", "-detailed-exitcode", "-input=false", "-no-color")  # 0: no changes

    people = Clients(variables["AWS_ENDPOINT_URL"])
    events = people.client("cloudtrail").get_paginator("lookup_events").paginate()
    records = [json.loads(event["CloudTrailEvent"]) for page in events for event in page["Events"]]
    check_terraforms_own_records(records)

    for scenario in SCENARIOS:
        scenario.act(people)
    terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", "-out=plan", expect=2)
    assert changes(json.loads(terraform("show", "-json", "plan"))) == {
        "aws_ecs_service.web": {"desired_count"},
        "aws_ecs_service.api": {"task_definition"},
        "aws_ecs_cluster_capacity_providers.production": {"capacity_providers", "default_capacity_provider_strategy"},
    }
    logged = [gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*_CloudTrail_*.json.gz")]
    delivered = {record["eventID"] for text in logged for record in json.loads(text)["Records"]}
    assert {record["eventID"] for record in records} <= delivered


def check_terraforms_own_records(records: list[dict[str, Any]]) -> None:
    changed = {record["eventName"] for record in records if not record["readOnly"]}
    assert {"CreateCluster", "PutClusterCapacityProviders", "RegisterTaskDefinition", "CreateService"} <= changed
    assert {"RegisterScalableTarget", "PutScalingPolicy"} <= changed
    for record in records:
        assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "terraform-apply"
        assert "Terraform/" in record["userAgent"]
        assert "errorCode" not in record


def changes(plan: dict[str, Any]) -> dict[str, set[str]]:
    """Return what a plan would change, attribute by attribute."""
    found = {}
    for resource in plan["resource_changes"]:
        change = resource["change"]
        if change["actions"] != ["no-op"]:
            before, after = change["before"], change["after"]
            found[resource["address"]] = {name for name, value in before.items() if value != after.get(name)}
    return found
