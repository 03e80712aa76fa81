"""A user's own working tree: proven edits written to it, only where a person asked for that."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from reconciler.errors import RepositoryError
from reconciler.model import FileEdit


def write_edits(root_module: Path, edits: Sequence[FileEdit]) -> tuple[Path, ...]:
    """Write the edits and return the files; none is written unless each file is what its edit was made from.

    Raises RepositoryError when a file has changed meanwhile or cannot be written.
    """
    files = [root_module / edit.path for edit in edits]
    try:
        for file, edit in zip(files, edits, strict=True):
            if file.read_bytes() != edit.before:
                raise RepositoryError(f"{file} has changed meanwhile: nothing was written, run again")
        with ExitStack() as stack:
            written = [
                (_write_beside(file.resolve(), edit.after, stack), file)
                for file, edit in zip(files, edits, strict=True)
            ]
            for new, file in written:
                new.replace(file.resolve())
    except OSError as error:
        raise RepositoryError(f"{error.filename or root_module} cannot be written: {error.strerror}") from error
    return tuple(files)


def _write_beside(file: Path, content: bytes, stack: ExitStack) -> Path:
    """Write a file's new content beside it, so that nothing is replaced before everything has been written."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    new = Path(name)
    stack.callback(new.unlink, missing_ok=True)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    new.chmod(file.stat().st_mode & 0o7777)
    return new
