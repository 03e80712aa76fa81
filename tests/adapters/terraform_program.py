"""A program that plays terraform."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

from reconciler.adapters.terraform import Binary
from reconciler.model import Workspace

ANSWER = '{"format_version": "1.2", "resource_drift": [1]}'
"""What `terraform show -json` prints at the least, about drift."""

BEGIN = """
import os, sys, time
open('calls', 'a').write(sys.argv[1] + '\\n')
for word in sys.argv:
    if word.startswith('-out='):
        open(word[len('-out='):], 'w').close()
"""


def program(directory: Path, body: str) -> Binary:
    """Make a program that plays terraform: it writes an empty plan, and notes each command in `calls`."""
    file = directory / "terraform"
    file.write_text(f"#!{sys.executable}\n{BEGIN}{body}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return Binary((str(file),), "terraform")


def workspace(directory: Path, **more: object) -> Workspace:
    return Workspace(name="prod", path=directory, **more)


def calls(directory: Path) -> list[str]:
    return (directory / "calls").read_text().split()


def alive(pid: int) -> bool:
    """Tell whether a process is there still after some seconds, in which it may end."""
    for _ in range(50):
        status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
        if not status or status.startswith("Z"):
            return False
        time.sleep(0.1)
    return True
