"""The checksum by which a dependency lock file names a provider's package, whatever archive it came in."""

from __future__ import annotations

import hashlib
import os
from base64 import b64decode, b64encode
from pathlib import Path

SCHEME = "h1:"


def checksum(package: Path) -> str | None:
    """Return the `h1:` checksum of a directory, None of one that holds anything but files and directories.

    https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1. Raises OSError.
    """
    lines = []
    for directory, inner, names in os.walk(package, onerror=_raise):
        paths = [Path(directory, name) for name in names]
        links = (path for path in (*paths, *(Path(directory, name) for name in inner)) if path.is_symlink())
        if any(links) or not all(path.is_file() for path in paths) or any("\n" in name for name in names):
            return None
        for path in paths:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append((os.fsencode(path.relative_to(package).as_posix()), content.encode()))
    listing = b"".join(b"%s  %s\n" % (content, name) for name, content in sorted(lines))
    return SCHEME + b64encode(hashlib.sha256(listing).digest()).decode()


def as_file_name(text: str) -> str:
    """Return a checksum in digits and letters that every file system tells apart."""
    return b64decode(text.removeprefix(SCHEME)).hex()


def _raise(error: OSError) -> None:
    raise error
