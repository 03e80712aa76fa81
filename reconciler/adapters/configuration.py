"""The HCL that a workspace runs: its root module and the modules that `terraform init` installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import TerraformError
from reconciler.model import Configuration


def read_configuration(root_module: Path) -> Configuration:
    """Read every `.tf` file of the root module and of the modules in `.terraform/modules/modules.json`.

    Raises TerraformError when a file cannot be read. Override files are read like the others: see the module docs of
    Terraform for how they merge.
    """
    modules: dict[tuple[str, ...], Mapping[str, bytes]] = {(): _files(root_module, ".")}
    manifest = root_module / ".terraform" / "modules" / "modules.json"
    try:
        entries = json.loads(manifest.read_bytes())["Modules"] if manifest.is_file() else ()
        for entry in entries:
            if entry.get("Key"):
                modules[tuple(entry["Key"].split("."))] = _files(root_module, entry["Dir"])
    except (OSError, ValueError, KeyError) as error:
        raise TerraformError(f"{manifest} is unreadable: run terraform init there again") from error
    return Configuration(modules)


def _files(root_module: Path, directory: str) -> dict[str, bytes]:
    prefix = "" if directory == "." else f"{Path(directory).as_posix()}/"
    return {f"{prefix}{path.name}": path.read_bytes() for path in sorted((root_module / directory).glob("*.tf"))}
