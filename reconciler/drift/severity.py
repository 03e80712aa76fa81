"""How much a drift matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.drift.catalogue import RIGHTS, TASK_DEFINITION
from reconciler.drift.dangers import foreign_images
from reconciler.drift.gravity import grave_place, places_of
from reconciler.drift.images import origin_of
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, Drift, Member, render_path
from reconciler.model.events import Severity
from reconciler.model.rules import DriftRule, Watched, read_watched

_ORDER: Final[tuple[Severity, ...]] = ("info", "low", "medium", "high", "critical")

_DELETED: Final[dict[str, Severity]] = {"aws_ecs_service": "critical", "aws_ecs_cluster": "critical"}
_WHOLE: Final[dict[str, Severity]] = {
    "aws_ecs_account_setting_default": "high",
    "aws_ecs_tag": "low",
    **dict.fromkeys(RIGHTS, "high"),
}
"""Types of which every change counts: a default of the account is everybody's, a right anybody's who has the task."""

_LOW: Final = frozenset({"description", "tags", "tags_all"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A drift's severity, and the name of the rule that decided it, None where the default table did.

    `because` tells what weighs most, as part of a sentence. `foreign_image` says that an image comes from a registry
    that is not allowed, whatever Terraform would do about it.
    """

    severity: Severity
    rule: str | None = None
    because: str | None = None
    foreign_image: bool = False


def severity_of(drift: Drift, rules: Sequence[DriftRule], registries: Sequence[str] = ()) -> Judgement:
    """Return how much a drift matters: as much as the gravest of its changes.

    Where an apply would revert some of them, only those count, and images from elsewhere: what the code accepts alarms
    nobody. For each change the rule that watches the most specific attribute decides, of several the first: by resource
    type, and by a top-level name or a path such as `container_definitions.image`, also of what came or went inside a
    whole block. A rule that watches nothing matches every change, and alone matches a deletion. Without a rule the
    default table decides. Changes inside the revision that a service was moved to count as changes of an
    `aws_ecs_task_definition`, and stand for the service's `task_definition`, which only points at them. An image from
    none of the `registries` is of high severity at least; without any registries every one is allowed.
    """
    if drift.deleted:
        everything = [rule for rule in rules if rule.watches_all_of(drift.type)]
        if everything:
            return Judgement(severity=everything[0].severity, rule=everything[0].name)
        return Judgement(severity=_DELETED.get(drift.type, "high"))
    judged = [(change, _judge(kind, change, rules, registries)) for kind, change in _weighed(drift)]
    if any(change.disposition == "reverting" for change, _ in judged):
        judged = [(change, each) for change, each in judged if change.disposition == "reverting" or each.foreign_image]
    if not judged:
        return Judgement(severity="info")
    judgements = [each for _, each in judged]
    gravest = max(judgements, key=lambda each: (_ORDER.index(each.severity), each.foreign_image))
    return replace(gravest, foreign_image=any(each.foreign_image for each in judgements))


def _weighed(drift: Drift) -> list[tuple[str, AttributeChange]]:
    inner = [change for change in drift.changes if belongs_to_revision(drift, change)]
    own = [change for change in drift.changes if change not in inner]
    if inner:
        own = [change for change in own if change.path != ("task_definition",)]
    return [(drift.type, change) for change in own] + [(TASK_DEFINITION, change) for change in inner]


def _judge(kind: str, change: AttributeChange, rules: Sequence[DriftRule], registries: Sequence[str]) -> Judgement:
    rule = _rule_for(kind, change, rules)
    foreign = next(foreign_images(change, registries), None)
    if foreign is not None and (rule is None or _ORDER.index(rule.severity) < _ORDER.index("high")):
        because = f"{render_path(change.path)}: the image comes {origin_of(foreign)}"
        return Judgement(severity="high", because=because, foreign_image=True)
    if rule is not None:
        return Judgement(severity=rule.severity, rule=rule.name, foreign_image=foreign is not None)
    if change.path[0] in _LOW:
        return Judgement(severity="low")
    if (grave := grave_place(change)) is not None:
        place, because = grave
        return Judgement(severity="high", because=f"{place}: {because}")
    return Judgement(severity=_WHOLE.get(kind, "medium"))


def _rule_for(kind: str, change: AttributeChange, rules: Sequence[DriftRule]) -> DriftRule | None:
    """Return the first of the rules that watch the longest part of a change's path, or of one inside its value."""
    found: tuple[tuple[int, int], DriftRule] | None = None
    places = [place.names for place in places_of(change)]
    for rule in rules:
        if kind not in rule.resource_types:
            continue
        watched = [read_watched(text) for text in rule.watched_attributes] or [Watched(())]
        lengths = [each.length for each in watched if each and _watches(each, change, places)]
        if lengths and (found is None or max(lengths) > found[0]):
            found = max(lengths), rule
    return found[1] if found else None


def _watches(watched: Watched, change: AttributeChange, places: Sequence[tuple[str, ...]]) -> bool:
    members = [str(step.key) for step in change.path if isinstance(step, Member)]
    if any(key not in (None, member) for key, member in zip(watched.keys, members, strict=False)):
        return False
    return any(names[: len(watched.names)] == watched.names for names in places)
