"""Policy documents of IAM, compared by what they grant and deny: what a plan does to what drifted of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from reconciler.drift.noise.policies import read_policy
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import has_unknown

_LISTS: Final = ("Action", "Resource", "Principal")
_OPEN: Final = re.compile(r"[*?$]|(?<=^aws:)\d{12}$")
"""Where a text begins to stand for several things; an account stands for all that is in it."""


class _Grant(NamedTuple):
    """One action of one principal on one resource, with all else that its statement says."""

    effect: str
    action: str
    resource: str
    principal: str
    rest: str


def takes_statements_back(state: Json, live: Json, planned: Json) -> bool:
    """Tell whether a planned document takes back any of what drifted in the live one.

    Statements are taken apart: the same rights may be written in one or in several. It does so where it lacks a right
    that was added, has one that may overlap with one that was taken away, or where a `Sid` comes or goes again. Other
    members, such as `Version`, go back with every change, and so does the whole where a document cannot be read.
    """
    was, now, then = (read_policy(document) for document in (state, live, planned))
    if was is None or now is None or then is None:
        return True
    if _others(was) != _others(now) != _others(then):
        return True
    named, names, naming = map(_sids, (was, now, then))
    if (named - names) & naming or (names - named) - naming:
        return True
    had, has, gets = (frozenset(_grants(document)) for document in (was, now, then))
    gone, made = had - has, gets - has
    if gone and has_unknown(then):
        return True
    return bool((has - had) - gets) or any(_may_overlap(one, other) for one, other in product(gone, made))


def _others(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "Statement"}


def _sids(document: JsonObject) -> frozenset[str]:
    statements = document.get("Statement", ())
    return frozenset(str(each["Sid"]) for each in statements if isinstance(each, dict) and each.get("Sid"))


def _grants(document: JsonObject) -> Iterator[_Grant]:
    for statement in document.get("Statement", ()):
        said = statement if isinstance(statement, dict) else {"": statement}
        rest = {name: value for name, value in said.items() if name not in ("Sid", "Effect", *_LISTS)}
        for action, resource, principal in product(*(_members(said.get(name)) for name in _LISTS)):
            text = json.dumps(rest, sort_keys=True, default=str)
            yield _Grant(str(said.get("Effect")), action, resource, principal, text)


def _members(value: Json) -> list[str]:
    """Return the members of a list of a statement; one that is not there, as beside `NotAction`, may be anything."""
    if isinstance(value, dict):
        return [f"{kind}:{each}" for kind, inner in value.items() for each in _members(inner)]
    return ["*"] if value is None else [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _may_overlap(one: _Grant, other: _Grant) -> bool:
    """Tell whether two may speak of the same; their conditions may be met together."""
    return all(map(_may_match, one[:4], other[:4]))


@lru_cache(maxsize=65536)
def _may_match(one: str, other: str) -> bool:
    texts = one.lower(), other.lower()
    told = [match.start() for match in map(_OPEN.search, texts) if match]
    size = min(told, default=max(map(len, texts)))
    return texts[0][:size] == texts[1][:size]
