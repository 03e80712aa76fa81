"""The recipes of CONTRIBUTING lead to files and names that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
PATHS = sorted(set(re.findall(r"`((?:reconciler|tests|examples|templates)/[\w./-]*)`", TEXT)))
NAMES = sorted(set(re.findall(r"`(\w+)` in `((?:reconciler|tests)/[\w/.]+\.py)`", TEXT)))


def defined(file: Path) -> set[str]:
    """Return the names that a module defines anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def test_recipes_were_found() -> None:
    assert len(PATHS) > 40
    assert len(NAMES) > 30


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("name", "path"), NAMES)
def test_a_name_is_where_the_recipe_says(name: str, path: str) -> None:
    assert name in defined(ROOT / path)
