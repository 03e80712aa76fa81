"""What is wrong with a file, as sentences with file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from reconciler.errors import ConfigurationError

Key: TypeAlias = tuple[str | int, ...]
Lines: TypeAlias = Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at `key`; `text` says what and how to mend it."""

    key: Key
    text: str


def render_key(key: Key) -> str:
    """Give a key as people write it: `workspaces[0].path`."""
    text = ""
    for step in key:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def failure(file: Path, lines: Lines, problems: Iterable[Problem]) -> ConfigurationError:
    """Return the error for one or more problems, one line each in the file's order."""
    placed = sorted((_line(lines, problem.key), render_key(problem.key), problem.text) for problem in problems)
    return ConfigurationError("\n".join(f"{file}:{line}: {key}: {text}" for line, key, text in dict.fromkeys(placed)))


def _line(lines: Lines, key: Key) -> int:
    """Return the line of a key, or of the nearest thing around it that is in the file."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)
