"""What a request says about one place of a resource, put into the live value: where both agree, the live one stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.drift.catalogue import MAPS, UNORDERED
from reconciler.drift.differences import find_differences
from reconciler.drift.equality import equal
from reconciler.drift.noise import RECORD_RULES
from reconciler.drift.requested import PARTLY_SET
from reconciler.model.drift import AttributeChange, Member
from reconciler.model.json import Json
from reconciler.model.resource_types import DEFAULTS, NATURAL_KEYS


@dataclass(frozen=True, slots=True)
class Said:
    """An attribute's live value with what a request says at one place of it.

    `filled` tells that the request leaves the place out, and that AWS chose the value that is there now.
    """

    value: Json
    filled: bool = False


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the way through a request is for."""

    type: str
    change: AttributeChange


def said_at(resource_type: str, change: AttributeChange, asked: Json, live: Json) -> Iterator[Said]:
    """Yield the live value of the change's attribute with what `asked`, a request for it, says at the change's place.

    A request names members of a list that have no key in any order: then each of them may be the one. What it leaves
    out below the place is AWS's choice, and stays as it is.
    """
    return _into(_Subject(resource_type, change), str(change.path[0]), asked, live, change.path[1:])


def _into(subject: _Subject, name: str, asked: Json, live: Json, rest: Sequence[str | Member]) -> Iterator[Said]:
    if not rest:
        yield Said(_completed(name, asked, live))
    elif isinstance(asked, dict) and isinstance(live, list) and rest[0] == Member(0):
        if not live:
            yield Said(_completed(name, asked, live))
        for inner in _into(subject, name, asked, live[0], rest[1:]) if live else ():
            yield Said([inner.value, *live[1:]], inner.filled)
    elif isinstance(asked, dict) and isinstance(live, dict):
        yield from _into_object(subject, name, asked, live, rest)
    elif isinstance(asked, list) and isinstance(live, list) and isinstance(rest[0], Member):
        yield from _into_list(subject, name, asked, live, rest)
    else:
        yield Said(asked)


def _into_object(
    subject: _Subject, name: str, asked: dict[str, Json], live: dict[str, Json], rest: Sequence[str | Member]
) -> Iterator[Said]:
    step = rest[0]
    key = step.key if isinstance(step, Member) else step
    if asked.get(str(key)) is None:
        now = live.get(str(key))
        filled = isinstance(step, str) and (name, step) not in DEFAULTS and not _is_structure(now)
        yield Said({each: value for each, value in live.items() if each != key}, filled)
        return
    below = step if isinstance(step, str) else name
    for inner in _into(subject, below, asked[str(key)], live.get(str(key)), rest[1:]):
        yield Said({**live, str(key): inner.value}, inner.filled)


def _into_list(
    subject: _Subject, name: str, asked: list[Json], live: list[Json], rest: Sequence[str | Member]
) -> Iterator[Said]:
    step = rest[0]
    key = step.key if isinstance(step, Member) else 0
    if isinstance(key, int):
        place = _place_of(subject.change, live, key, rest[1:])
        alone = name in UNORDERED or name in NATURAL_KEYS or place is None
        meant = asked if alone else asked[place : (place or 0) + 1]
        if place is None:
            meant = [each for each in asked if _is_meant(subject, name, each)]
    else:
        place = next((index for index, each in enumerate(live) if _key(name, each) == key), None)
        meant = [each for each in asked if _key(name, each) == key]
    if place is None:
        yield Said([*live, *meant])
    elif not meant:
        yield Said([*live[:place], *live[place + 1 :]], name in PARTLY_SET)
    else:
        for each in meant:
            for inner in _into(subject, name, each, live[place], rest[1:]):
                yield Said([*live[:place], inner.value, *live[place + 1 :]], inner.filled)


def _place_of(change: AttributeChange, live: list[Json], index: int, below: Sequence[str | Member]) -> int | None:
    """Return where in the live list a member is that has no key; None when it is gone."""
    if change.live is None and not below:
        return None
    likely = (*range(index, len(live)), *range(min(index, len(live))))
    return next((place for place in likely if equal(_value_at(live[place], below), change.live)), None)


def _is_meant(subject: _Subject, name: str, asked: Json) -> bool:
    """Tell whether a member that was asked for is the one that is gone now."""
    return not find_differences(subject.type, {name: [asked]}, {name: [subject.change.state]}, rules=RECORD_RULES)


def _value_at(value: Json, steps: Sequence[str | Member]) -> Json:
    for step in steps:
        key = step.key if isinstance(step, Member) else step
        if isinstance(value, list):
            value = value[key] if isinstance(key, int) and key < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _completed(name: str, asked: Json, live: Json) -> Json:
    """Return what was asked for in the shape of the live value, with all that the request leaves out as it is there.

    What a provider does not know is left away. A service's namespace may be asked for by a name and be an ARN.
    """
    if isinstance(asked, dict) and isinstance(live, list):
        return live if not live and _is_nothing(asked) else [_completed(name, asked, live[0] if live else None)]
    if isinstance(asked, dict) and isinstance(live, dict) and live and name not in MAPS:
        return {
            key: value if asked.get(key) is None else _completed(key, asked[key], value) for key, value in live.items()
        }
    if isinstance(asked, list) and isinstance(live, list):
        return [_completed(name, each, _partner(name, each, live)) for each in asked]
    if name == "namespace" and ":namespace/" in str(live) and ":" not in str(asked):
        return live
    return asked


def _partner(name: str, asked: Json, live: Sequence[Json]) -> Json:
    """Return the live member that a requested one became, None where nobody can tell."""
    alike = next((each for each in live if isinstance(each, dict) and _agree(asked, each)), None)
    key = _key(name, asked)
    return alike or next((each for each in live if key is not None and _key(name, each) == key), None)


def _agree(asked: Json, member: Json) -> bool:
    """Tell whether a member has every plain value that was asked for."""
    if not isinstance(asked, dict) or not isinstance(member, dict):
        return equal(asked, member)
    return all(
        key not in member or value is None or _is_structure(value) or equal(value, member[key])
        for key, value in asked.items()
    )


def _key(name: str, member: Json) -> Json:
    return member.get(NATURAL_KEYS.get(name, "name")) if isinstance(member, dict) else None


def _is_structure(value: Json) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))


def _is_nothing(value: Json) -> bool:
    """Tell whether a structure says no more than that there is none, as `{"enabled": false}` does."""
    if isinstance(value, dict):
        return all(map(_is_nothing, value.values()))
    return value is None or value is False or value in ("", [])
