"""What references mean in one instance of a module."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.model import Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.values import Block, Scalar
from reconciler.remedy.meaning.expressions import evaluate
from reconciler.remedy.meaning.sources import Modules, Sources
from reconciler.remedy.meaning.types import convert
from reconciler.remedy.meaning.values import Key, Made, Steps, step_into

_NOWHERE = frozenset({"path", "self"})
"""What begins no reference to a resource, and is not told."""


@dataclass(frozen=True)
class Instance:
    """One instance of a module; `place` is where `parent` calls it, and `address` begins what is in it."""

    sources: Sources
    names: Modules = ()
    address: str = ""
    place: Place | None = None
    _locals: dict[str, Json] = field(default_factory=dict, repr=False)

    def child(self, name: str, key: Json) -> Instance:
        """Return an instance of a module that is called here."""
        block = self.sources.block(self.names, "module", name)
        index = "" if key is None else f"[{json.dumps(key)}]"
        return Instance(
            self.sources, (*self.names, name), f"{self.address}module.{name}{index}.", Place(self, block, key)
        )

    def local(self, name: str) -> Json:
        """Return a local value."""
        if name not in self._locals:
            expression = self.sources.local(self.names, name)
            self._locals[name] = UNKNOWN if expression is None else evaluate(expression, Place(self))
        return self._locals[name]

    def variable(self, name: str) -> Json:
        """Return a variable's value: what it is given, else its default, as its type has it."""
        block = self.sources.block(self.names, "variable", name)
        if block is None:
            return UNKNOWN
        default, kind, nullable = (block.attribute(each) for each in ("default", "type", "nullable"))
        value, given = self._given(name)
        may_be_null = nullable is None or (isinstance(nullable.value, Scalar) and nullable.value.value is True)
        if not given or (value is None and not may_be_null):
            value = evaluate(default.value, Place(self)) if default else UNKNOWN
        return convert(value, kind.value if kind else None)

    def output(self, name: str) -> Json:
        """Return an output's value."""
        block = self.sources.block(self.names, "output", name)
        attribute = block.attribute("value") if block else None
        return evaluate(attribute.value, Place(self)) if attribute else UNKNOWN

    def _given(self, name: str) -> tuple[Json, bool]:
        """Return what a variable is given, and whether it is given anything."""
        if self.place is None:
            return self.sources.variables.get(name), name in self.sources.variables
        if self.place.block is None:
            return UNKNOWN, True
        attribute = self.place.block.attribute(name)
        return (evaluate(attribute.value, self.place), True) if attribute else (None, False)


@dataclass(frozen=True)
class Place:
    """Where an expression stands: in a block of a module, which `count` or `for_each` gave a key, or beside all."""

    instance: Instance
    block: Block | None = None
    key: Json = None

    def refer(self, steps: Steps) -> Json:
        """Return what a reference gives, `UNKNOWN` where nobody can tell; raises MissingError."""
        root, name, *rest = (*steps, "") if len(steps) == 1 else steps
        if not name or not isinstance(name, str) or root in _NOWHERE:
            return UNKNOWN
        if root == "var":
            return step_into(self.instance.variable(name), tuple(rest))
        if root == "local":
            return step_into(self.instance.local(name), tuple(rest))
        if root in ("count", "each"):
            return step_into(self._own(name), tuple(rest))
        if root == "terraform":
            return self.instance.sources.cli_workspace if steps == (root, "workspace") else UNKNOWN
        if root == "module":
            return self._called(name, *_keyed(rest))
        return self._attribute(steps)

    def spend(self) -> None:
        """Count a step; raises TooMuchError."""
        self.instance.sources.budget.spend()

    def _own(self, name: str) -> Json:
        """Return the key of the block's instance, or what `for_each` has at it."""
        if name != "value":
            return UNKNOWN if self.key is None else self.key
        each = self.block.attribute("for_each") if self.block else None
        members = evaluate(each.value, Place(self.instance)) if each else UNKNOWN
        if isinstance(members, dict):
            return members.get(str(self.key), UNKNOWN)
        return self.key if isinstance(members, list) else UNKNOWN

    def _called(self, name: str, key: Json, steps: Steps) -> Json:
        """Return an output of a module that is called here, or an instance as a whole, or all of them."""

        def made(key: Json) -> Made:
            child = self.instance.child(name, key)
            return Made(child.address, lambda _, output: child.output(output))

        if key is UNKNOWN or (steps and not isinstance(steps[0], str)):
            return UNKNOWN
        if steps:
            return step_into(self.instance.child(name, key).output(str(steps[0])), steps[1:])
        block = self.instance.sources.block(self.instance.names, "module", name)
        return UNKNOWN if block is None else self._instances(block, made) if key is None else made(key)

    def _attribute(self, steps: Steps) -> Json:
        """Return an attribute of a resource or data source, as it is after the apply."""
        size = 3 if steps[0] == "data" else 2
        names = [step for step in steps[:size] if isinstance(step, str)]
        key, rest = _keyed(steps[size:])
        if len(names) < size or key is UNKNOWN:
            return UNKNOWN
        sources, address = self.instance.sources, f"{self.instance.address}{'.'.join(names)}"

        def made(key: Json) -> Made:
            return Made(address if key is None else f"{address}[{json.dumps(key)}]", sources.planned)

        if rest or key is not None:
            return step_into(made(key), rest)
        block = sources.block(self.instance.names, *names if size == 3 else ("resource", *names))
        return self._instances(block, made) if block else UNKNOWN

    def _instances(self, block: Block, made: Callable[[Json], Made]) -> Json:
        """Return what a block makes as a whole, or all its instances by key; `made` gives the one of a key."""
        each, count = (block.attribute(name) for name in ("for_each", "count"))
        if each is None and count is None:
            return made(None)
        value = evaluate(attribute.value, Place(self.instance)) if (attribute := each or count) else UNKNOWN
        if count and isinstance(value, int) and not isinstance(value, bool):
            return [made(index) for index in range(value)]
        if count or not isinstance(value, dict | list) or UNKNOWN in value:
            return UNKNOWN
        return {str(key): made(key) for key in value}


def _keyed(steps: Steps | list[str | Key]) -> tuple[Json, Steps]:
    """Return the key that steps begin with, None where they begin with none, and the steps after it."""
    first, *rest = steps or ("",)
    return (first.key, tuple(rest)) if isinstance(first, Key) else (None, tuple(steps))
