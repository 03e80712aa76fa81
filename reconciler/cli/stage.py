"""A world to try reconciler in: an example as a Git repository with a bare remote, applied to the embedded AWS."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import UsageError

CONFIGURATION = """\
version: 1
workspaces:
  - {{name: production, path: infra/production}}
sources:
  - {{type: file, path: {events}}}
drift_rules: # as in TFDrift-Falco
  - name: ECS Service Configuration
    resource_types: [aws_ecs_service]
    watched_attributes: [desired_count, launch_type, enable_execute_command]
    severity: high
  - name: ECS Task Definition Changes
    resource_types: [aws_ecs_task_definition]
    watched_attributes: [container_definitions, task_role_arn, execution_role_arn, cpu, memory]
    severity: medium
  - name: ECS Cluster Settings
    resource_types: [aws_ecs_cluster, aws_ecs_cluster_capacity_providers]
    watched_attributes: [settings, capacity_providers, default_capacity_provider_strategy]
    severity: high
trusted:
  principals: ["arn:aws:iam::*:role/terraform-*"]
remediation: {{default: adopt}}
pull_requests: {{forge: local, base: main}}
terraform: {{binary: {binary}}}
settle: 0s
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where things lie: the checkout with reconciler.yaml, its root module, and the bare remote."""

    checkout: Path
    root_module: Path
    remote: Path
    configuration: Path


def lay_out(directory: Path, example: Path, *, events: Path, binary: str) -> Stage:
    """Make a repository with the example as its root module, committed and pushed to a bare remote.

    `directory` must be new or empty (UsageError). Git identities are the stage's own.
    """
    from reconciler.adapters.git import create_repository

    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty: name a new directory")
    checkout, remote = directory / "checkout", directory / "remote.git"
    root_module = checkout / "infra" / "production"
    root_module.mkdir(parents=True)
    for file in sorted(example.glob("*.tf")):
        shutil.copyfile(file, root_module / file.name)
    configuration = checkout / "reconciler.yaml"
    configuration.write_text(CONFIGURATION.format(events=os.path.relpath(events, checkout), binary=binary))
    (checkout / ".gitignore").write_text(".terraform/\n.terraform.lock.hcl\n*.tfstate*\n.reconciler/\n")
    create_repository(checkout, remote, "Run the shop on ECS")
    return Stage(checkout, root_module, remote, configuration)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for this process, and so for terraform, for as long as the block lasts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
