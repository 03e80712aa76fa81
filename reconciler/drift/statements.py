"""Policy documents of IAM, compared statement by statement: what a plan does to the ones that drifted."""

from __future__ import annotations

import json
from collections import Counter

from reconciler.drift.noise.policies import read_policy
from reconciler.model.json import Json
from reconciler.model.plan_changes import has_unknown


def takes_statements_back(state: Json, live: Json, planned: Json) -> bool:
    """Tell whether a planned document takes back any of what drifted in the live one.

    It does so where it lacks a statement that was added, or has one that was taken away: the same, one of its `Sid`,
    or any new one where there are fewer live than the state had, or parts that nobody knows. Other members, such as
    `Version`, go back with every change, and so does the whole where a document cannot be read.
    """
    was, now, then = (read_policy(document) for document in (state, live, planned))
    if was is None or now is None or then is None:
        return True
    if _others(was) != _others(now) != _others(then):
        return True
    had, has, gets = (Counter(map(_text, document.get("Statement", ()))) for document in (was, now, then))
    gone, made = had - has, gets - has
    if gone and has_unknown(then):
        return True
    if (has - had) & (has - gets) or gone & made or _sids(gone) & _sids(made):
        return True
    return had.total() > has.total() and bool(made)


def _others(document: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in document.items() if name != "Statement"}


def _sids(statements: Counter[str]) -> set[str]:
    read = map(json.loads, statements)
    sids = (statement.get("Sid") for statement in read if isinstance(statement, dict))
    return {str(sid) for sid in sids if sid}


def _text(statement: Json) -> str:
    return json.dumps(statement, sort_keys=True, default=str)
