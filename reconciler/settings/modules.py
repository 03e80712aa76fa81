"""Root modules on disk: which directories are one, and all of them below a glob."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

_BLOCK = re.compile(r'^[ \t]*(terraform\s*\{|provider\s+"[^"]+"\s*\{)', re.MULTILINE)
_STATEFUL = re.compile(r'^[ \t]*(backend\s+"[^"]+"\s*\{|cloud\s*\{|provider\s+"[^"]+"\s*\{)', re.MULTILINE)
_LOCAL_SOURCE = re.compile(r'^[ \t]*source\s*=\s*"(\.\.?/[^"$]*)"', re.MULTILINE)


def has_terraform_files(directory: Path) -> bool:
    """Tell whether terraform would find configuration in a directory."""
    return any(entry.name.endswith((".tf", ".tf.json")) and entry.is_file() for entry in _entries(directory))


def discover(base: Path, pattern: str) -> list[Path]:
    """Return the root modules in the directories that the glob `pattern` matches below `base`, and below those.

    A root module holds a `terraform` or `provider` block and is not called as a local module by another directory
    found. Below a directory `modules`, where Terraform's standard structure puts nested modules, it takes a backend or
    a provider. Hidden directories (.terraform above all) and symbolic links are left out. Raises ValueError when the
    pattern is none.
    """
    relative = PurePath(pattern)
    if not pattern or relative.is_absolute():
        raise ValueError(f"not a relative pattern: {pattern!r}")
    found = base.glob(pattern) if relative.parts else (base,)  # pathlib knows no pattern for the directory itself
    matches = sorted(path for path in found if path.is_dir())
    texts = {path.resolve(): _text(path) for match in matches for path in _below(match) if has_terraform_files(path)}
    called = {(path / source).resolve() for path, text in texts.items() for source in _LOCAL_SOURCE.findall(text)}
    return sorted(path for path, text in texts.items() if path not in called and _is_root(path, base.resolve(), text))


def _is_root(path: Path, base: Path, text: str) -> bool:
    nested = path.is_relative_to(base) and "modules" in path.relative_to(base).parts
    return bool((_STATEFUL if nested else _BLOCK).search(text))


def _below(directory: Path) -> Iterator[Path]:
    yield directory
    for entry in _entries(directory):
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _below(entry)


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError:
        return []


def _text(directory: Path) -> str:
    files = [entry for entry in _entries(directory) if entry.suffix == ".tf" and entry.is_file()]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
