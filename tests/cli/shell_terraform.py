"""A shell script that plays terraform: it writes the plan that every terraform writes, and does what it is told."""

from __future__ import annotations

from pathlib import Path

_PLAN = 'for word; do case "$word" in -out=*) : > "${word#-out=}";; esac; done\n'


def write_terraform(file: Path, body: str) -> None:
    file.write_text(f"#!/bin/sh\n{_PLAN}{body}\n")
    file.chmod(0o755)
