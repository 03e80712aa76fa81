"""Finds a workspace's backend and reads its raw state. A new backend is one function in `_READERS`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from reconciler.adapters.configuration import names_backend
from reconciler.adapters.environment import workspace_environment
from reconciler.adapters.states import local, s3
from reconciler.adapters.states.format import parse_state
from reconciler.errors import StateError, TerraformError
from reconciler.model import JsonObject, State, Workspace

_Reader = Callable[[Workspace, JsonObject, Mapping[str, str]], bytes | None]

_READERS: Mapping[str, _Reader] = {"s3": s3.read}


class _Terraform(Protocol):
    def initialise(self, workspace: Workspace) -> None: ...

    def pull_state(self, workspace: Workspace) -> bytes: ...


class BackendStateReader:
    """Fulfils `ports.StateReader`."""

    def __init__(self, terraform: _Terraform, environment: Mapping[str, str] | None = None) -> None:
        self._terraform = terraform
        self._environment = os.environ if environment is None else environment

    def read(self, workspace: Workspace) -> State:
        """Return the workspace's state, serial -1 when it has none yet; raises StateError."""
        try:
            backend = self._backend(workspace)
        except TerraformError as error:
            raise StateError(str(error)) from error
        kind = backend["type"]
        if kind == "local":
            path = local.state_path(workspace, backend["config"])
            return parse_state(workspace.name, local.read(path), local_path=path)
        environment = workspace_environment(self._environment, workspace)
        reader = _READERS.get(kind)
        if reader is not None:
            return parse_state(workspace.name, reader(workspace, backend["config"], environment))
        try:
            return parse_state(workspace.name, self._terraform.pull_state(workspace) or None)
        except TerraformError as error:
            raise StateError(str(error)) from error

    def _backend(self, workspace: Workspace) -> JsonObject:
        # What `terraform init` resolved is written there, -backend-config and all; without a backend block, nothing.
        resolved = workspace.path / ".terraform" / "terraform.tfstate"
        if not resolved.is_file() and (not local.exists(workspace) or names_backend(workspace.path)):
            self._terraform.initialise(workspace)
        if not resolved.is_file():
            return {"type": "local", "config": {}}
        try:
            backend: JsonObject = json.loads(resolved.read_bytes()).get("backend") or {"type": "local", "config": {}}
        except (OSError, ValueError) as error:
            raise StateError(f"{_short(resolved)} is unreadable: run terraform init there again") from error
        return {"type": backend.get("type", "local"), "config": backend.get("config") or {}}


def _short(path: Path) -> str:
    return "/".join(path.parts[-4:])
