"""The built wheel in an empty environment is the whole product."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e


def run(*words: str | Path, directory: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([*map(str, words)], cwd=directory, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", directory, ROOT, directory=directory)
    return next(directory.glob("*.whl"))


def test_templates_and_the_quickstart_travel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("reconciler/_data/templates/") for name in names)
    assert "reconciler/_data/quickstart/services.tf" in names
    assert "reconciler/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_installed_into_an_empty_environment_it_works(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, directory=tmp_path)
    reconciler = tmp_path / "venv" / "bin" / "reconciler"
    assert "reconciler 0." in run(reconciler, "--version", directory=tmp_path)
    assert '"drift_rules"' in run(reconciler, "schema", "config", directory=tmp_path)
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "main.tf").write_text("terraform {}\n")
    (tmp_path / "terraform").write_text(
        '#!/bin/sh\nfor word; do case "$word" in -out=*) : > "${word#-out=}";; esac; done\n'
    )
    (tmp_path / "terraform").chmod(0o755)
    (tmp_path / "reconciler.yaml").write_text(
        "version: 1\nworkspaces: [{path: prod}]\nterraform: {binary: ./terraform}\n"
    )
    (tmp_path / "events.json").write_text('{"Records": []}')
    markdown = run(reconciler, "run", "--no-prs", "--events", "events.json", "--format", "markdown", directory=tmp_path)
    assert markdown.startswith("#")
