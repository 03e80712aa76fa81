"""The Repository port on real Git: a scratch clone of the base; the user's tree stays."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from git import Git, Repo
from git.exc import GitError, InvalidGitRepositoryError, NoSuchPathError

from reconciler.adapters.git_environment import COMMITTER, forget_the_callers_repository, scratch_environment
from reconciler.adapters.git_network import exchange
from reconciler.adapters.git_scratch import GitScratch, said
from reconciler.errors import RepositoryError
from reconciler.model import Workspace

_COPIED = ("*.tfvars", "*.tfvars.json", ".terraform.lock.hcl")
"""Files beside the root module that Terraform reads although Git may not track them."""


def create_repository(checkout: Path, remote: Path, message: str) -> None:
    """Make the directory a repository on `main` with one commit, pushed to a new bare remote, for demo and tests."""
    forget_the_callers_repository()
    Git().init("--quiet", "--bare", "--initial-branch=main", str(remote))
    Git().init("--quiet", "--initial-branch=main", str(checkout))
    git = Git(str(checkout))
    git.remote("add", "origin", str(remote))
    git.add("--all")
    git.commit("--quiet", "--message", message, env={**scratch_environment(), **COMMITTER})
    git.push("--quiet", "origin", "main")


class GitRepository:
    """Fulfils `ports.Repository`."""

    def __init__(
        self, *, base: str, remote: str, push_to_itself: bool = False, stopped: threading.Event | None = None
    ) -> None:
        """`push_to_itself` lets a repository without the remote take the branch itself (the `local` forge).

        Whoever sets `stopped` ends what is exchanged with remotes, in any thread: it raises RepositoryError.
        """
        self._base = base
        self._remote = remote
        self._push_to_itself = push_to_itself
        self._stopped = stopped
        forget_the_callers_repository()

    @contextmanager
    def scratch(self, workspace: Workspace) -> Iterator[GitScratch]:
        """Clone the base for a workspace; raises RepositoryError with the repair."""
        with closing(_open(workspace)) as repo, tempfile.TemporaryDirectory(prefix="reconciler-scratch-") as private:
            root = Path(str(repo.working_tree_dir)).resolve()
            clone = Path(private) / "repository"
            try:
                module = workspace.path.resolve().relative_to(root)
                self._require_clean(repo, module)
                git = self._clone(repo, root, clone)
                self._require_base(repo, git)
                _carry_over(repo, workspace, clone / module)
            except (GitError, OSError, ValueError) as error:
                raise RepositoryError(f"Git refused to clone {root.name} at {self._base}: {said(error)}") from error
            yield GitScratch(git, clone, module, self._base, self._stopped)

    def _require_clean(self, repo: Repo, module: Path) -> None:
        name = Path(str(repo.working_tree_dir)).name
        if repo.head.is_detached:
            raise RepositoryError(
                f"the repository {name} has a detached HEAD: check out {self._base} (in CI: git checkout -B "
                f"{self._base}), then run again; no pull request was opened"
            )
        changed = repo.git.status("--porcelain", "--untracked-files=no", "-z").split("\0")
        new = repo.git.ls_files("--others", "--exclude-standard", "-z", "--", f"{module.as_posix()}/*.tf").split("\0")
        dirty = sorted({entry[3:] for entry in changed if entry} | {entry for entry in new if entry})
        if dirty:
            more = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
            raise RepositoryError(
                f"the repository {name} has uncommitted changes in {dirty[0]}{more}: commit or stash them, then run "
                "again; no pull request was opened"
            )

    def _clone(self, repo: Repo, root: Path, clone: Path) -> Git:
        url = self._push_url(repo, root)
        environment = scratch_environment(repo)
        options = ("--quiet", "--shared", "--no-checkout", "--no-tags", "--origin=origin")
        Git().clone(*options, "--", str(root), str(clone), env=environment)
        git = Git(str(clone))
        git.update_environment(**environment)
        git.remote("set-url", "origin", url)
        try:
            base = f"+refs/heads/{self._base}:refs/reconciler/base"
            exchange(git, self._stopped, "fetch", "--quiet", "--no-tags", "origin", base)
        except GitError as error:
            raise RepositoryError(
                f"{self._base} cannot be fetched from the remote of {root.name} (pull_requests.base, .remote): "
                f"{said(error)}"
            ) from error
        git.checkout("--quiet", "--detach", "refs/reconciler/base")
        return git

    def _push_url(self, repo: Repo, root: Path) -> str:
        names = {remote.name for remote in repo.remotes}
        if self._remote in names:
            url = str(repo.git.remote("get-url", "--push", self._remote))
            # A relative URL is relative to the repository, and the clone lies elsewhere.
            local = root / url
            return str(local.resolve()) if "://" not in url and local.exists() else url
        if self._push_to_itself:
            return str(root)
        raise RepositoryError(f"the repository {root.name} has no remote {self._remote!r}: set pull_requests.remote")

    def _require_base(self, repo: Repo, git: Git) -> None:
        if repo.head.commit.tree.hexsha != git.rev_parse("refs/reconciler/base^{tree}"):
            raise RepositoryError(
                f"the checkout of {Path(str(repo.working_tree_dir)).name} ({repo.active_branch.name}) differs from "
                f"{self._base} on the remote: pull or switch to {self._base}, then run again; no pull request was "
                "opened"
            )


def _open(workspace: Workspace) -> Repo:
    try:
        repo = Repo(workspace.path, search_parent_directories=True, expand_vars=False)
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise RepositoryError(
            f"{workspace.name} is in no Git repository, so no pull request can be opened: run git init there, or use "
            "--no-prs"
        ) from error
    except (GitError, ValueError) as error:
        raise RepositoryError(f"the Git repository of {workspace.name} cannot be used: {said(error)}") from error
    if repo.bare or repo.working_tree_dir is None:
        raise RepositoryError(f"the Git repository of {workspace.name} is bare: a working tree is needed")
    if not repo.head.is_valid():
        raise RepositoryError(
            f"the Git repository of {workspace.name} has no commit that can be read: commit the code first, then run "
            "again; no pull request was opened"
        )
    return repo


def _carry_over(repo: Repo, workspace: Workspace, target: Path) -> None:
    source, initialised = workspace.path, workspace.data_directory
    if initialised.is_dir() and initialised.is_relative_to(source):
        link = target / initialised.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(initialised.resolve(), target_is_directory=True)
    tracked = set(repo.git.ls_files("-z", "--", str(source)).split("\0"))
    root = Path(str(repo.working_tree_dir)).resolve()
    for pattern in _COPIED:
        for file in source.glob(pattern):
            name = (file.parent.resolve() / file.name).relative_to(root).as_posix()
            if name not in tracked and file.is_file():
                shutil.copyfile(file, target / file.name)
