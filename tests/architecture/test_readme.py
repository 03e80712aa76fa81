"""Every command and every option is in the README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from reconciler.cli.main import app

README = Path(__file__).resolve().parents[2] / "README.md"
OWN_TO_TYPER = {"--help", "-h", "--install-completion", "--show-completion"}


def commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def options(command: Any) -> list[str]:
    return [name for parameter in command.params for name in parameter.opts if name.startswith("--")]


@pytest.mark.parametrize("name", commands())
def test_a_command_is_in_the_readme_with_its_options(name: str) -> None:
    text = README.read_text(encoding="utf-8")
    assert f"reconciler {name}" in text
    missing = [option for option in options(commands()[name]) if option not in OWN_TO_TYPER and option not in text]
    assert missing == []
