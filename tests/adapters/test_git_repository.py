"""What is committed and pushed, and what is on a branch already, on real Git repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from git_checkout import AFTER, BEFORE, BRANCH, EDIT, MESSAGE, git, push, repository, workspace

from reconciler.adapters.git import GitRepository
from reconciler.errors import RepositoryError
from reconciler.model import FileEdit


def test_one_commit_on_top_of_the_base_and_the_users_tree_untouched(checkout: Path) -> None:
    assert push(checkout) == "created"
    remote = checkout.parent / "remote.git"
    assert git(remote, "log", "--format=%an %s", f"main..{BRANCH}") == "reconciler Adopt desired_count"
    assert git(remote, "show", f"{BRANCH}:infra/main.tf") == AFTER.decode().strip()
    assert (checkout / "infra" / "main.tf").read_bytes() == BEFORE
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "branch", "--list") == "* main"


def test_the_same_again_sends_nothing(checkout: Path) -> None:
    push(checkout)
    tip = git(checkout.parent / "remote.git", "rev-parse", BRANCH)
    assert push(checkout) == "unchanged"
    assert git(checkout.parent / "remote.git", "rev-parse", BRANCH) == tip


def holds(root: Path, edit: FileEdit = EDIT, fingerprint: str = "abc") -> bool:
    with repository().scratch(workspace(root)) as scratch:
        scratch.write([edit])
        held = scratch.holds(BRANCH, fingerprint)
        assert (scratch.root_module / "main.tf").read_bytes() == edit.after
        scratch.restore()
        assert (scratch.root_module / "main.tf").read_bytes() == BEFORE
        return held


def test_a_branch_holds_the_same_edit_on_the_same_base_for_the_same_values(checkout: Path) -> None:
    assert not holds(checkout)
    push(checkout)
    assert holds(checkout)
    assert not holds(checkout, fingerprint="other")
    assert not holds(checkout, FileEdit("main.tf", BEFORE, b"desired_count = 7\n"))


def test_a_branch_on_an_older_base_holds_nothing(checkout: Path) -> None:
    push(checkout)
    (checkout / "other.txt").write_text("x")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "meanwhile")
    git(checkout, "push", "--quiet", "origin", "main")
    assert not holds(checkout)


def test_another_value_rewrites_the_one_commit(checkout: Path) -> None:
    push(checkout)
    assert push(checkout, FileEdit("main.tf", BEFORE, b"desired_count = 7\n")) == "updated"
    assert git(checkout.parent / "remote.git", "rev-list", "--count", f"main..{BRANCH}") == "1"


def test_other_values_behind_the_same_edit_rewrite_the_commit_once(checkout: Path) -> None:
    push(checkout)
    other = MESSAGE.replace("abc", "other")
    assert push(checkout, message=other) == "updated"
    assert holds(checkout, fingerprint="other")
    assert push(checkout, message=other) == "unchanged"


def test_a_push_is_over_the_branch_that_was_looked_at_and_over_nothing_newer(checkout: Path) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert not scratch.holds(BRANCH, "abc")
        push(checkout, FileEdit("main.tf", BEFORE, b"desired_count = 7\n"))
        with pytest.raises(RepositoryError, match="could not be pushed"):
            scratch.push(BRANCH, MESSAGE)
    assert git(checkout.parent / "remote.git", "show", f"{BRANCH}:infra/main.tf") == "desired_count = 7"
    assert push(checkout) == "updated"


def test_a_push_for_which_another_run_was_quicker_with_the_same_changes_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert not scratch.holds(BRANCH, "abc")
        push(checkout)
        tip = git(checkout.parent / "remote.git", "rev-parse", BRANCH)
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
        assert scratch.push(BRANCH, MESSAGE) == "unchanged"
    assert git(checkout.parent / "remote.git", "rev-parse", BRANCH) == tip


def test_a_push_for_which_a_person_was_quicker_leaves_the_branch_alone(checkout: Path) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert not scratch.holds(BRANCH, "abc")
        git(checkout, "commit", "--quiet", "--allow-empty", "--message", "my own thought")
        git(checkout, "push", "--quiet", "origin", f"HEAD:{BRANCH}")
        assert scratch.push(BRANCH, MESSAGE) == "human_edited"


def test_a_branch_with_somebodys_commit_is_left_alone(checkout: Path) -> None:
    push(checkout)
    git(checkout, "fetch", "--quiet", "origin", BRANCH)
    git(checkout, "checkout", "--quiet", "-b", "mine", "FETCH_HEAD")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "my own thought")
    git(checkout, "push", "--quiet", "origin", f"mine:{BRANCH}")
    git(checkout, "checkout", "--quiet", "main")
    assert push(checkout, FileEdit("main.tf", BEFORE, b"desired_count = 7\n")) == "human_edited"


def test_restoring_makes_the_clone_serve_again(checkout: Path) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert "+desired_count = 5" in scratch.diff()
        scratch.push(BRANCH, MESSAGE)
        scratch.restore()
        assert scratch.diff() == ""
        assert (scratch.root_module / "main.tf").read_bytes() == BEFORE


def test_what_is_kept_is_the_ground_for_the_next_edit(checkout: Path) -> None:
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        scratch.keep()
        scratch.restore()
        assert scratch.diff() == ""
        assert (scratch.root_module / "main.tf").read_bytes() == AFTER


def test_without_a_remote_the_local_forge_lets_the_repository_take_the_branch_itself(checkout: Path) -> None:
    git(checkout, "remote", "remove", "origin")
    itself = GitRepository(base="main", remote="origin", push_to_itself=True)
    with itself.scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert scratch.push(BRANCH, MESSAGE) == "created"
    assert git(checkout, "show", f"{BRANCH}:infra/main.tf") == AFTER.decode().strip()


def test_a_commit_that_somebody_amended_is_left_alone(checkout: Path) -> None:
    push(checkout)
    git(checkout, "fetch", "--quiet", "origin", BRANCH)
    git(checkout, "checkout", "--quiet", "-b", "mine", "FETCH_HEAD")
    (checkout / "infra" / "main.tf").write_text("desired_count = 4\n")
    git(checkout, "commit", "--quiet", "--all", "--amend", "--no-edit")
    git(checkout, "push", "--quiet", "--force", "origin", f"mine:{BRANCH}")
    git(checkout, "checkout", "--quiet", "main")
    assert push(checkout, FileEdit("main.tf", BEFORE, b"desired_count = 7\n")) == "human_edited"
    assert git(checkout.parent / "remote.git", "show", f"{BRANCH}:infra/main.tf") == "desired_count = 4"


def test_what_a_plan_wrote_is_neither_shown_nor_pushed(checkout: Path) -> None:
    (checkout / "infra" / "lambda.zip").write_text("built\n")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "an archive")
    git(checkout, "push", "--quiet", "origin", "main")
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        (scratch.root_module / "lambda.zip").write_text("built again\n")
        assert "lambda.zip" not in scratch.diff()
        scratch.push(BRANCH, MESSAGE)
    assert git(checkout.parent / "remote.git", "diff", "--name-only", f"main..{BRANCH}") == "infra/main.tf"


def test_no_process_of_git_stays(checkout: Path) -> None:
    push(checkout)
    mine = subprocess.run(
        ["ps", "-o", "args", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    assert "cat-file" not in mine
