"""The blocks of each module, found by type and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconciler.model import Configuration, Json
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.document import parse_document
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Block, Expression
from reconciler.remedy.ignore_changes import is_override
from reconciler.remedy.meaning.overrides import alias_of, overridden
from reconciler.remedy.meaning.values import Budget

STEPS = 20_000
"""How many expressions are evaluated for one question: some tenths of a second; code that people write takes fewer."""
_LARGEST = 2 * 2**20  # bytes of a file
Modules = tuple[str, ...]
"""A module by the names of the calls that lead to it."""


@dataclass(frozen=True)
class Sources:
    """What values are told from: the code, the root module's variables, and attributes of resources after the apply.

    `planned` returns the attribute of a name of the resource at an address, `UNKNOWN` where nobody can tell.
    """

    configuration: Configuration
    variables: Mapping[str, Json]
    planned: Callable[[str, str], Json]
    terraform_workspace: str
    budget: Budget = field(default_factory=lambda: Budget(STEPS))
    _read: dict[Modules, tuple[Block, ...]] = field(default_factory=dict, repr=False)

    @property
    def cli_workspace(self) -> Json:
        """Return what `terraform.workspace` is; `UNKNOWN` where HCP Terraform may name it."""
        settings = (block for block in self._blocks(()) if block.type == "terraform")
        return UNKNOWN if any(block.nested("cloud") for block in settings) else self.terraform_workspace

    def block(self, module: Modules, kind: str, *labels: str) -> Block | None:
        """Return the one block of a type and labels; None where there is none or several."""
        found = [block for block in self._blocks(module) if (block.type, *block.labels) == (kind, *labels)]
        return found[0] if len(found) == 1 else None

    def provider(self, module: Modules, name: str, alias: str | None) -> Block | None:
        """Return the one configuration of a provider in a module; None where there is none or several."""
        named = [block for block in self._blocks(module) if (block.type, *block.labels) == ("provider", name)]
        found = [block for block in named if alias_of(block) == alias]
        return found[0] if len(found) == 1 else None

    def local(self, module: Modules, name: str) -> Expression | None:
        """Return the expression of a local value."""
        blocks = (block for block in self._blocks(module) if block.type == "locals")
        found = [attribute.value for block in blocks if (attribute := block.attribute(name))]
        return found[0] if len(found) == 1 else None

    def _blocks(self, module: Modules) -> tuple[Block, ...]:
        if module not in self._read:
            self._read[module] = tuple(self._parsed(module))
        return self._read[module]

    def _parsed(self, module: Modules) -> list[Block]:
        """Return all blocks of a module, those of override files merged over the others.

        There are none where a file is endless, or one cannot be read that may say something of any of them.
        """
        files = {**self.configuration.modules.get(module, {}), **self.configuration.documents.get(module, {})}
        if any(len(content) > _LARGEST for content in files.values()):
            return []
        blocks: list[Block] = []
        for name in sorted(files, key=lambda name: (is_override(name), name)):
            try:
                read = _read(name, files[name])
            except (HclSyntaxError, ValueError):
                if is_override(name):
                    return []
                continue
            blocks = overridden(blocks, read) if is_override(name) else [*blocks, *read]
        return blocks


def _read(name: str, content: bytes) -> tuple[Block, ...]:
    return parse_document(name, content) if name.endswith(".json") else parse(name, content, planned=True).blocks
