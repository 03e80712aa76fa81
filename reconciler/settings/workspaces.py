"""Workspace sections in, workspaces out: paths resolved, globs expanded, names given."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import relpath  # Path.relative_to goes upwards only since Python 3.12
from pathlib import Path

from reconciler.model import Workspace
from reconciler.settings.document import WorkspaceSection
from reconciler.settings.modules import discover, has_terraform_files
from reconciler.settings.problems import Key, Problem, render_key


def resolve_workspaces(sections: Sequence[WorkspaceSection], base: Path) -> tuple[list[Workspace], list[Problem]]:
    """Return the workspaces in the order written, and what is wrong; a module named itself is not discovered again."""
    explicit = {(base / section.path).resolve() for section in sections if section.path is not None}
    workspaces: list[Workspace] = []
    problems: list[Problem] = []
    owners: dict[str, Key] = {}
    states: dict[tuple[Path, str, Path], str] = {}
    for index, section in enumerate(sections):
        key: Key = ("workspaces", index)
        try:
            paths = _paths(section, base, explicit)
        except ValueError as error:
            problems.append(Problem((*key, "path" if section.path is not None else "discover"), str(error)))
            continue
        explicit.update(paths)
        for path in paths:
            workspace = _workspace(section, path, base)
            if (owner := owners.setdefault(workspace.name, key)) != key:
                text = f"the name {workspace.name} is taken by {render_key(owner)}; give another name"
                problems.append(Problem(_name_key(key, section), text))
            elif (other := states.setdefault(_state(workspace), workspace.name)) != workspace.name:
                text = (
                    f"has the same state as {other}: give it another terraform_workspace, or a TF_DATA_DIR of its own "
                    "in environment"
                )
                problems.append(Problem((*key, "path"), text))
            problems.extend(_missing_var_files(workspace, key))
            workspaces.append(workspace)
    return workspaces, problems


def _paths(section: WorkspaceSection, base: Path, taken: set[Path]) -> list[Path]:
    """Return a section's root modules; raises ValueError with what is wrong."""
    if section.path is not None:
        path = (base / section.path).resolve()
        if not path.is_dir():
            raise ValueError(f"there is no directory {section.path}; name a root module, relative to this file")
        if not has_terraform_files(path):
            raise ValueError(f"{section.path} has no *.tf files; name the directory that holds them")
        return [path]
    try:
        found = discover(base, section.discover or "")
    except ValueError as error:
        raise ValueError("not a glob relative to this file; write one such as infra/*") from error
    if not found:
        raise ValueError(
            f"{section.discover} matches no root module (a directory of *.tf files with a terraform block)"
        )
    return [path for path in found if path not in taken]


def _workspace(section: WorkspaceSection, path: Path, base: Path) -> Workspace:
    return Workspace(
        name=section.name or _default_name(path, base),
        path=path,
        terraform_workspace=section.terraform_workspace,
        var_files=section.var_files,
        environment=dict(section.environment),
        account=section.account,
    )


def _state(workspace: Workspace) -> tuple[Path, str, Path]:
    """Return what tells states apart: one root module may be initialised in several data directories."""
    return workspace.path, workspace.terraform_workspace, workspace.data_directory.resolve()


def _default_name(path: Path, base: Path) -> str:
    name = path.name or "root" if path == base else Path(relpath(path, base)).as_posix()
    # A directory's name may be any bytes, and what stores and prints a workspace's takes text.
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _name_key(key: Key, section: WorkspaceSection) -> Key:
    return (*key, "name" if section.name else "path" if section.path is not None else "discover")


def _missing_var_files(workspace: Workspace, key: Key) -> list[Problem]:
    return [
        Problem((*key, "var_files", index), f"there is no file {name} in the root module {workspace.name}")
        for index, name in enumerate(workspace.var_files)
        if not (workspace.path / name).is_file()
    ]
