"""Repositories that are in no condition, edits that may not be made, remotes that do not answer: a sentence each."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from git_checkout import AFTER, BEFORE, BRANCH, EDIT, MESSAGE, git, repository, workspace

from reconciler.errors import RepositoryError
from reconciler.model import FileEdit


def dirty(root: Path) -> None:
    (root / "infra" / "main.tf").write_text("changed\n")


def new_file(root: Path) -> None:
    (root / "infra" / "new.tf").write_text("locals {}\n")


def detached(root: Path) -> None:
    git(root, "checkout", "--quiet", "--detach")


def ahead(root: Path) -> None:
    (root / "infra" / "main.tf").write_text("desired_count = 4\n")
    git(root, "commit", "--quiet", "--all", "--message", "not pushed")


def no_remote(root: Path) -> None:
    git(root, "remote", "remove", "origin")


def no_base(root: Path) -> None:
    git(root.parent / "remote.git", "branch", "--move", "main", "trunk")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (dirty, "uncommitted changes in infra/main.tf"),
        (new_file, "uncommitted changes in infra/new.tf"),
        (detached, "detached HEAD"),
        (ahead, "differs from main on the remote"),
        (no_remote, "no remote 'origin'"),
        (no_base, "main cannot be fetched"),
    ],
)
def test_a_repository_that_is_in_no_condition_is_refused(checkout: Path, spoil: object, sentence: str) -> None:
    spoil(checkout)
    with pytest.raises(RepositoryError, match=sentence), repository().scratch(workspace(checkout)):
        pass
    assert git(checkout.parent / "remote.git", "branch", "--list", "drift/*") == ""


def test_a_directory_in_no_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    with pytest.raises(RepositoryError, match="no Git repository"), repository().scratch(workspace(tmp_path)):
        pass


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (FileEdit("../../outside.tf", b"", b"x"), "outside the repository"),
        (FileEdit("main.tf", b"something else\n", AFTER), "differs from main"),
    ],
)
def test_edits_of_something_else_are_refused(checkout: Path, edit: FileEdit, sentence: str) -> None:
    with repository().scratch(workspace(checkout)) as scratch, pytest.raises(RepositoryError, match=sentence):
        scratch.write([edit])


def test_a_damaged_repository_is_refused_in_one_sentence(checkout: Path) -> None:
    (checkout / ".git" / "index").write_bytes(b"damaged " * 8)
    with pytest.raises(RepositoryError, match="index"), repository().scratch(workspace(checkout)):
        pass


def test_a_file_that_other_code_may_share_is_not_edited(checkout: Path) -> None:
    (checkout / "shared.tf").write_bytes(BEFORE)
    (checkout / "infra" / "main.tf").unlink()
    (checkout / "infra" / "main.tf").symlink_to("../shared.tf")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "share")
    git(checkout, "push", "--quiet", "origin", "main")
    with (
        repository().scratch(workspace(checkout)) as scratch,
        pytest.raises(RepositoryError, match="symbolic link"),
    ):
        scratch.write([EDIT])


@pytest.mark.parametrize("credentials", ["ghp_token", "x-access-token:ghp_token"])
def test_a_token_in_the_remotes_url_is_in_no_error(checkout: Path, credentials: str) -> None:
    git(checkout, "remote", "set-url", "origin", f"https://{credentials}@127.0.0.1:1/x.git")
    with pytest.raises(RepositoryError) as caught, repository().scratch(workspace(checkout)):
        pass
    assert "ghp_token" not in str(caught.value)


def test_a_token_that_a_hook_of_the_remote_prints_is_in_no_error(checkout: Path) -> None:
    hook = checkout.parent / "remote.git" / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\necho refused: {'x' * 200} token ghp_{'abcd' * 9} >&2; exit 1\n")
    hook.chmod(0o755)
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        with pytest.raises(RepositoryError, match=r"could not be pushed: .*refused") as caught:
            scratch.push(BRANCH, MESSAGE)
    assert "ghp_" not in str(caught.value)


def test_a_clone_that_breaks_on_the_way_is_a_sentence(checkout: Path) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        (scratch._clone / ".git" / "HEAD").write_text("damaged\n")
        for action in (scratch.diff, scratch.keep, scratch.restore, lambda: scratch.push(BRANCH, MESSAGE)):
            with pytest.raises(RepositoryError, match=r"(?i)git repository"):
                action()


def test_a_remote_that_never_answers_is_not_waited_for(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(checkout, "remote", "set-url", "origin", "ssh://host.invalid/shop.git")
    monkeypatch.setenv("GIT_SSH_COMMAND", "sleep 30; false")
    monkeypatch.setattr("reconciler.adapters.git_network.NETWORK_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(RepositoryError, match="main cannot be fetched"), repository().scratch(workspace(checkout)):
        pass
    assert time.monotonic() - start < 15
