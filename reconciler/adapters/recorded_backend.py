"""The backend that `terraform init` resolved for a workspace, `-backend-config` and all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from reconciler.model import JsonObject, Workspace


class RecordedBackend(NamedTuple):
    """A backend's type, `local` without any, and its settings."""

    type: str
    config: JsonObject


def recorded_backend(workspace: Workspace) -> RecordedBackend | None:
    """Return what init wrote down, None where it wrote nothing.

    Raises OSError where the file cannot be read, ValueError where it is none of Terraform's.
    """
    try:
        recorded = json.loads(record_of_init(workspace).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    backend = (recorded.get("backend") or {}) if isinstance(recorded, dict) else None
    kind, config = (
        (backend.get("type", "local"), backend.get("config") or {}) if isinstance(backend, dict) else ("", "")
    )
    if not isinstance(kind, str) or not isinstance(config, dict):
        raise ValueError("not a record of terraform init")
    return RecordedBackend(kind, config)


def record_of_init(workspace: Workspace) -> Path:
    """Return the file in which init writes it down."""
    return workspace.data_directory / "terraform.tfstate"
