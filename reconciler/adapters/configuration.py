"""The HCL that a workspace runs: its root module and the modules that `terraform init` installed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from reconciler.errors import TerraformError
from reconciler.model import Configuration

_BACKEND = re.compile(
    rb"""^[ \t]*(?:backend[ \t]+"?[\w-]+"?|cloud)[ \t]*\{|"(?:backend|cloud)"[ \t\r\n]*:""", re.MULTILINE
)


def read_configuration(root_module: Path) -> Configuration:
    """Read every `.tf` and `.tf.json` file of the root module and of the modules in `.terraform/modules/modules.json`.

    Raises TerraformError when a file cannot be read. Override files are read like the others: see the module docs of
    Terraform for how they merge.
    """
    manifest = root_module / ".terraform" / "modules" / "modules.json"
    try:
        directories: dict[tuple[str, ...], str] = {(): "."}
        entries = json.loads(manifest.read_bytes())["Modules"] if manifest.is_file() else ()
        for entry in entries:
            if entry.get("Key"):
                directories[tuple(entry["Key"].split("."))] = entry["Dir"]
        modules, documents = (
            {module: _files(root_module, directory, pattern) for module, directory in directories.items()}
            for pattern in ("*.tf", "*.tf.json")
        )
    except OSError as error:
        raise TerraformError(f"{error.filename} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TerraformError(f"{manifest} is unreadable: run terraform init there again") from error
    return Configuration(modules, documents)


def names_backend(root_module: Path) -> bool:
    """Tell whether the code says where the state lies; a block inside a comment of many lines counts too."""
    return any(
        _BACKEND.search(path.read_bytes()) for pattern in ("*.tf", "*.tf.json") for path in _read(root_module, pattern)
    )


def _files(root_module: Path, directory: str, pattern: str) -> dict[str, bytes]:
    prefix = "" if directory == "." else f"{Path(directory).as_posix()}/"
    return {f"{prefix}{path.name}": path.read_bytes() for path in _read(root_module / directory, pattern)}


def _read(directory: Path, pattern: str) -> Iterator[Path]:
    # Terraform leaves out what editors put there: hidden files, such as Emacs's locks, and directories.
    return (path for path in sorted(directory.glob(pattern)) if not path.name.startswith(".") and not path.is_dir())
