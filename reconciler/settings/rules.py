"""Rules that can never match: what they name does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from reconciler.model.rules import Watched, read_watched
from reconciler.settings.attributes import Names, attribute_names
from reconciler.settings.problems import Problem
from reconciler.settings.section import DriftRuleSection, RemediationRuleSection

_LISTED = "`terraform providers schema -json` lists them"


def idle_rules(rules: Sequence[DriftRuleSection]) -> Iterator[Problem]:
    """Yield a problem for each type and each attribute of the drift rules that nothing can have.

    An attribute must be one of at least one of its rule's types.
    """
    if not rules:
        return
    known = attribute_names()
    for index, rule in enumerate(rules):
        key = ("drift_rules", index)
        unknown = {place: name for place, name in enumerate(rule.resource_types) if name not in known}
        for place, name in unknown.items():
            yield Problem((*key, "resource_types", place), _unknown_type(name, known))
        types = [known[name] for name in rule.resource_types if name in known]
        if types:
            for place, text in enumerate(rule.watched_attributes):
                told = _problem(text, rule.resource_types, types)
                if told:
                    yield Problem((*key, "watched_attributes", place), told)


def idle_remedies(rules: Sequence[RemediationRuleSection]) -> Iterator[Problem]:
    """Yield a problem for each type and each attribute that a remediation rule is about and nothing can have.

    Without a type, the attribute must be one of some type whose attributes are known.
    """
    if not rules:
        return
    known = attribute_names()
    of_any = {name: inner for names in known.values() for name, inner in names.items() if name != "*"}
    for index, rule in enumerate(rules):
        key = ("remediation", "rules", index, "match")
        kind, attribute = rule.match.resource_type, rule.match.attribute
        if kind is not None and kind not in known:
            yield Problem((*key, "resource_type"), _unknown_type(kind, known))
            continue
        names = of_any if kind is None else known[kind]
        if attribute is not None and attribute not in names and "*" not in names:
            watched = read_watched(attribute)
            near = _near(watched, names) if watched else None
            hint = f"did you mean {near.partition('.')[0]}?" if near else _LISTED
            has = "no resource type has such a" if kind is None else f"{kind} has no such"
            yield Problem((*key, "attribute"), f"{has} top-level attribute; {hint}")


def _problem(text: str, kinds: Sequence[str], types: Sequence[Names]) -> str | None:
    watched = read_watched(text)
    if watched is None:
        return "must be an attribute's name, or a path such as container_definitions.image"
    if any(_missing(watched, names) is None for names in types):
        return None
    near = next(filter(None, (_near(watched, names) for names in types)), None)
    hint = f"did you mean {near}?" if near else _LISTED
    return f"{' and '.join(kinds)} {'has' if len(kinds) == 1 else 'have'} no such attribute; {hint}"


def _missing(watched: Watched, names: Names) -> int | None:
    """Return which of the names that lead to an attribute is the first that is not there, None when all are."""
    for position, name in enumerate(watched.names):
        if "*" in names:
            return None
        if name not in names:
            return position
        names = names[name]
    return None


def _near(watched: Watched, names: Names) -> str | None:
    """Return the path that was meant: a name like the wrong one in its place, or one that ends as the rule's does."""
    position = _missing(watched, names) or 0
    before = watched.names[:position]
    for name in before:
        names = names[name]
    close = get_close_matches(watched.names[position].lower(), names, n=1)
    if close:
        return ".".join((*before, close[0], *watched.names[position + 1 :]))
    ending = (path for path in _paths(names, before) if path[-1] == watched.names[-1])
    return next(map(".".join, ending), None)


def _paths(names: Names, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, inner in names.items():
        yield (*before, name)
        yield from _paths(inner, (*before, name))


def _unknown_type(name: str, known: Names) -> str:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    hint = f"did you mean {near[0]}?" if near else "types are Terraform's, of Amazon ECS and what it uses"
    return f"no resource type is called so; {hint}"
