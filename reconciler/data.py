"""Where the files that travel with the package lie: templates and the quickstart example."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_directory(name: str, *, source: str | None = None) -> Path:
    """Return the directory `name` of the installed wheel, or `source` (default `name`) in a source checkout."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / (source or name)
