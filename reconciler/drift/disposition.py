"""What Terraform would do with each drifted attribute."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from reconciler.drift.addresses import configured_expressions, constant_at, is_configured, without_instance_keys
from reconciler.drift.catalogue import MAPS
from reconciler.drift.differences import find_differences
from reconciler.drift.fate import Fate
from reconciler.drift.ignored import is_ignored
from reconciler.drift.plans import planned_values
from reconciler.drift.references import References
from reconciler.drift.revisions import belongs_to_revision
from reconciler.drift.unknowns import Says
from reconciler.model.drift import AttributeChange, AttributePath, Disposition, Drift, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown

_ARN: Final[AttributePath] = ("arn",)


def _says_nothing(_address: str, _name: str) -> Json:
    return UNKNOWN


def dispose(
    drifts: Sequence[Drift],
    full_plan: JsonObject,
    ignored: Mapping[str, Sequence[str]],
    dynamic: Mapping[str, Collection[str]] = MappingProxyType({}),
    says: Says = _says_nothing,
) -> tuple[Drift, ...]:
    """Return the drifts with the disposition of every change.

    `full_plan` is the JSON of a full plan over the same live values, with what `with_code` adds. By an address without
    instance keys, `ignored` has the entries of its `ignore_changes` as written (`desired_count`, `tags["Team"]`,
    `all`), and `dynamic` the names of its `dynamic` blocks. `says` is asked whether what a plan leaves alone is null in
    the code. `reverting` comes first: it is what the plan says. A change inside the revision that a service was moved
    to shares the disposition of the service's `task_definition`.
    """
    planned = planned_values(full_plan)
    return tuple(
        _Judge(drift, full_plan, planned.get(drift.address), ignored, dynamic, says).judged()
        if drift.changes
        else drift
        for drift in drifts
    )


class _Judge:
    """Says what Terraform would do with one resource's drift; `planned` is None where it would not touch it."""

    def __init__(
        self,
        drift: Drift,
        full_plan: JsonObject,
        planned: tuple[JsonObject, JsonObject | None] | None,
        ignored: Mapping[str, Sequence[str]],
        dynamic: Mapping[str, Collection[str]],
        says: Says,
    ) -> None:
        self._drift = drift
        self._says = says
        code = without_instance_keys(drift.address)
        self._ignored = [entry.strip() for entry in ignored.get(code, ())]
        self._dynamic = dynamic.get(code, ())
        self._expressions = configured_expressions(full_plan, drift.address)
        self._is_touched = planned is not None
        live, self._planned = planned or (drift.live, drift.live)
        references = References(full_plan, drift.address, self._expressions)
        self._fate = Fate(drift.type, (drift.before, drift.live), (live, self._planned or {}), references)

    def judged(self) -> Drift:
        changes = (replace(change, disposition=self._disposition(change)) for change in self._drift.changes)
        return replace(self._drift, changes=tuple(changes))

    def _disposition(self, change: AttributeChange) -> Disposition:
        path: AttributePath = ("task_definition",) if belongs_to_revision(self._drift, change) else change.path
        if self._planned is None or (self._undoes(path, change) and not self._is_kept(path, self._planned)):
            return "reverting"
        if is_ignored(path, self._ignored, self._drift.live):
            return "ignored"
        if self._expressions is None:
            return "unset"
        if path[0] == "tags_all":
            return "matching"  # the provider always plans what the code's tags and its own default tags say
        if not is_configured(self._expressions, path, gone=change.live is None, dynamic=self._dynamic):
            return "unset"
        if path == change.path and self._says_otherwise(change, self._expressions):
            return "ignored"
        return "unset" if self._is_null(path, self._expressions) else "matching"

    def _undoes(self, path: AttributePath, change: AttributeChange) -> bool:
        if path != _ARN or not self._fate.changes_content():
            return self._fate.undoes(path, came=change.state is None)
        # Code registers a new revision: by itself its ARN takes back nothing, only what the revision consists of.
        others = (other for other in self._drift.changes if other.path != _ARN)
        return any(self._fate.undoes(other.path, came=other.state is None) for other in others)

    def _is_kept(self, path: AttributePath, planned: JsonObject) -> bool:
        """Tell whether Terraform keeps a key of a map that is not known yet: it does so before the provider plans."""
        name = str(path[0])
        is_key = len(path) == 2 and name in MAPS and has_unknown(planned.get(name))
        return is_key and is_ignored(path, self._ignored, self._drift.live)

    def _is_null(self, path: AttributePath, expressions: Mapping[str, Json]) -> bool:
        """Tell whether an expression at the top level gives null for certain: Terraform then leaves it to AWS."""
        expression = expressions.get(str(path[0]))
        is_open = len(path) == 1 and isinstance(expression, dict) and "constant_value" not in expression
        return is_open and self._says(self._drift.address, str(path[0])) is None

    def _says_otherwise(self, change: AttributeChange, expressions: Mapping[str, Json]) -> bool:
        """Tell whether the code gives a constant that is neither live nor planned.

        Terraform was then told to ignore it, if in a file that could not be read.
        """
        constant = constant_at(expressions, change.path)
        if constant is None:
            return False
        wanted = _nested(change.path, constant)
        others = [change.live, _value_at(self._planned, change.path)] if self._is_touched else [change.live]
        return all(find_differences(self._drift.type, _nested(change.path, value), wanted) for value in others)


def _value_at(value: Json, path: AttributePath) -> Json:
    """Return the value at a path through single blocks and maps."""
    for step in path:
        key = step.key if isinstance(step, Member) else step
        if isinstance(value, list):
            value = value[0] if len(value) == 1 else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _nested(path: AttributePath, value: Json) -> dict[str, Json]:
    """Return a resource that holds nothing but a value at a path."""
    for step in reversed(path):
        if isinstance(step, Member):
            value = [value] if isinstance(step.key, int) else {step.key: value}
        else:
            value = {step: value}
    return dict(value)
