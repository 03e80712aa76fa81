"""Edits one after another: apply them to a configuration, and join edits of the same file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.model import Configuration, FileEdit


def apply(configuration: Configuration, edits: Sequence[FileEdit]) -> Configuration:
    """Return the configuration as it reads after the edits."""
    after = {edit.path: edit.after for edit in edits}
    modules = {
        module: {name: after.get(name, content) for name, content in files.items()}
        for module, files in configuration.modules.items()
    }
    return replace(configuration, modules=modules)


def join(first: Sequence[FileEdit], second: Sequence[FileEdit]) -> tuple[FileEdit, ...]:
    """Return one edit per file for two rounds of edits, of which the second was made on top of the first."""
    joined = {edit.path: edit for edit in first}
    for edit in second:
        earlier = joined.get(edit.path)
        joined[edit.path] = FileEdit(edit.path, earlier.before if earlier else edit.before, edit.after)
    return tuple(joined.values())
