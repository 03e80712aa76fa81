from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.errors import ConfigurationError
from reconciler.settings import Settings, load

ROOT_MODULE = 'terraform {\n  backend "local" {}\n}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory with one root module, infra/prod."""
    module(tmp_path / "infra" / "prod")
    return tmp_path


@pytest.fixture
def read(project: Path) -> Callable[..., Settings]:
    """Load a text as the project's reconciler.yaml."""

    def read_text(text: str, environment: Mapping[str, str] | None = None) -> Settings:
        file = project / "reconciler.yaml"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return load(file, environment=environment or {})

    return read_text


@pytest.fixture
def refuse(read: Callable[..., Settings], project: Path) -> Callable[..., list[str]]:
    """Return the lines of the error that loading a text raises, without the directory."""

    def refusal(text: str, environment: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            read(text, environment)
        assert caught.value.exit_code == 2
        return str(caught.value).replace(f"{project}/", "").splitlines()

    return refusal


def module(directory: Path, text: str = ROOT_MODULE) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return directory


@pytest.fixture
def make_module() -> Callable[..., Path]:
    return module
