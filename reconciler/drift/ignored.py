"""What the entries of `ignore_changes` cover."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from reconciler.drift.paths import overlap
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.resource_types import NATURAL_KEYS

_STEP: Final = re.compile(r'\[(?P<index>\d+)\]|\["(?P<key>(?:[^"\\]|\\.)*)"\]|\.?(?P<name>[^.\[\]]+)')


def is_ignored(path: AttributePath, entries: Sequence[str], live: JsonObject) -> bool:
    """Tell whether one of the entries, as written, covers a path of a resource with these live values."""
    path = _counted(path, live)
    # Whoever ignores a tag ignores it wherever it shows. Of `tags_all` alone the provider writes none (5.100).
    paths = [path, ("tags", *path[1:])] if path[0] == "tags_all" else [path]
    if path[0] == "tags" and "tags_all" in entries:
        return True
    return any(entry == "all" or any(_covers(_parse(entry), each) for each in paths) for entry in entries)


def _covers(entry: AttributePath, path: AttributePath) -> bool:
    """Tell whether an entry of `ignore_changes` lies above a path, or below it.

    Terraform keeps the live value at just the index that an entry has, and refuses an index into a set (1.11.4).
    """
    counted = ((one, other) for one, other in zip(entry, path, strict=False) if _counts(one) and _counts(other))
    return overlap(entry, path) and all(one == other for one, other in counted)


def _counts(step: str | Member) -> bool:
    return isinstance(step, Member) and isinstance(step.key, int)


def _counted(path: AttributePath, live: Json) -> AttributePath:
    """Return a path with the live index of each member of a list that it has by a key, as far as that is there."""
    steps: list[str | Member] = []
    value, name = live, ""
    for step in path:
        key = step.key if isinstance(step, Member) else step
        if isinstance(value, list) and isinstance(step, Member):
            keys = [each.get(NATURAL_KEYS.get(name, "")) if isinstance(each, dict) else None for each in value]
            index = keys.index(key) if key in keys else key
            value = value[index] if isinstance(index, int) and index < len(value) else None
            steps.append(Member(index))
        else:
            value = value.get(key) if isinstance(value, dict) else None
            steps.append(step)
        name = step if isinstance(step, str) else name
    return tuple(steps)


def _parse(entry: str) -> AttributePath:
    """Read an entry of `ignore_changes`, e.g. `network_configuration[0].subnets`."""
    steps: list[str | Member] = []
    for match in _STEP.finditer(entry.strip().strip('"')):
        if match["index"] is not None:
            steps.append(Member(int(match["index"])))
        elif match["key"] is not None:
            steps.append(Member(_unescaped(match["key"])))
        else:
            name = match["name"].strip()
            steps.append(Member(int(name)) if name.isascii() and name.isdigit() else name)  # `block.0.name`, as in 0.11
    return tuple(steps)


def _unescaped(key: str) -> str:
    """Return the key that a quoted one stands for; HCL's escapes are JSON's, but for long code points."""
    try:
        return str(json.loads(f'"{key}"'))
    except ValueError:
        return key
