"""What a plan does to what drifted, told by three values of a place: the state's, the live one and the planned one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reconciler.drift.catalogue import JSON_DOCUMENTS, UNORDERED
from reconciler.drift.differences import Difference, Walk
from reconciler.drift.members import Pair
from reconciler.drift.noise import Node
from reconciler.drift.noise.empty import is_empty
from reconciler.drift.noise.policies import is_policy
from reconciler.drift.references import References
from reconciler.drift.statements import takes_statements_back
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN, has_unknown


class Fate:
    """What becomes of one resource's drift in a plan."""

    def __init__(
        self,
        resource_type: str,
        drifted: tuple[JsonObject, JsonObject],
        ahead: tuple[JsonObject, JsonObject],
        references: References,
    ) -> None:
        """Take the resource's values in the state and live, those that the plan is from and to, and its code's."""
        self._references = references
        self._drifted = Walk(resource_type, drifted)
        self._ahead = Walk(resource_type, ahead)
        self._roots: dict[str, tuple[Node, Node]] = {}
        self._pairs: dict[tuple[bool, AttributePath], Sequence[Pair]] = {}

    def undoes(self, path: AttributePath, *, came: bool) -> bool:
        """Tell whether the plan takes back any of what drifted at a path of `find_differences(…, state, live)`.

        A scalar goes back with every planned change, also to a third value. A list of scalars loses what was added,
        or gets again what was taken away; so does a list of objects without keys, by its members, and a policy
        document, by its statements. What the plan puts beside what drifted undoes nothing. Nobody knows about an
        `UNKNOWN`: it does, but for a set that the code's references leave it out of. `came` tells that the state had
        nothing at the path: of two members at one index, the one that is new.
        """
        name = str(path[0])
        if name not in self._roots:
            self._roots[name] = (self._root(self._drifted, name), self._root(self._ahead, name))
        return self._undoes(*self._roots[name], path[1:], came)

    def changes_content(self) -> bool:
        """Tell whether the plan changes any value to another one, that is known or that code gives it.

        What else is unknown, the provider makes up: nothing but code puts it into a document.
        """
        return any(
            each.after is not UNKNOWN or (len(each.path) > 1 and each.path[0] in JSON_DOCUMENTS)
            for each in self._ahead.children((), *self._ahead.resources)
        )

    def _root(self, walk: Walk, name: str) -> Node:
        before, after = walk.resources
        return walk.node((name,), before.get(name), after.get(name), walk.resources)

    def _undoes(self, drift: Node, plan: Node, rest: AttributePath, came: bool) -> bool:
        if self._ahead.is_same(plan):
            return False
        if plan.after is UNKNOWN:
            is_set = not rest and plan.name in UNORDERED and _are_scalars(drift.before, drift.after)
            was, now = drift.before or [], drift.after or []
            gone = [member for member in was if member not in now] if is_set else []
            return not (is_set and _is_among(now, was) and self._references.leave_out(drift.path, gone))
        if not rest and is_policy(plan):
            return takes_statements_back(drift.before, drift.after, plan.after)
        if not rest:
            return any(_takes_back(drift, difference) for difference in self._ahead.visit(plan))
        values = (drift.before, drift.after, plan.before, plan.after)
        if not isinstance(rest[0], Member) or not any(isinstance(value, list) for value in values):
            inner = (_child(self._drifted, drift, rest[0]), _child(self._ahead, plan, rest[0]))
            return self._undoes(*inner, rest[1:], came)
        if any(value is not None and not isinstance(value, list) for value in values):
            return True
        return self._undoes_member(drift, plan, rest, came)

    def _undoes_member(self, drift: Node, plan: Node, rest: AttributePath, came: bool) -> bool:
        at_key = [pair for pair in self._paired(self._drifted, drift) if Member(pair.key) == rest[0]]
        moved = min(at_key, key=lambda pair: (pair.before is None) != (came and len(rest) == 1), default=None)
        planned = self._paired(self._ahead, plan)
        if moved is None:
            return any(self._ahead.visit(plan))
        named = all(pair.named for pair in (moved, *planned))
        if not named and plan.path[0] in JSON_DOCUMENTS and has_unknown(plan.after):
            return True
        if not named and self._is_back(drift, plan, moved, planned):
            return True
        if moved.after is None:
            known = named or _is_single_block(drift.before, plan)
            ahead = next((pair for pair in planned if known and pair.key == moved.key), None)
        else:
            ahead = next((pair for pair in planned if pair.before == moved.after), None)
        if ahead is None:
            return False
        inner = (self._drifted.member(drift, moved), self._ahead.member(plan, ahead))
        return self._undoes(*inner, rest[1:], came)

    def _is_back(self, drift: Node, plan: Node, moved: Pair, planned: Sequence[Pair]) -> bool:
        """Tell whether the plan makes a member that the state had, in a list without keys, once more."""
        if moved.before is None:
            return False
        members = (self._ahead.member(plan, pair) for pair in planned if pair.after is not None)
        made = [member for member in members if any(self._ahead.visit(member))]
        was = self._drifted.member(drift, moved).before
        return any(not any(self._ahead.visit(replace(member, before=was))) for member in made)

    def _paired(self, walk: Walk, node: Node) -> Sequence[Pair]:
        key = (walk is self._ahead, node.path)
        if key not in self._pairs:
            self._pairs[key] = tuple(walk.pairs(node))
        return self._pairs[key]


def _child(walk: Walk, node: Node, step: str | Member) -> Node:
    key = step.key if isinstance(step, Member) else step
    before, after = (value if isinstance(value, dict) else {} for value in (node.before, node.after))
    return walk.node((*node.path, step), before.get(key), after.get(key), (before, after))


def _is_single_block(was: list[Json], plan: Node) -> bool:
    return plan.name not in UNORDERED and len(was) == 1 and len(plan.after or ()) == 1


def _takes_back(drift: Node, difference: Difference) -> bool:
    """Tell whether a planned difference, at the place that drifted or below it, takes something of the drift back."""
    state, live = drift.before, difference.before
    if len(difference.path) > len(drift.path):
        # The place came as a whole: what the plan puts where it has nothing is no part of it.
        if live is None or (is_empty(live) and isinstance(difference.path[-1], str)):
            return False
        state = None
    values = (state, live, difference.after)
    if _are_scalars(*values):
        return _reorders(*(value or [] for value in values), ordered=difference.path[-1] not in UNORDERED)
    return True


def _is_among(members: list[Json], others: list[Json]) -> bool:
    return all(member in others for member in members)


def _are_scalars(*values: Json) -> bool:
    """Tell whether all are lists of scalars, or nothing."""
    return all(
        value is None or (isinstance(value, list) and not any(isinstance(member, dict) for member in value))
        for value in values
    )


def _reorders(state: list[Json], live: list[Json], planned: list[Json], *, ordered: bool) -> bool:
    """Tell whether a planned list of scalars lacks what was added, has what was taken away, or the old order."""
    was, now, then = (Counter(map(_text, members)) for members in (state, live, planned))
    if (now - was) & (now - then) or (was - now) & (then - now):
        return True
    return ordered and _order_differs(state, live) and _order_differs(live, planned)


def _order_differs(one: list[Json], other: list[Json]) -> bool:
    shared = set(map(_text, one)) & set(map(_text, other))
    orders = [[text for text in map(_text, members) if text in shared] for members in (one, other)]
    return orders[0] != orders[1]


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, default=str)
