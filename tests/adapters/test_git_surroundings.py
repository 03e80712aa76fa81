"""What of a person's surroundings goes into the scratch clone, and what does not matter there."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_checkout import AFTER, BRANCH, EDIT, MESSAGE, git, push, repository, workspace

from reconciler.model import Workspace


def test_variables_that_git_ignores_travel_into_the_clone(checkout: Path) -> None:
    (checkout / "infra" / "terraform.tfvars").write_text("x = 1\n")
    with repository().scratch(workspace(checkout)) as scratch:
        assert (scratch.root_module / "terraform.tfvars").read_text() == "x = 1\n"
        scratch.write([EDIT])
        scratch.push(BRANCH, MESSAGE)
    assert git(checkout.parent / "remote.git", "ls-tree", "-r", "--name-only", BRANCH) == "infra/main.tf"


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
