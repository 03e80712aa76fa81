"""States of the local backend: a file beside the root module, or where its `path` says."""

from __future__ import annotations

import time
from pathlib import Path

from reconciler.errors import StateError
from reconciler.model import JsonObject, Workspace

_FILE = "terraform.tfstate"
_TICK_SECONDS = 0.1
"""Two writes within one tick of a file system's clock leave the same time behind: Linux's is a hundredth at most."""


def state_path(workspace: Workspace, config: JsonObject) -> Path:
    """Return where the state of the CLI workspace lies, whether or not it exists."""
    if workspace.terraform_workspace == "default":
        return workspace.path / (config.get("path") or _FILE)
    directory = config.get("workspace_dir") or f"{_FILE}.d"
    return workspace.path / directory / workspace.terraform_workspace / _FILE


def exists(workspace: Workspace) -> bool:
    """Tell whether a state lies where the local backend puts it without any configuration."""
    return state_path(workspace, {}).is_file()


def read(path: Path) -> bytes | None:
    """Return the file's content, None when there is none; raises StateError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"the state {path} cannot be read: {error.strerror}") from error


def version(path: Path) -> str | None:
    """Return the file's time, size and inode, None when it may still be written at this time; raises StateError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return "none"
    except OSError as error:
        raise StateError(f"the state {path} cannot be read: {error.strerror}") from error
    if abs(time.time() - found.st_mtime) < _TICK_SECONDS:
        return None
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"
