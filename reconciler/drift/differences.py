"""Two values of a resource, compared for what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.drift.catalogue import JSON_DOCUMENTS, MAPS, UNORDERED, is_reported
from reconciler.drift.documents import read_document
from reconciler.drift.equality import equal
from reconciler.drift.members import Pair, match_members
from reconciler.drift.noise import RULES, Node, Rule
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN
from reconciler.model.resource_types import NATURAL_KEYS


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two values of a resource differ; None where a side has nothing there."""

    path: AttributePath
    before: Json
    after: Json
    sensitive: bool = False


def find_differences(
    resource_type: str,
    before: JsonObject,
    after: JsonObject,
    *,
    sensitive: tuple[Json, Json] = (False, False),
    rules: Sequence[Rule] = RULES,
) -> tuple[Difference, ...]:
    """Return the differences between two values of a resource that no noise rule explains.

    `sensitive` are Terraform's `before_sensitive` and `after_sensitive` trees. A list of scalars differs as a whole;
    a list of objects by its members, each by its natural key, else by index; a member that came or went is one
    difference; JSON documents are taken apart. An `UNKNOWN` differs from everything.
    """
    walk = Walk(resource_type, (before, after), rules)
    return tuple(walk.children((), before, after, sensitive))


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through two values of a resource of `type`, place by place."""

    type: str
    resources: tuple[JsonObject, JsonObject]
    rules: Sequence[Rule] = RULES

    def node(self, path: AttributePath, before: Json, after: Json, parents: tuple[JsonObject, JsonObject]) -> Node:
        """Return a place, with JSON documents read."""
        if path[-1] in JSON_DOCUMENTS and is_reported(self.type):
            before, after = read_document(before), read_document(after)
        return Node(type=self.type, path=path, before=before, after=after, parents=parents, resources=self.resources)

    def is_same(self, node: Node) -> bool:
        """Tell whether both values of a place mean the same; an `UNKNOWN` differs from everything."""
        if equal(node.before, node.after):
            return True
        return UNKNOWN not in (node.before, node.after) and any(rule(node) for rule in self.rules)

    def children(
        self, path: AttributePath, before: JsonObject, after: JsonObject, sensitive: tuple[Json, Json] = (False, False)
    ) -> Iterator[Difference]:
        """Yield the differences below a place that holds objects."""
        is_map = bool(path) and path[-1] in MAPS
        for key in dict.fromkeys((*before, *after)):
            step = (*path, Member(key, hidden=_hides(path, sensitive)) if is_map else key)
            node = self.node(step, before.get(key), after.get(key), (before, after))
            yield from self.visit(node, (_below(sensitive[0], key), _below(sensitive[1], key)))

    def visit(self, node: Node, sensitive: tuple[Json, Json] = (False, False)) -> Iterator[Difference]:
        """Yield the differences at and below a place."""
        if self.is_same(node):
            return
        before, after = node.before, node.after
        whole = Difference(node.path, before, after, marks(sensitive[0]) or marks(sensitive[1]))
        if UNKNOWN in (before, after):
            yield whole
        elif _may_be(dict, before, after):
            inner = list(self.children(node.path, before or {}, after or {}, sensitive))
            is_map = node.path[-1] in MAPS
            yield from inner if is_map or None not in (before, after) else [whole] if inner else []
        elif _may_be(list, before, after) and all(isinstance(m, dict) for m in (*(before or ()), *(after or ()))):
            for pair in self.pairs(node):
                below = (_below(sensitive[0], pair.before), _below(sensitive[1], pair.after))
                key = NATURAL_KEYS.get(node.name or "")
                hidden = pair.named and _hides(node.path, (_below(below[0], key), _below(below[1], key)))
                yield from self.visit(self.member(node, pair, hidden=hidden), below)
        elif _may_be(list, before, after) and node.name in UNORDERED and is_reported(self.type):
            yield Difference(whole.path, before, _in_order_of(before or [], after or []), whole.sensitive)
        else:
            yield whole

    def pairs(self, node: Node) -> Iterator[Pair]:
        """Pair the members of a place that holds lists of objects."""

        def same(one: Json, other: Json) -> bool:
            return not any(self.visit(self.node((*node.path, Member(0)), one, other, node.parents)))

        return match_members(node.name or "", node.before or [], node.after or [], same)

    def member(self, node: Node, pair: Pair, *, hidden: bool = False) -> Node:
        """Return the place of one pair of members."""
        before = None if pair.before is None else node.before[pair.before]
        after = None if pair.after is None else node.after[pair.after]
        return self.node((*node.path, Member(pair.key, hidden=hidden)), before, after, node.parents)


def _may_be(kind: type, before: Json, after: Json) -> bool:
    return all(value is None or isinstance(value, kind) for value in (before, after))


def _in_order_of(before: list[Json], after: list[Json]) -> list[Json]:
    """Return `after` with what stayed first, in the order of `before`, then the rest by name."""
    kept = [value for value in before if value in after]
    return kept + sorted((value for value in after if value not in before), key=str)


def _below(tree: Json, key: str | int | None) -> Json:
    """Return the part of a sensitivity tree that belongs to a child; `True` covers everything below it."""
    if tree is True:
        return True
    if isinstance(tree, dict):
        return tree.get(key, False)
    if isinstance(tree, list) and isinstance(key, int):
        return tree[key] if key < len(tree) else False
    return False


def _hides(path: AttributePath, sensitive: tuple[Json, Json]) -> bool:
    """Tell whether the keys at a place are themselves sensitive, as those of a map that is so as a whole.

    A JSON document is marked as a whole for any value in it: the names of its containers and variables are none.
    """
    return True in sensitive and path[0] not in JSON_DOCUMENTS


def marks(tree: Json) -> bool:
    """Tell whether a sensitivity tree marks anything at all."""
    if isinstance(tree, dict):
        return any(map(marks, tree.values()))
    if isinstance(tree, list):
        return any(map(marks, tree))
    return tree is True
