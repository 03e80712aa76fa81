"""A checkout with its remote, and the one edit that most tests push."""

from __future__ import annotations

import subprocess
from pathlib import Path

from reconciler.adapters.git import GitRepository
from reconciler.model import FileEdit, Workspace

BEFORE, AFTER = b"desired_count = 3\n", b"desired_count = 5\n"
EDIT = FileEdit("main.tf", BEFORE, AFTER)
MESSAGE = "Adopt desired_count\n\nProof: proven.\n\nReconciler-Fingerprint: abc\n"
BRANCH = "drift/prod/web-1234"


def git(directory: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    done = subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def workspace(root: Path) -> Workspace:
    return Workspace(name="prod", path=root / "infra")


def repository() -> GitRepository:
    return GitRepository(base="main", remote="origin")


def push(root: Path, edit: FileEdit = EDIT, message: str = MESSAGE) -> str:
    with repository().scratch(workspace(root)) as scratch:
        assert scratch.write([edit]) == ("infra/main.tf",)
        return scratch.push(BRANCH, message)
