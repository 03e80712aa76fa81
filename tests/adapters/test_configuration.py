"""Reading the code of a workspace beside what editors and earlier versions left there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.adapters.configuration import names_backend, read_configuration
from reconciler.errors import TerraformError
from reconciler.model import Workspace


def test_what_terraform_does_not_read_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {}\n")
    (tmp_path / ".#main.tf").symlink_to("ada@laptop.1234")  # Emacs's lock: a link to nowhere
    (tmp_path / "old.tf").mkdir()
    assert read_configuration(Workspace(name="prod", path=tmp_path)).modules == {(): {"main.tf": b"locals {}\n"}}


def test_a_file_that_terraform_reads_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").symlink_to("nowhere.tf")
    with pytest.raises(TerraformError, match=r"main\.tf cannot be read"):
        read_configuration(Workspace(name="prod", path=tmp_path))


@pytest.mark.parametrize("manifest", ["{", "[]", '{"Modules": ["x"]}', '{"Modules": [{"Key": "web"}]}'])
def test_a_damaged_list_of_modules_is_an_error(tmp_path: Path, manifest: str) -> None:
    (tmp_path / ".terraform" / "modules").mkdir(parents=True)
    (tmp_path / ".terraform" / "modules" / "modules.json").write_text(manifest)
    with pytest.raises(TerraformError, match="terraform init"):
        read_configuration(Workspace(name="prod", path=tmp_path))


def test_installed_modules_are_read_wherever_they_lie(tmp_path: Path) -> None:
    directories = {
        "": ".",
        "app": "../app",
        "net": ".terraform/modules/net/modules/vpc",
        "net.log": ".terraform/modules/l",
    }
    root = tmp_path / "root"
    for key, directory in directories.items():
        (root / directory).mkdir(parents=True, exist_ok=True)
        (root / directory / "main.tf").write_text(f"# {key}\n")
        (root / directory / "extra.tf.json").write_text("{}")
    modules = [{"Key": key, "Source": "x", "Dir": directory} for key, directory in directories.items()]
    (root / ".terraform" / "modules" / "modules.json").write_text(json.dumps({"Modules": modules}))
    configuration = read_configuration(Workspace(name="prod", path=root))
    assert set(configuration.modules) == {(), ("app",), ("net",), ("net", "log")} == set(configuration.documents)
    assert configuration.modules["net",] == {".terraform/modules/net/modules/vpc/main.tf": b"# net\n"}
    assert configuration.documents["app",] == {"../app/extra.tf.json": b"{}"}
    assert configuration.documents[()] == {"extra.tf.json": b"{}"}


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('terraform {\n  backend "s3" {\n  }\n}\n', True),
        ("terraform {\n  backend s3 {\n  }\n}\n", True),
        ("terraform {\n  cloud {\n  }\n}\n", True),
        ('# backend "s3" {\n', False),
        ('resource "backend" "s3" {\n}\n', False),
    ],
)
def test_code_that_says_where_the_state_lies(tmp_path: Path, code: str, named: bool) -> None:
    (tmp_path / "main.tf").write_text(code)
    assert names_backend(tmp_path) is named
