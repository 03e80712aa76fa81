"""Scratch clones and pushes, on real Git repositories."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.errors import RepositoryError
from reconciler.model import FileEdit, Workspace

BEFORE, AFTER = b"desired_count = 3\n", b"desired_count = 5\n"
EDIT = FileEdit("main.tf", BEFORE, AFTER)
MESSAGE = "Adopt desired_count\n\nProof: proven.\n\nReconciler-Fingerprint: abc\n"
BRANCH = "drift/prod/web-1234"


def git(directory: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    done = subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "checkout")
    root = tmp_path / "checkout"
    (root / "infra").mkdir()
    (root / "infra" / "main.tf").write_bytes(BEFORE)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "start")
    git(root, "remote", "add", "origin", "../remote.git")
    git(root, "push", "--quiet", "origin", "main")
    return root


def workspace(root: Path) -> Workspace:
    return Workspace(name="prod", path=root / "infra")


def repository() -> GitRepository:
    return GitRepository(base="main", remote="origin")


def push(root: Path, edit: FileEdit = EDIT) -> str:
    with repository().scratch(workspace(root)) as scratch:
        assert scratch.write([edit]) == ("infra/main.tf",)
        return scratch.push(BRANCH, MESSAGE)


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


def test_variables_that_git_ignores_travel_into_the_clone(checkout: Path) -> None:
    (checkout / "infra" / "terraform.tfvars").write_text("x = 1\n")
    with repository().scratch(workspace(checkout)) as scratch:
        assert (scratch.root_module / "terraform.tfvars").read_text() == "x = 1\n"
        scratch.write([EDIT])
        scratch.push(BRANCH, MESSAGE)
    assert git(checkout.parent / "remote.git", "ls-tree", "-r", "--name-only", BRANCH) == "infra/main.tf"


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


def test_without_a_remote_the_local_forge_lets_the_repository_take_the_branch_itself(checkout: Path) -> None:
    no_remote(checkout)
    itself = GitRepository(base="main", remote="origin", push_to_itself=True)
    with itself.scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        assert scratch.push(BRANCH, MESSAGE) == "created"
    assert git(checkout, "show", f"{BRANCH}:infra/main.tf") == AFTER.decode().strip()


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


def test_a_commit_hook_of_the_user_does_not_run(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[core]\n\thooksPath = {hooks}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert push(checkout) == "created"


@pytest.mark.parametrize("whose", ["checkout", "other"])
def test_inside_somebodys_git_hook_only_the_clone_is_worked_on(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet", "--initial-branch=main")
    git(other, "remote", "add", "origin", "../elsewhere")
    git(other, "commit", "--quiet", "--allow-empty", "--message", "start")
    hooked = tmp_path / whose
    with monkeypatch.context() as hook:
        hook.setenv("GIT_DIR", str(hooked / ".git"))
        hook.setenv("GIT_INDEX_FILE", str(hooked / ".git" / "index"))
        assert push(checkout) == "created"
    assert git(other, "remote", "get-url", "origin") == "../elsewhere"
    for each in (checkout, other):
        assert git(each, "symbolic-ref", "HEAD") == "refs/heads/main"
        assert git(each, "rev-list", "--count", "--all") == "1"


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


def test_hooks_of_the_users_template_do_not_run(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "template" / "hooks" / "post-checkout"
    hook.parent.mkdir(parents=True)
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[init]\n\ttemplateDir = {tmp_path}/template\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert push(checkout) == "created"
    assert not (tmp_path / "ran").exists()


def test_how_the_checkout_reaches_its_remote_travels_and_its_other_settings_stay(checkout: Path) -> None:
    git(checkout, "config", "http.https://example.com/.extraheader", "AUTHORIZATION: basic c2VjcmV0")
    git(checkout, "config", "core.fsmonitor", "/nowhere/monitor")
    with repository().scratch(workspace(checkout)) as scratch:
        header = scratch._git.config("--get", "http.https://example.com/.extraheader")
        kept = (scratch._clone / ".git" / "config").read_text()
        monitor = scratch._git.config("--get", "core.fsmonitor")
    assert header == "AUTHORIZATION: basic c2VjcmV0"
    assert "c2VjcmV0" not in kept
    assert monitor == "false"


def test_variables_that_lie_outside_the_repository_travel_too(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "private.tfvars").write_text("x = 1\n")
    (checkout / "infra" / "terraform.tfvars").symlink_to(tmp_path / "private.tfvars")
    with repository().scratch(workspace(checkout)) as scratch:
        assert (scratch.root_module / "terraform.tfvars").read_text() == "x = 1\n"


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


def test_no_process_of_git_stays(checkout: Path) -> None:
    push(checkout)
    mine = subprocess.run(
        ["ps", "-o", "args", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    assert "cat-file" not in mine


def test_what_people_set_for_their_desk_does_not_matter(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        "[clone]\n\tdefaultRemoteName = upstream\n[color]\n\tui = always\n[diff]\n\texternal = /bin/false\n"
        "[commit]\n\tgpgSign = true\n\tcleanup = strip\n[push]\n\tfollowTags = true\n\trecurseSubmodules = only\n"
        "[log]\n\tshowSignature = true\n[core]\n\tfsmonitor = /bin/false\n\tpager = /bin/false\n"
        "[submodule]\n\trecurse = true\n[status]\n\tshort = true\n\tbranch = true\n"
    )
    git(checkout, "tag", "--annotate", "--message", "mine", "v1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert push(checkout) == "created"
    assert push(checkout) == "unchanged"
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    assert git(checkout.parent / "remote.git", "tag") == ""
    assert git(checkout.parent / "remote.git", "show", f"{BRANCH}:infra/main.tf") == AFTER.decode().strip()


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
    monkeypatch.setattr("reconciler.adapters.git.NETWORK_SECONDS", 1.0)
    start = time.monotonic()
    with pytest.raises(RepositoryError, match="main cannot be fetched"), repository().scratch(workspace(checkout)):
        pass
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(("named", "kept"), [("", ".terraform"), (".tf/prod", ".tf/prod")])
def test_what_init_made_is_at_hand_in_the_clone_where_terraform_looks_for_it(
    checkout: Path, named: str, kept: str
) -> None:
    (checkout / "infra" / kept).mkdir(parents=True)
    (checkout / "infra" / kept / "terraform.tfstate").write_text("{}")
    prod = Workspace(name="prod", path=checkout / "infra", environment={"TF_DATA_DIR": named})
    with repository().scratch(prod) as scratch:
        assert (scratch.root_module / kept / "terraform.tfstate").read_text() == "{}"
    assert (checkout / "infra" / kept / "terraform.tfstate").is_file()


def test_a_data_directory_elsewhere_needs_no_link(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    prod = Workspace(name="prod", path=checkout / "infra", environment={"TF_DATA_DIR": str(tmp_path / "data")})
    with repository().scratch(prod) as scratch:
        assert [path.name for path in scratch.root_module.iterdir()] == ["main.tf"]
