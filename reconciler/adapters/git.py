"""The Repository port on real Git: a scratch clone of the base, one commit, one push; the user's tree stays."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from git import Git, Repo
from git.exc import GitError, InvalidGitRepositoryError, NoSuchPathError

from reconciler.adapters.git_environment import (
    COMMITTER,
    EMAIL,
    forget_the_callers_repository,
    scratch_environment,
)
from reconciler.errors import RepositoryError
from reconciler.model import FileEdit, Workspace

_TRAILER = "Reconciler-Fingerprint"
_COPIED = ("*.tfvars", "*.tfvars.json", ".terraform.lock.hcl")
"""Files beside the root module that Terraform reads although Git may not track them."""

NETWORK_SECONDS = 120.0
"""How long one exchange with a remote may take: Git itself waits for ssh without an end."""

Pushed = Literal["created", "updated", "unchanged", "human_edited"]


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

    def __init__(self, *, base: str, remote: str, push_to_itself: bool = False) -> None:
        """`push_to_itself` lets a repository without the remote take the branch itself (the `local` forge)."""
        self._base = base
        self._remote = remote
        self._push_to_itself = push_to_itself
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
                _carry_over(repo, workspace.path, clone / module)
            except (GitError, OSError, ValueError) as error:
                raise RepositoryError(f"Git refused to clone {root.name} at {self._base}: {_said(error)}") from error
            yield GitScratch(git, clone, module, self._base)

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
            git.fetch("--quiet", "--no-tags", "origin", base, kill_after_timeout=NETWORK_SECONDS)
        except GitError as error:
            raise RepositoryError(
                f"{self._base} cannot be fetched from the remote of {root.name} (pull_requests.base, .remote): "
                f"{_said(error)}"
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


class GitScratch:
    """Fulfils `ports.Scratch`."""

    def __init__(self, git: Git, clone: Path, module: Path, base: str) -> None:
        self._git = git
        self._clone = clone
        self._module = module
        self._base = base
        self._kept = False
        self._written: set[str] = set()

    @property
    def root_module(self) -> Path:
        """Return the workspace's root module inside the clone."""
        return self._clone / self._module

    def write(self, edits: Iterable[FileEdit]) -> tuple[str, ...]:
        """Write the edits; returns the files' paths relative to the repository.

        Raises RepositoryError for a file outside the repository, or one that is not what the edit was made from.
        """
        written = []
        for edit in edits:
            named = self.root_module / edit.path
            file = named.resolve()
            if not file.is_relative_to(self._clone.resolve()):
                raise RepositoryError(f"{edit.path} lies outside the repository: its code is not ours to change")
            if named.is_symlink():
                raise RepositoryError(f"{edit.path} is a symbolic link: whoever else reads that file would follow")
            if file.read_bytes() != edit.before:
                raise RepositoryError(f"{edit.path} in the checkout differs from {self._base}: pull, then run again")
            file.write_bytes(edit.after)
            written.append(file.relative_to(self._clone.resolve()).as_posix())
        self._written.update(written)
        return tuple(written)

    def diff(self) -> str:
        """Return the unified diff of what has been written."""
        options = ("--no-color", "--no-ext-diff", "--no-textconv")
        with _explained("what was edited cannot be shown"):
            return str(self._git.diff(*options, "--", *self._files(), strip_newline_in_stdout=False))

    def keep(self) -> None:
        """Make what has been written the ground for what follows: `diff` and `restore` start from here."""
        with _explained("what was edited cannot be kept"):
            self._git.add("--", *self._files())
        self._kept = True

    def restore(self) -> None:
        """Undo what has been written or committed since the base or the last `keep`; untracked files stay."""
        with _explained("the clone cannot be put back"):
            if self._kept:
                self._git.checkout("--quiet", "--force", "--", ".")
            else:
                self._git.checkout("--quiet", "--force", "--detach", "refs/reconciler/base")
                self._written.clear()

    def _files(self) -> tuple[str, ...]:
        # Not whatever differs: a plan may write files of its own, as data "archive_file" does.
        return tuple(f":(literal,top){file}" for file in sorted(self._written))

    def holds(self, branch: str, fingerprint: str) -> bool:
        """Tell whether the remote's branch is what has been written, as one commit on the same base.

        The fingerprint in its message stands for the live values. Raises RepositoryError.
        """
        with _explained(f"{branch} cannot be looked at"):
            if not self._fetch_branch(branch) or self._has_foreign_commits():
                return False
            base = "refs/reconciler/base"
            self._git.add("--", *self._files())
            same_tree = self._git.write_tree() == self._git.rev_parse("refs/reconciler/branch^{tree}")
            same_base = self._git.rev_parse("refs/reconciler/branch^") == self._git.rev_parse(base)
            message = str(self._git.log("-1", "--format=%B", "refs/reconciler/branch"))
            return bool(same_tree and same_base and f"{_TRAILER}: {fingerprint}" in message.splitlines())

    def push(self, branch: str, message: str) -> Pushed:
        """Commit what has been written as one commit on the base and push it; raises RepositoryError.

        A branch that already holds the same tree is left alone, and so is one with a commit that is not reconciler's.
        """
        with _explained(f"{branch} could not be pushed"):
            return self._push(branch, message)

    def _push(self, branch: str, message: str) -> Pushed:
        self._git.commit("--quiet", "--message", message, "--", *self._files(), env=COMMITTER)
        reference = f"refs/heads/{branch}"
        tip = self._fetch_branch(branch)
        if tip:
            if self._has_foreign_commits():
                return "human_edited"
            if self._same_content():
                return "unchanged"
        lease = f"--force-with-lease={reference}:{tip}"
        words = ("--quiet", "--no-verify", lease, "origin", f"HEAD:{reference}")
        self._git.push(*words, kill_after_timeout=NETWORK_SECONDS)
        return "updated" if tip else "created"

    def _fetch_branch(self, branch: str) -> str:
        """Fetch the remote's branch as refs/reconciler/branch; returns its commit, empty when there is no branch."""
        reference = f"refs/heads/{branch}"
        tip = str(self._git.ls_remote("origin", reference, kill_after_timeout=NETWORK_SECONDS)).split("\t")[0]
        if tip:
            ours = f"+{reference}:refs/reconciler/branch"
            self._git.fetch("--quiet", "--no-tags", "origin", ours, kill_after_timeout=NETWORK_SECONDS)
        return tip

    def _has_foreign_commits(self) -> bool:
        # A commit that somebody amended or rebased keeps the message, but not the committer.
        form = "--format=%ce%n%B%x00"
        commits = str(self._git.log(form, "refs/reconciler/base..refs/reconciler/branch")).split("\0")
        return any(
            commit.strip() and not (commit.lstrip().startswith(f"{EMAIL}\n") and f"\n{_TRAILER}: " in commit)
            for commit in commits
        )

    def _same_content(self) -> bool:
        return bool(self._git.rev_parse("HEAD^{tree}") == self._git.rev_parse("refs/reconciler/branch^{tree}"))


