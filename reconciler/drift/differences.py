"""Two values of a resource, compared for what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.drift.catalogue import JSON_DOCUMENTS, MAPS, UNORDERED, is_reported
from reconciler.drift.documents import read_document
from reconciler.drift.equality import equal
from reconciler.drift.members import match_members
from reconciler.drift.noise import RULES, Node, Rule
from reconciler.model.drift import AttributePath, Member
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN


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
    walk = _Walk(resource_type, (before, after), rules)
    return tuple(walk.children((), before, after, sensitive))


@dataclass(frozen=True, slots=True)
class _Walk:
    type: str
    resources: tuple[JsonObject, JsonObject]
    rules: Sequence[Rule]

    def children(
        self, path: AttributePath, before: JsonObject, after: JsonObject, sensitive: tuple[Json, Json]
    ) -> Iterator[Difference]:
        is_map = bool(path) and path[-1] in MAPS
        for key in dict.fromkeys((*before, *after)):
            node = Node(
                type=self.type,
                path=(*path, Member(key) if is_map else key),
                before=before.get(key),
                after=after.get(key),
                parents=(before, after),
                resources=self.resources,
            )
            yield from self.visit(node, (_below(sensitive[0], key), _below(sensitive[1], key)))

    def visit(self, node: Node, sensitive: tuple[Json, Json]) -> Iterator[Difference]:
        before, after = self.decoded(node)
        if equal(before, after):
            return
        whole = Difference(node.path, before, after, marks(sensitive[0]) or marks(sensitive[1]))
        if UNKNOWN in (before, after):
            yield whole
        elif any(rule(node) for rule in self.rules):
            return
        elif _may_be(dict, before, after):
            inner = list(self.children(node.path, before or {}, after or {}, sensitive))
            is_map = node.path[-1] in MAPS
            yield from inner if is_map or None not in (before, after) else [whole] if inner else []
        elif _may_be(list, before, after) and all(isinstance(m, dict) for m in (*(before or ()), *(after or ()))):
            yield from self.members(node, before or [], after or [], sensitive)
        elif _may_be(list, before, after) and node.name in UNORDERED and is_reported(self.type):
            yield Difference(whole.path, before, _in_order_of(before or [], after or []), whole.sensitive)
        else:
            yield whole

    def decoded(self, node: Node) -> tuple[Json, Json]:
        if node.name not in JSON_DOCUMENTS or not is_reported(self.type):
            return node.before, node.after
        return read_document(node.before), read_document(node.after)

    def members(
        self, node: Node, before: list[Json], after: list[Json], sensitive: tuple[Json, Json]
    ) -> Iterator[Difference]:
        def member(key: str | int, one: Json, other: Json) -> Node:
            return Node(
                type=self.type,
                path=(*node.path, Member(key)),
                before=one,
                after=other,
                parents=node.parents,
                resources=self.resources,
            )

        def same(one: Json, other: Json) -> bool:
            return not any(self.visit(member(0, one, other), (False, False)))

        for pair in match_members(node.name or "", before, after, same):
            one = None if pair.before is None else before[pair.before]
            other = None if pair.after is None else after[pair.after]
            inner = member(pair.key, one, other)
            yield from self.visit(inner, (_below(sensitive[0], pair.before), _below(sensitive[1], pair.after)))


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


def marks(tree: Json) -> bool:
    """Tell whether a sensitivity tree marks anything at all."""
    if isinstance(tree, dict):
        return any(map(marks, tree.values()))
    if isinstance(tree, list):
        return any(map(marks, tree))
    return tree is True
