"""How long a module and a function may be: what is longer is two things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULE = 300  # lines
FUNCTION = 40  # lines of its body, beside its docstring


def long_modules(directory: Path, most: int) -> Iterator[str]:
    for file in sorted(directory.rglob("*.py")):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > most:
            yield f"{file.relative_to(directory)}: {lines} lines"


def long_functions(directory: Path, most: int) -> Iterator[str]:
    for file in sorted(directory.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := body_lines(node)) > most:
                yield f"{file.relative_to(directory)}:{node.lineno}: {node.name} has {lines} lines"


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("directory", ["reconciler", "tests", "benchmarks"])
def test_no_module_is_too_long(directory: str) -> None:
    assert list(long_modules(ROOT / directory, MODULE)) == []


def test_no_function_is_too_long() -> None:
    assert list(long_functions(ROOT / "reconciler", FUNCTION)) == []


def test_what_is_too_long_is_found_wherever_it_stands(tmp_path: Path) -> None:
    short = 'def short():\n    """Docstring.\n\n    No part of the body.\n    """\n    return 1\n'
    long = "class A:\n    def long(self):\n        a = 1\n        return a\n"
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.py").write_text(short + long, encoding="utf-8")
    assert list(long_functions(tmp_path, 1)) == ["inside/a.py:8: long has 2 lines"]
    assert list(long_modules(tmp_path, 9)) == ["inside/a.py: 10 lines"]
    assert list(long_modules(tmp_path, 10)) == []
