"""The state index of 2,000 workspaces with 100 resources each: from nothing, warm, and with one state changed."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reconciler.cli.wiring import load_settings, make_tools
from reconciler.model import ResourceId, State, Workspace
from reconciler.pipeline.states import open_index
from reconciler.ports import StateReader

WORKSPACES = int(os.environ.get("BENCH_WORKSPACES", "2000"))
SERVICES = 45
LOOK_UPS = 1000
ACCOUNT = "123456789012"
ARN = f"arn:aws:ecs:eu-west-1:{ACCOUNT}"
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
FROM_NOTHING_SECONDS, FROM_NOTHING_MEGABYTES, LOOK_UP_MILLISECONDS = 60, 500, 1


def main() -> None:
    """Lay the workspaces out, and measure."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as private:
        directory = Path(private)
        resources = lay_out(directory)
        print(f"{WORKSPACES} workspaces, {resources} resources")
        cold = listed(directory, "--refresh-index")
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"index from nothing    {cold:6.2f} s   bar {FROM_NOTHING_SECONDS}")
        print(f"peak memory           {megabytes:6.0f} MB  bar {FROM_NOTHING_MEGABYTES}")
        print(f"list all, none changed {listed(directory):5.2f} s")
        change(directory, WORKSPACES // 2)
        read, seconds, look_ups = cycle(directory)
        print(f"1 state changed       {seconds:6.2f} s, states read {read}   bar 1")
        median, longest = statistics.median(look_ups) * 1000, max(look_ups) * 1000
        print(f"look-up               {median:6.3f} ms, longest {longest:.3f}   bar {LOOK_UP_MILLISECONDS}", flush=True)


def listed(directory: Path, *words: str) -> float:
    """Return the seconds that listing the workspaces takes."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "reconciler", "workspaces", "--format", "json", *words]
    subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def cycle(directory: Path) -> tuple[int, float, list[float]]:
    """Open the index as a cycle does; returns the states read, the seconds, and those of each of many look-ups."""
    start = time.perf_counter()
    settings = load_settings(directory / "reconciler.yaml")
    tools = make_tools(settings, remedies=False, remember=False, keep_index=True)
    states = Counting(tools.states)
    with open_index(replace(tools, states=states)) as opened:
        seconds = time.perf_counter() - start
        look_ups = []
        for number in range(LOOK_UPS):
            workspace, service = number * 7 % WORKSPACES, number % SERVICES
            wanted = ResourceId(type="aws_ecs_service", cluster=f"cluster-{workspace}", name=f"service-{service}")
            before = time.perf_counter()
            found = opened.index.find(wanted)
            look_ups.append(time.perf_counter() - before)
            if len(found) != 1:
                raise SystemExit(f"{wanted} is found {len(found)} times")
    return states.count, seconds, look_ups


class Counting:
    """A state reader that counts the states read."""

    def __init__(self, reader: StateReader) -> None:
        self._reader = reader
        self.count = 0
        self.version = reader.version

    def read(self, workspace: Workspace) -> State:
        """Return the workspace's state."""
        self.count += 1
        return self._reader.read(workspace)


def lay_out(directory: Path) -> int:
    """Write the root modules with their states, and the configuration; returns how many resources there are."""
    for number in range(WORKSPACES):
        module = directory / "infra" / f"w{number:04}"
        module.mkdir(parents=True)
        (module / "main.tf").write_text("terraform {}\n")
        change(directory, number, serial=1)
    (directory / "reconciler.yaml").write_text("version: 1\nworkspaces:\n  - discover: infra/*\n")
    return WORKSPACES * len(list(blocks(0)))


def change(directory: Path, number: int, serial: int = 2) -> None:
    """Write a workspace's state."""
    state = {"version": 4, "serial": serial, "lineage": f"l{number}", "resources": list(blocks(number))}
    (directory / "infra" / f"w{number:04}" / "terraform.tfstate").write_text(json.dumps(state, indent=2))


def blocks(number: int) -> Iterator[dict[str, object]]:
    """Yield a workspace's resources: a cluster, services with task definitions, and what is not of Amazon ECS."""
    cluster = f"cluster-{number}"
    yield block("aws_ecs_cluster", "main", id=f"{ARN}:cluster/{cluster}", arn=f"{ARN}:cluster/{cluster}", name=cluster)
    for each in range(SERVICES):
        service = f"service-{each}"
        family = f"{cluster}-{service}"
        definition = f"{ARN}:task-definition/{family}:7"
        containers = json.dumps(
            [{"name": "app", "image": "nginx:1.27", "cpu": 0, "essential": True, "environment": []}]
        )
        yield block(
            "aws_ecs_task_definition",
            f"t{each}",
            id=family,
            arn=definition,
            family=family,
            revision=7,
            container_definitions=containers,
            tags={"team": "shop"},
        )
        name = f"{ARN}:service/{cluster}/{service}"
        yield block(
            "aws_ecs_service",
            f"s{each}",
            id=name,
            name=service,
            cluster=f"{ARN}:cluster/{cluster}",
            desired_count=3,
            task_definition=definition,
            network_configuration=[{"subnets": ["subnet-1", "subnet-2"], "security_groups": ["sg-1"]}],
        )
    for each in range(99 - 2 * SERVICES):
        name = f"/ecs/{cluster}/{each}"
        arn = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{name}"
        yield block("aws_cloudwatch_log_group", f"l{each}", id=name, arn=arn, name=name, retention_in_days=30)


def block(type_: str, name: str, /, **attributes: object) -> dict[str, object]:
    """Return a resource as a state has it."""
    instances = [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}]
    return {"mode": "managed", "type": type_, "name": name, "provider": PROVIDER, "instances": instances}
