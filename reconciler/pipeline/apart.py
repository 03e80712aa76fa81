"""What need not wait for a deleted service: the provider takes two minutes to believe that it is gone (5.100).

Terraform plans an address with all that it depends on, so what depends on the service waits too. What an edit of code
may move is what depends on the edited resource: a plan of all of that proves as much as one of the whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from reconciler.drift import without_instance_keys
from reconciler.model import Configuration, Drift, State, StateResource

_SERVICE, _DEFINITION = "aws_ecs_service", "aws_ecs_task_definition"
_MODULE = re.compile(r'module\.(?P<name>[^.\[]+)(?:\[(?P<key>-?\d+|"(?:[^"\\]|\\.)*")\])?\.')


class Apart:
    """Answers for one state in which the services at the addresses `gone` are deleted."""

    def __init__(self, state: State, gone: Collection[str]) -> None:
        self._at = {resource.address: resource for resource in state.resources}
        self._by_code: dict[str, list[StateResource]] = defaultdict(list)
        self._dependents: dict[str, list[StateResource]] = defaultdict(list)
        for resource in state.resources:
            self._by_code[without_instance_keys(resource.address)].append(resource)
            for code in resource.dependencies:
                self._dependents[code].append(resource)
        self._waiting = self._with_dependents(self._at[address] for address in gone if address in self._at)
        if not self._dependents:  # as `terraform import` leaves a state until the next apply: nobody can tell
            self._waiting = frozenset(self._at)

    def surroundings(self, address: str, *, moved: bool) -> frozenset[str] | None:
        """Return the address with all that an edit for it may move, None where some of it waits for what is gone.

        A service that was `moved` to another revision may be edited in its task definition.
        """
        resource = self._at.get(address)
        if resource is None:
            return None
        definitions = self._definitions(resource) if moved else ()
        found = self._with_dependents([*self._block(resource), *definitions])
        return None if found & self._waiting else found

    def _block(self, resource: StateResource) -> Iterator[StateResource]:
        """Yield the instances of a block of code; other instances of its module count not: no edit is made there."""
        modules = list(_modules(resource.address))
        for other in self._by_code[without_instance_keys(resource.address)]:
            if list(_modules(other.address)) == modules:
                yield other

    def _definitions(self, resource: StateResource) -> Iterator[StateResource]:
        for code in resource.dependencies:
            for other in self._by_code.get(code, ()):
                if other.type == _DEFINITION and _may_refer(resource.address, other.address):
                    yield other

    def _with_dependents(self, resources: Iterable[StateResource]) -> frozenset[str]:
        found: set[str] = set()
        left = list(resources)
        while left:
            resource = left.pop()
            if resource.address not in found:
                found.add(resource.address)
                code = without_instance_keys(resource.address)
                left += (each for each in self._dependents.get(code, ()) if _may_refer(each.address, resource.address))
        return frozenset(found)


def targets_beside(state: State, drifts: Collection[Drift], deleted: Collection[str]) -> tuple[str, ...]:
    """Return the addresses to plan for what drifted and is there, without waiting for the services that are gone.

    `deleted` are services of which events say so. None where everything must be planned: no service is gone, or what
    is left cannot be planned without it.
    """
    gone = _gone(drifts, deleted)
    if not gone:
        return ()
    around = _around(state, [drift for drift in drifts if not drift.deleted], gone)
    return () if None in around else tuple(sorted(frozenset().union(*filter(None, around))))


def refused_in(errors: Sequence[str], drifts: Collection[Drift], configuration: Configuration) -> dict[str, str]:
    """Return the state addresses of what errors of Terraform's name among what drifted and is there, each with its own.

    Most errors name none: they are everybody's.
    """
    there = [drift for drift in drifts if not drift.deleted]
    named = (
        (drift, next((error for error in errors if _names(error, drift.address, configuration)), None))
        for drift in there
    )
    return {drift.state_address: error for drift, error in named if error is not None}


def targets_without(
    state: State, drifts: Collection[Drift], deleted: Collection[str], refused: Collection[str]
) -> tuple[str, ...]:
    """Return the addresses to plan for what drifted, is there and does not need what is `refused`.

    `deleted` as for `targets_beside`. None where nothing is refused, and where nothing is left.
    """
    if not refused:
        return ()
    left = [drift for drift in drifts if not drift.deleted and drift.state_address not in refused]
    around = _around(state, left, {*refused} | _gone(drifts, deleted))
    return tuple(sorted(frozenset().union(*filter(None, around))))


def _gone(drifts: Collection[Drift], deleted: Collection[str]) -> set[str]:
    return {drift.state_address for drift in drifts if drift.deleted and drift.type == _SERVICE}.union(deleted)


def _around(state: State, drifts: Collection[Drift], gone: Collection[str]) -> list[frozenset[str] | None]:
    apart = Apart(state, gone)
    return [apart.surroundings(drift.state_address, moved=_is_moved(drift)) for drift in drifts]


def _names(text: str, address: str, configuration: Configuration) -> bool:
    """Tell whether an error names an address, or the block of code that it may come from, by its file's modules."""
    if re.search(rf"(?<![\w.\-\]])(?<!\(resource ){re.escape(address)}(?![\w\-\[]|\.\w)", text):
        return True
    block = ".".join(without_instance_keys(address).split(".")[-2:])
    spoken = re.search(rf"\(resource {re.escape(block)}(?:\)|, (?P<file>.+?):\w+\))", text)
    return spoken is not None and _may_be_in(address, spoken["file"], configuration)


def _may_be_in(address: str, file: str | None, configuration: Configuration) -> bool:
    files = {
        module: {*configuration.modules.get(module, ()), *configuration.documents.get(module, ())}
        for module in {*configuration.modules, *configuration.documents}
    }
    own = tuple(name for name, _ in _modules(address))
    return file in files.get(own, ()) or not any(file in each for each in files.values())


def _is_moved(drift: Drift) -> bool:
    return any(change.path == ("task_definition",) for change in drift.changes)


def _may_refer(address: str, other: str) -> bool:
    """Tell whether one instance of a resource can refer to an instance of another one that its code refers to.

    Not into another instance of a module that both are in: Terraform would call that a cycle.
    """
    for (module, key), (other_module, other_key) in zip(_modules(address), _modules(other), strict=False):
        if module != other_module:
            return True
        if key != other_key:
            return False
    return True


def _modules(address: str) -> Iterator[tuple[str, str | None]]:
    """Yield the names and instance keys of the modules that an address lies in, the outermost first."""
    position = 0
    while (step := _MODULE.match(address, position)) is not None:
        yield step["name"], step["key"]
        position = step.end()
