"""YAML text to plain values, with the line of every key; hostile and ambiguous files are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reconciler.errors import ConfigurationError
from reconciler.settings.problems import Key, Problem, failure

_LARGEST_FILE = 1_000_000
_MOST_VALUES = 20_000
_DEEPEST = 40
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_REFERENCE = re.compile(r"(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(slots=True)
class Tree:
    """A file's value, `lines` of each key in it, and the keys whose text came from the environment."""

    value: Any = None
    lines: dict[Key, int] = field(default_factory=dict)
    from_environment: set[Key] = field(default_factory=set)


class _Loader(yaml.SafeLoader):
    """Safe, and a timestamp stays the text that it is: no key of the file is one."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_text(file: Path) -> str:
    """Return the file's text; raises ConfigurationError when it is missing, no text or far too large."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise ConfigurationError(f"no {file} here: write one (README, quick start) or pass --config") from None
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > _LARGEST_FILE:
        raise ConfigurationError(f"{file} is larger than 1 MB; pass the configuration itself with --config")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{file}:{line}: not UTF-8; save the file as UTF-8") from error


def read_yaml(file: Path, text: str, environment: Mapping[str, str]) -> Tree:
    """Return the tree of `text`, with `${VAR}` in its strings replaced from `environment` (`$${VAR}` stays `${VAR}`).

    Raises ConfigurationError for anything but one mapping, for duplicate keys, unknown variables, and for aliases that
    expand without end.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise ConfigurationError(f"{file} is empty; it needs at least `version: 1` and workspaces")
        if not isinstance(node, yaml.MappingNode):
            raise ConfigurationError(f"{file}:1: must be a mapping of keys such as version and workspaces")
        walk = _Walk(loader, environment)
        walk.tree.value = walk.visit(node, (), 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(f"{file}:{line}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigurationError(f"{file}: not valid YAML: {type(error).__name__}") from error
    if walk.problems:
        raise failure(file, walk.tree.lines, walk.problems)
    return walk.tree


class _Walk:
    """Builds the values of one file from its nodes."""

    def __init__(self, loader: yaml.SafeLoader, environment: Mapping[str, str]) -> None:
        self.tree = Tree()
        self.problems: list[Problem] = []
        self._loader = loader
        self._environment = environment
        self._visited = 0

    def visit(self, node: yaml.Node, key: Key, depth: int) -> Any:
        self._visited += 1
        if self._visited > _MOST_VALUES or depth > _DEEPEST:
            problem = "the aliases expand to too many values" if depth <= _DEEPEST else "nested too deeply"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        self.tree.lines.setdefault(key, node.start_mark.line + 1)
        if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
            raise yaml.MarkedYAMLError(problem="a tag that means nothing here", problem_mark=node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.visit(item, (*key, index), depth + 1) for index, item in enumerate(node.value)]
        value = self._loader.construct_object(node)
        return self._substitute(value, key) if isinstance(value, str) else value

    def _mapping(self, node: yaml.MappingNode, key: Key, depth: int) -> dict[str, Any]:
        first: dict[str, int] = {}
        for name_node, _ in node.value:
            name, line = str(name_node.value), name_node.start_mark.line + 1
            if name in first and name != "<<":
                self.problems.append(Problem((*key, name), f"given twice (also on line {first[name]}); keep one"))
            first.setdefault(name, line)
        self._loader.flatten_mapping(node)  # merge keys; what is written here wins, as it comes last
        values: dict[str, Any] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=name_node.start_mark)
            path = (*key, str(name_node.value))
            self.tree.lines[path] = name_node.start_mark.line + 1
            values[str(name_node.value)] = self.visit(value_node, path, depth + 1)
        return values

    def _substitute(self, text: str, key: Key) -> str:
        def replace(match: re.Match[str]) -> str:
            escaped, name = match.groups()
            if escaped:
                return match.group(0)[1:]
            self.tree.from_environment.add(key)
            if name not in self._environment:
                self.problems.append(Problem(key, f"the environment has no variable {name}; set it"))
            return self._environment.get(name, "")

        return _REFERENCE.sub(replace, text)
