"""Which edits adopt a confirmed drift, and what they claim; or why a person must do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.drift import find_differences, is_rights, overlap
from reconciler.model import AttributeChange, Configuration, FileEdit, NeedsPerson, render_path
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.findings import LEFT_TO_AWS
from reconciler.pipeline.revisions import Revision
from reconciler.remedy.adopt import adopt
from reconciler.remedy.edits import apply, join
from reconciler.remedy.proof import Planned
from reconciler.report import may_be_shown

_MOVED = ("task_definition",)
"""The path of a service's change to another revision."""
_COMPUTED = frozenset({"arn", "revision"})
"""Attributes that no code sets: they follow the content of a task definition that tracks its latest revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Edits, the changes of the drift that they end, and the task definition that they register anew."""

    edits: tuple[FileEdit, ...]
    changes: tuple[AttributeChange, ...]
    registers: str | None = None

    @property
    def attributes(self) -> frozenset[str]:
        """Return the attributes whose planned change the edits end."""
        return frozenset(str(change.path[0]) for change in self.changes)


def adopt_drift(
    item: Confirmed,
    changes: Sequence[AttributeChange],
    configuration: Configuration,
    untouched: Planned,
    *,
    show_environment: bool,
) -> Adoption | NeedsPerson:
    """Return the edits that make the code say what is live in `changes`, of a drift's own attributes.

    A service that moved to another revision is adopted where its code names the revision itself, else inside the task
    definition that it refers to.
    """
    changes = tuple(change for change in changes if not _follows(change, untouched.get(item.drift.address)))
    moved = any(change.path == _MOVED for change in changes)
    revision = item.revision if moved else None
    inside = revision.changes if revision else ()
    objection = next(_objections(item, changes, inside, untouched, show_environment), None)
    if objection is not None:
        return NeedsPerson(objection)
    literal = adopt(configuration, item.drift.address, changes)
    if not isinstance(literal, NeedsPerson):
        return Adoption(edits=literal, changes=changes)
    if revision is None:
        return literal
    return _adopt_revision(item, revision, changes, configuration)


def _adopt_revision(
    item: Confirmed,
    revision: Revision,
    changes: tuple[AttributeChange, ...],
    configuration: Configuration,
) -> Adoption | NeedsPerson:
    address = revision.managed.resource.address
    if revision.live.get("family") != revision.managed.resource.attributes.get("family"):
        return NeedsPerson(f"the service runs {revision.name}, which is of another family than {address}")
    if not revision.changes:
        return NeedsPerson(
            f"{revision.name} has the content of the managed revision: nothing to adopt, terraform apply moves the "
            "service back"
        )
    first = adopt(configuration, address, revision.changes)
    if isinstance(first, NeedsPerson):
        return first
    outside = [change for change in changes if change.path != _MOVED]
    second = adopt(apply(configuration, first), item.drift.address, outside) if outside else ()
    if isinstance(second, NeedsPerson):
        return second
    return Adoption(edits=join(first, second), changes=changes, registers=address)


def _objections(
    item: Confirmed,
    changes: Sequence[AttributeChange],
    inside: Sequence[AttributeChange],
    untouched: Planned,
    show_environment: bool,
) -> Iterator[str]:
    if is_rights(item.drift.type):
        yield f"{item.drift.address} says what a task may do: whether that belongs in the code is a person's to say"
    managed = item.revision.managed.resource if item.revision else None
    if managed and managed.attributes.get("track_latest") and managed.address in untouched:
        yield f"{managed.address} tracks its latest revision and has drifted itself: what closes that closes this too"
    own = untouched.get(item.drift.address)
    if own and own.actions == ("delete",):
        yield f"the code no longer has {item.drift.address}: there is nothing to adopt into"
    for name in _unapplied(item, changes, untouched):
        yield f"the code has a change of {name} that was never applied: apply it or take it back first"
    for change in (*changes, *inside):
        if change.sensitive:
            yield f"{change.path[0]} is sensitive: its live value does not belong in code"
        elif _is_environment(change) and not show_environment:
            yield (
                "environment values would be committed to Git: move them by hand, or allow it with "
                "report.show_environment"
            )
        elif not may_be_shown(change, show_environment=show_environment):
            yield f"{render_path(change.path)} may hold a secret: its live value does not belong in code"


def _unapplied(item: Confirmed, changes: Sequence[AttributeChange], untouched: Planned) -> Iterator[str]:
    """Yield what somebody changed in the code and nobody applied: adopting over it would lose their work."""
    planned = untouched.get(item.drift.address)
    if item.revision and item.revision.managed.resource.address in untouched:
        yield item.revision.managed.resource.address
    before = item.drift.before
    for name in sorted({str(change.path[0]) for change in changes}):
        wanted = planned.attributes.get(name) if planned else None
        if wanted is None or wanted[1] is UNKNOWN:  # what nobody knows yet is no change that somebody made
            continue
        # Beside the changes, a planned value may hold what ignore_changes leaves live: other tags of the same map.
        ahead = find_differences(item.drift.type, before, {**before, name: wanted[1]})
        if any(overlap(change.path, difference.path) for change in changes for difference in ahead):
            yield name


def _follows(change: AttributeChange, planned: PlannedChange | None) -> bool:
    """Tell whether AWS gives an attribute its value, so that it ends with what the code does set.

    A service whose strategy changed has no launch type any more; code that names neither would have AWS choose again.
    """
    name = str(change.path[0])
    wanted = planned.attributes.get(name) if planned else None
    return name in _COMPUTED or bool(wanted and wanted[1] is UNKNOWN and name in LEFT_TO_AWS)


def _is_environment(change: AttributeChange) -> bool:
    """Tell whether the change is, or contains, a container's environment variable."""
    if "environment" in change.path:
        return True
    whole_container = change.path[0] == "container_definitions" and len(change.path) <= 2
    return whole_container and any(
        isinstance(value, dict) and value.get("environment") for value in (change.state, change.live)
    )
