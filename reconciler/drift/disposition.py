"""What Terraform would do with each drifted attribute."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reconciler.drift.addresses import configured_expressions, constant_at, is_configured, without_instance_keys
from reconciler.drift.differences import find_differences
from reconciler.drift.plans import planned_differences
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, AttributePath, Disposition, Drift, Member
from reconciler.model.json import Json, JsonObject

_STEP: Final = re.compile(r'\[(?P<index>\d+)\]|\["(?P<key>(?:[^"\\]|\\.)*)"\]|\.?(?P<name>[^.\[\]]+)')


def dispose(drifts: Sequence[Drift], full_plan: JsonObject, ignored: Mapping[str, Sequence[str]]) -> tuple[Drift, ...]:
    """Return the drifts with the disposition of every change.

    `full_plan` is the JSON of a full plan over the same live values. `ignored` maps an address without instance keys
    to the entries of its `ignore_changes` as written (`desired_count`, `tags["Team"]`, `all`). `reverting` comes
    first: it is what the plan says. A change inside the revision that a service was moved to shares the disposition
    of the service's `task_definition`.
    """
    planned = planned_differences(full_plan)
    return tuple(
        replace(
            drift,
            changes=tuple(
                replace(
                    change,
                    disposition=_disposition(
                        drift,
                        change,
                        (difference.path for difference in planned.get(drift.address, ())),
                        ignored.get(without_instance_keys(drift.address), ()),
                        full_plan,
                    ),
                )
                for change in drift.changes
            ),
        )
        for drift in drifts
    )


def _disposition(
    drift: Drift,
    change: AttributeChange,
    planned: Iterable[AttributePath],
    ignored: Sequence[str],
    full_plan: JsonObject,
) -> Disposition:
    path = ("task_definition",) if belongs_to_revision(drift, change) else change.path
    if any(overlap(path, other) for other in planned):
        return "reverting"
    if any(entry.strip() == "all" or overlap(path, _parse(entry)) for entry in ignored):
        return "ignored"
    expressions = configured_expressions(full_plan, drift.address)
    if not is_configured(expressions, path):
        return "unset"
    return "ignored" if _says_otherwise(drift, change, expressions) else "matching"


def _says_otherwise(drift: Drift, change: AttributeChange, expressions: Mapping[str, Json]) -> bool:
    """Tell whether the code gives a constant that is not the live value.

    Nobody plans to restore it, so Terraform was told to ignore it, if in a file that could not be read.
    """
    constant = constant_at(expressions, change.path)
    if constant is None or belongs_to_revision(drift, change):
        return False
    live, wanted = (_nested(change.path, value) for value in (change.live, constant))
    return bool(find_differences(drift.type, live, wanted))


def _nested(path: AttributePath, value: Json) -> dict[str, Json]:
    """Return a resource that holds nothing but a value at a path."""
    for step in reversed(path):
        if isinstance(step, Member):
            value = [value] if isinstance(step.key, int) else {step.key: value}
        else:
            value = {step: value}
    return dict(value)


def overlap(one: AttributePath, other: AttributePath) -> bool:
    """Tell whether one path lies at or below the other.

    A member known by its index stands for any member of its list: one side may count where the other has a key.
    """
    return all(_same_step(a, b) for a, b in zip(one, other, strict=False))


def _same_step(one: str | Member, other: str | Member) -> bool:
    if isinstance(one, Member) and isinstance(other, Member):
        return one == other or isinstance(one.key, int) or isinstance(other.key, int)
    if isinstance(one, Member) or isinstance(other, Member):
        # `tags.Team` in ignore_changes is another way to write `tags["Team"]`.
        keys = [step.key if isinstance(step, Member) else step for step in (one, other)]
        return keys[0] == keys[1]
    return one == other


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
