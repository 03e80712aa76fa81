"""Which directories a glob finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.settings import Settings

Read = Callable[..., Settings]
MakeModule = Callable[..., Path]


def names(settings: Settings) -> list[str]:
    return [workspace.name for workspace in settings.workspaces]


def discovered(read: Read, pattern: str = "infra/*") -> list[str]:
    return names(read(f"version: 1\nworkspaces: [{{discover: '{pattern}'}}]\n"))


def test_root_modules_at_the_glob_and_below_are_found(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project / "infra" / "eu" / "prod")
    make_module(project / "infra" / "dev", 'provider "aws" {\n}\n')
    make_module(project / "other" / "prod")
    assert discovered(read) == ["infra/dev", "infra/eu/prod", "infra/prod"]


def test_a_glob_may_match_the_files_own_directory(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project)
    assert discovered(read, "**") == [project.name, "infra/prod"]


@pytest.mark.parametrize("pattern", [".", "./", "./."])
def test_a_dot_is_the_files_own_directory(read: Read, pattern: str) -> None:
    assert discovered(read, pattern) == ["infra/prod"]


@pytest.mark.parametrize(
    ("directory", "text"),
    [
        ("infra/plain", 'resource "aws_ecs_cluster" "a" {}\n'),
        ("infra/commented", '# terraform {\nvariable "x" {}\n'),
        ("infra/.terraform/modules/web", "terraform {\n}\n"),
        ("infra/prod/.terraform/modules/web", "terraform {\n}\n"),
        ("infra/modules/web", "terraform {\n  required_providers {}\n}\n"),
        ("infra/empty", ""),
    ],
)
def test_what_is_no_root_module_is_left_out(
    read: Read, project: Path, make_module: MakeModule, directory: str, text: str
) -> None:
    make_module(project / directory, text)
    assert discovered(read) == ["infra/prod"]


def test_a_module_that_another_calls_is_left_out(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project / "infra" / "web", "terraform {\n  required_providers {}\n}\n")
    make_module(project / "infra" / "dev", 'terraform {\n}\nmodule "web" {\n  source = "../web"\n}\n')
    assert discovered(read) == ["infra/dev", "infra/prod"]


def test_a_root_module_below_modules_needs_a_backend(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project / "infra" / "modules" / "live", 'terraform {\n  backend "s3" {}\n}\n')
    assert discovered(read) == ["infra/modules/live", "infra/prod"]


def test_a_loop_of_links_ends(read: Read, project: Path) -> None:
    (project / "infra" / "prod" / "again").symlink_to(project / "infra", target_is_directory=True)
    assert discovered(read) == ["infra/prod"]


def test_a_module_named_itself_is_not_discovered_again(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project / "infra" / "dev")
    text = "version: 1\nworkspaces: [{discover: infra/*}, {path: infra/prod, name: live}, {discover: '*/dev'}]\n"
    assert names(read(text)) == ["infra/dev", "live"]


def test_what_a_discover_entry_says_holds_for_each_module(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project / "infra" / "dev")
    text = "version: 1\nworkspaces: [{discover: infra/*, terraform_workspace: blue, environment: {AWS_PROFILE: a}}]\n"
    for workspace in read(text).workspaces:
        assert (workspace.terraform_workspace, workspace.environment) == ("blue", {"AWS_PROFILE": "a"})


def test_a_path_above_the_file_is_named_relative_to_it(read: Read, project: Path, make_module: MakeModule) -> None:
    make_module(project.parent / f"{project.name}-other")
    settings = read(f"version: 1\nworkspaces: [{{path: ../{project.name}-other}}]\n")
    assert names(settings) == [f"../{project.name}-other"]


def test_a_directory_whose_name_is_no_utf8_is_named_by_its_bytes(
    read: Read, project: Path, make_module: MakeModule
) -> None:
    try:
        make_module(project / "infra" / os.fsdecode(b"caf\xe9"))
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only, as that of macOS")
    assert discovered(read) == ["infra/caf\\xe9", "infra/prod"]
    make_module(project / "infra" / "café")
    assert discovered(read, "infra/caf*") == ["infra/café", "infra/caf\\xe9"]