def _open(workspace: Workspace) -> Repo:
    try:
        repo = Repo(workspace.path, search_parent_directories=True, expand_vars=False)
        repo.head.commit  # noqa: B018  # An empty repository has no commit to start from.
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise RepositoryError(
            f"{workspace.name} is in no Git repository, so no pull request can be opened: run git init there, or use "
            "--no-prs"
        ) from error
    except (GitError, ValueError) as error:
        raise RepositoryError(f"the Git repository of {workspace.name} cannot be used: {_said(error)}") from error
    if repo.bare or repo.working_tree_dir is None:
        raise RepositoryError(f"the Git repository of {workspace.name} is bare: a working tree is needed")
    return repo


def _carry_over(repo: Repo, source: Path, target: Path) -> None:
    if (source / ".terraform").is_dir():
        (target / ".terraform").symlink_to((source / ".terraform").resolve(), target_is_directory=True)
    tracked = set(repo.git.ls_files("-z", "--", str(source)).split("\0"))
    root = Path(str(repo.working_tree_dir)).resolve()
    for pattern in _COPIED:
        for file in source.glob(pattern):
            name = (file.parent.resolve() / file.name).relative_to(root).as_posix()
            if name not in tracked and file.is_file():
                shutil.copyfile(file, target / file.name)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise RepositoryError(f"{what}: {_said(error)}") from error


def _said(error: Exception) -> str:
    text = str(getattr(error, "stderr", "") or error)
    text = re.sub(r"//[^/\s@']+@", "//", text)  # a token may stand in a URL, even as the user's name
    return " ".join(text.replace("stderr:", "").split())[:300]
