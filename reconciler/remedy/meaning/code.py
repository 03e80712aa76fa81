"""The code of a workspace, asked for the value of an attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.model import Configuration, Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.text import InterpolationError, decode_quoted
from reconciler.remedy.hcl.values import Attribute, Block
from reconciler.remedy.meaning.expressions import evaluate
from reconciler.remedy.meaning.modules import Instance, Place
from reconciler.remedy.meaning.sources import STEPS, Sources
from reconciler.remedy.meaning.values import Encoded, MissingError, TooMuchError, told

_STEP: Final = re.compile(
    r'(?P<kind>[\w-]+)\.(?P<name>[\w-]+)(?:\[(?:(?P<index>\d+)|"(?P<key>(?:[^"\\]|\\.)*)")\])?(?:\.|\Z)'
)
_PROVIDER: Final = re.compile(r"provider\.(?P<name>[\w-]+)(?:\.(?P<alias>[\w-]+))?")


class Code:
    """Reads attributes where they are asked for, and no file before that."""

    def __init__(
        self,
        configuration: Configuration,
        variables: Mapping[str, Json],
        planned: Callable[[str, str], Json],
        terraform_workspace: str = "default",
    ) -> None:
        """Take the code, the variables of the root module, and what tells an attribute of a resource after the apply.

        `planned` gets a resource's address and an attribute's name, and returns `UNKNOWN` for what it does not know.
        """
        self._root = Instance(Sources(configuration, variables, planned, terraform_workspace))

    def says(self, address: str, name: str) -> Json:
        """Return the value that the code gives an attribute, with `UNKNOWN` for each part that nobody can tell.

        `address` is a resource's, with its keys, or that of a provider of the root module, `provider.aws.west`. The
        attribute may lie in blocks, `default_tags.tags`. What `jsonencode` makes JSON of is returned decoded.
        """
        self._root.sources.budget.left = STEPS
        try:
            place = self._place(address)
            attribute = _attribute(place.block, name) if place and place.block else None
            if place is None or attribute is None:
                return UNKNOWN
            value = evaluate(attribute.value, place)
        except (InterpolationError, MissingError, RecursionError, TooMuchError):
            return UNKNOWN
        return told(value.value if isinstance(value, Encoded) else value)

    def _place(self, address: str) -> Place | None:
        """Return the one block that makes what is at an address."""
        if provider := _PROVIDER.fullmatch(address):
            return Place(self._root, self._root.sources.provider((), provider["name"], provider["alias"]))
        instance, position = self._root, 0
        while step := _STEP.match(address, position):
            position = step.end()
            key = int(step["index"]) if step["index"] else decode_quoted(step["key"]) if step["key"] else None
            if step["kind"] != "module":
                block = instance.sources.block(instance.names, "resource", step["kind"], step["name"])
                return Place(instance, block, key) if position == len(address) else None
            instance = instance.child(step["name"], key)
        return None


def _attribute(block: Block, name: str) -> Attribute | None:
    """Return an attribute of a block, by its name after those of the blocks that it lies in, each written once."""
    *outer, last = name.split(".")
    for step in outer:
        dynamic = block.dynamic(step)
        inner = (*block.nested(step), *(dynamic.nested("content") if dynamic else ()))
        if len(inner) != 1:
            return None
        block = inner[0]
    return block.attribute(last)
