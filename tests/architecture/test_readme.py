"""The pages for users say what the program has, and nothing else: commands with their options, keys with defaults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from reconciler.cli.main import make_app
from reconciler.settings import config_schema, load

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "examples/github-actions/README.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
]
GENERAL = {"--help", "--version", "--install-completion", "--show-completion"}


def commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(make_app())
    return dict(group.commands)


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")} - GENERAL


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """Return what stands below a heading of the second level, up to the next one."""
    return read(page).split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def headings(page: str) -> set[str]:
    """Return the anchors that a page's headings have on GitHub."""
    titles = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", read(page), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def mentioned(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def keys(node: dict[str, Any], definitions: dict[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key of a schema as `a.b[].c` with its default, `...` where it has none."""
    for name, child in node.get("properties", {}).items():
        yield from _key(place + name, child, definitions)


def _key(key: str, child: dict[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    whole = {**_resolved(child, definitions), **child}
    members = whole.get("items", {})
    inside = [_resolved(each, definitions) for each in members.get("oneOf", [members])]
    if "properties" in whole:
        yield from keys(whole, definitions, f"{key}.")
    elif any("properties" in each for each in inside):
        for each in inside:
            yield from keys(each, definitions, f"{key}[].")
    else:
        yield key, whole.get("default", ...)


def _resolved(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definitions[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return found


def schema_keys() -> list[tuple[str, Any]]:
    schema = config_schema()
    return list(keys(schema, schema["$defs"]))


def table() -> dict[str, str]:
    """Return the configuration table: key to the cell of its default."""
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]*?) ?\|", read("docs/configuration.md"), re.MULTILINE))


@pytest.mark.parametrize("name", commands())
def test_a_command_has_a_section_with_its_options_and_no_others(name: str) -> None:
    assert mentioned(section("docs/commands.md", f"`reconciler {name}`")) - GENERAL == options(commands()[name])


def test_no_page_names_a_command_that_does_not_exist() -> None:
    text = "\n".join(map(read, PAGES))
    code = "\n".join(re.findall(r"```sh\n.*?```|`reconciler [^`]+`", text, re.DOTALL))
    named = set(re.findall(r"(?:^|[\s`])reconciler ([a-z][a-z-]*)", code))
    assert "run" in named
    assert named <= commands().keys()


@pytest.mark.parametrize("name", commands())
def test_the_help_of_a_command_has_an_example_of_it(name: str) -> None:
    assert f"Example: reconciler {name}" in commands()[name].help


def test_the_first_line_of_each_help_fits_a_terminal() -> None:
    overview = CliRunner().invoke(make_app(), ["--help"], env={"COLUMNS": "80"}).output.partition("Commands:")[2]
    assert commands().keys() <= set(overview.split())
    assert "..." not in overview


def test_the_table_has_every_key_of_the_configuration_and_no_other() -> None:
    assert table().keys() == {key for key, _default in schema_keys()}


# `sources[].regions` is required by one type of source and optional for another.
DEFAULTS = [pair for pair in schema_keys() if pair[1] not in (..., None) and pair[0] != "sources[].regions"]


@pytest.mark.parametrize(("key", "default"), DEFAULTS)
def test_the_table_tells_the_default(key: str, default: Any) -> None:
    text = default if isinstance(default, str) and default else json.dumps(default)
    assert table()[key] == f"`{text}`"


def test_the_minimal_configuration_loads(tmp_path: Path) -> None:
    text = re.search(r"   ```yaml\n(.*?)   ```", read("README.md"), re.DOTALL)
    assert text is not None
    (tmp_path / "infra/prod").mkdir(parents=True)
    (tmp_path / "infra/prod/main.tf").touch()
    file = tmp_path / "reconciler.yaml"
    file.write_text(text[1].replace("\n   ", "\n").removeprefix("   "), encoding="utf-8")
    assert [workspace.name for workspace in load(file).workspaces] == ["prod"]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", read(page))
    targets = [((ROOT / page).parent / path if path else ROOT / page, anchor) for path, anchor in links]
    assert [path for path, _ in targets if not path.exists()] == []
    assert [anchor for path, anchor in targets if anchor and anchor not in headings(str(path.relative_to(ROOT)))] == []


def test_the_workflows_are_yaml() -> None:
    files = [*(ROOT / ".github").rglob("*.yml"), *(ROOT / "examples/github-actions").glob("*.yml")]
    assert len(files) >= 2
    for file in files:
        assert yaml.safe_load(file.read_text(encoding="utf-8"))
