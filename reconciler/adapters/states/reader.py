"""Finds a workspace's backend and reads its raw state. A new backend is a row in `_BACKENDS`."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from reconciler.adapters.configuration import names_backend, newest_change_of_backend
from reconciler.adapters.environment import workspace_environment
from reconciler.adapters.recorded_backend import record_of_init, recorded_backend
from reconciler.adapters.states import hcp, http, local, s3
from reconciler.adapters.states.format import parse_state
from reconciler.adapters.states.web import NotDirectError
from reconciler.errors import NotInitialisedError, NoWorkspacesError, StateError, TerraformError
from reconciler.model import JsonObject, State, Workspace

_PROCESSES = 4
"""Terraforms at a time that only say whether the code was initialised: versions are asked for in many threads."""


class _Backend(NamedTuple):
    """How to read a raw state directly, and how to tell for one cheap request whether it is still the same."""

    read: Callable[[Workspace, JsonObject, Mapping[str, str]], bytes | None]
    version: Callable[[Workspace, JsonObject, Mapping[str, str]], str | None]


_BACKENDS: Mapping[str, _Backend] = {
    "cloud": _Backend(hcp.read, hcp.version),
    "http": _Backend(http.read, http.version),
    "remote": _Backend(hcp.read, hcp.version),
    "s3": _Backend(s3.read, s3.version),
}


class _Terraform(Protocol):
    def initialise(self, workspace: Workspace) -> None: ...

    def pull_state(self, workspace: Workspace) -> bytes: ...

    def workspaces(self, workspace: Workspace) -> frozenset[str]: ...


class BackendStateReader:
    """Fulfils `ports.StateReader`."""

    def __init__(self, terraform: _Terraform, environment: Mapping[str, str] | None = None) -> None:
        self._terraform = terraform
        self._environment = os.environ if environment is None else environment
        self._initialising = threading.Lock()  # workspaces share root modules, and init writes into them
        self._compared: dict[Path, int] = {}
        self._comparing = threading.BoundedSemaphore(_PROCESSES)

    def read(self, workspace: Workspace) -> State:
        """Return the workspace's state, serial -1 when it has none yet; raises StateError."""
        kind, config = self._backend(workspace)
        if kind == "local":
            path = local.state_path(workspace, config)
            return parse_state(workspace.name, local.read(path), local_path=path)
        try:
            return parse_state(workspace.name, self._read_remote(kind, workspace, config))
        except TerraformError as error:
            raise StateError(str(error)) from error

    def version(self, workspace: Workspace) -> str | None:
        """Return a text that changes with the state or its place, None when only reading tells; raises StateError."""
        kind, config = self._backend(workspace)
        if kind == "local":
            found = local.version(local.state_path(workspace, config))
        else:
            found = self._direct_version(kind, workspace, config)
        return None if found is None else f"{kind} {json.dumps(config, sort_keys=True)} {found}"

    def _read_remote(self, kind: str, workspace: Workspace, config: JsonObject) -> bytes | None:
        backend = _BACKENDS.get(kind)
        if backend is not None:
            with suppress(NotDirectError):
                return backend.read(workspace, config, workspace_environment(self._environment, workspace))
        # Terraform makes a CLI workspace that is not there when it is asked for its state (pg, gcs, azurerm, consul …).
        if (
            workspace.terraform_workspace != "default"
            and workspace.terraform_workspace not in self._terraform.workspaces(workspace)
        ):
            return None
        return self._terraform.pull_state(workspace) or None

    def _direct_version(self, kind: str, workspace: Workspace, config: JsonObject) -> str | None:
        backend = _BACKENDS.get(kind)
        if backend is None:
            return None
        with suppress(NotDirectError):
            return backend.version(workspace, config, workspace_environment(self._environment, workspace))
        return None

    def _backend(self, workspace: Workspace) -> tuple[str, JsonObject]:
        try:
            backend = recorded_backend(workspace)
            if backend is None and (not local.exists(workspace) or names_backend(workspace.path)):
                with self._initialising:
                    self._terraform.initialise(workspace)
                backend = recorded_backend(workspace)
            elif backend is not None:
                self._compare_with_code(workspace)
            return backend or ("local", {})
        except TerraformError as error:
            raise StateError(str(error)) from error
        except (OSError, ValueError, RecursionError) as error:
            record = _short(record_of_init(workspace))
            raise StateError(f"{record} is unreadable: run terraform init there again") from error

    def _compare_with_code(self, workspace: Workspace) -> None:
        """Raise TerraformError when the code names another backend than the one initialised, or nobody can tell."""
        record = record_of_init(workspace)
        newest = newest_change_of_backend(workspace.path, record.stat().st_mtime_ns)
        if newest is None or self._compared.get(record) == newest:
            return
        another = f"the code of {workspace.name} names another backend than the one that was initialised"
        try:
            with self._comparing, suppress(NoWorkspacesError):
                self._terraform.workspaces(workspace)
        except NotInitialisedError as error:
            raise TerraformError(
                f"{another}: run `terraform init -migrate-state`, or `terraform init -reconfigure`, there"
            ) from error
        except TerraformError as error:
            raise TerraformError(f"whether {another} could not be told: {error}") from error
        with suppress(OSError):  # so that the next process need not ask; a checkout may be read-only
            os.utime(record, ns=(newest, newest))
        self._compared[record] = newest


def _short(path: Path) -> str:
    return "/".join(path.parts[-4:])
