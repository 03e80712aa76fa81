"""The HCL that a workspace runs: its root module and the modules that `terraform init` installed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reconciler.errors import TerraformError
from reconciler.model import Configuration, Workspace

_BACKEND = re.compile(
    rb"""^[ \t]*(?:backend[ \t]+"?[\w-]+"?|cloud)[ \t]*\{|"(?:backend|cloud)"[ \t\r\n]*:""", re.MULTILINE
)


def read_configuration(workspace: Workspace) -> Configuration:
    """Read every `.tf` and `.tf.json` file of the root module and of the modules that init lists in `modules.json`.

    Raises TerraformError when a file cannot be read. Override files are read like the others: see the module docs of
    Terraform for how they merge.
    """
    root_module = workspace.path
    manifest = workspace.data_directory / "modules" / "modules.json"
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
    return any(_names_backend(*stamp) for stamp in _stamps(root_module))


def newest_change_of_backend(root_module: Path, since: int) -> int | None:
    """Return when what the code says of the state's place may have changed last, None when not after `since`.

    Both in nanoseconds. It may have changed with a file that names a backend, and with any when none does.
    """
    stamps = list(_stamps(root_module))
    newer = [stamp for stamp in stamps if stamp.time > since]
    if newer and any(_names_backend(*stamp) for stamp in stamps):
        newer = [stamp for stamp in newer if _names_backend(*stamp)]
    return max((stamp.time for stamp in newer), default=None)


class _Stamp(NamedTuple):
    """A file as it was at a time (nanoseconds)."""

    path: str
    time: int
    size: int


def _stamps(root_module: Path) -> Iterator[_Stamp]:
    for pattern in ("*.tf", "*.tf.json"):
        for path in _read(root_module, pattern):
            with _failing():
                found = path.stat()
            yield _Stamp(str(path), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=20_000)
def _names_backend(path: str, _time: int, _size: int) -> bool:
    # Remembered: asked in every cycle, for every file of every root module.
    with _failing():
        return _BACKEND.search(Path(path).read_bytes()) is not None


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TerraformError(f"{error.filename} cannot be read: {error.strerror}") from error


def _files(root_module: Path, directory: str, pattern: str) -> dict[str, bytes]:
    prefix = "" if directory == "." else f"{Path(directory).as_posix()}/"
    return {f"{prefix}{path.name}": path.read_bytes() for path in _read(root_module / directory, pattern)}


def _read(directory: Path, pattern: str) -> Iterator[Path]:
    # Terraform leaves out what editors put there: hidden files, such as Emacs's locks, and directories.
    return (path for path in sorted(directory.glob(pattern)) if not path.name.startswith(".") and not path.is_dir())
