"""Repositories that have nothing to start a branch from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.errors import RepositoryError
from reconciler.model import Workspace


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "^the Git repository of prod has no commit that can be read: commit the code first"),
        (["--bare"], "^the Git repository of prod is bare"),
    ],
)
def test_a_repository_without_commits_is_refused_with_what_to_do(
    tmp_path: Path, options: list[str], sentence: str
) -> None:
    subprocess.run(["git", "init", "--quiet", *options, str(tmp_path)], check=True)
    repository = GitRepository(base="main", remote="origin")
    with pytest.raises(RepositoryError, match=sentence), repository.scratch(Workspace(name="prod", path=tmp_path)):
        pytest.fail("there is nothing to start from")
