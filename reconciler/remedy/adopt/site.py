"""One change at its place: what every kind of edit gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from reconciler.model import AttributePath, Json, render_path
from reconciler.remedy.adopt.place import Place, expression_reason
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.hcl.layout import indent_unit, newline
from reconciler.remedy.hcl.values import Block, Expression, File
from reconciler.remedy.hcl.write import Style


@dataclass(frozen=True, slots=True)
class Site:
    """A change's values with the place in the code that its path leads to."""

    file: File
    resource: Block
    path: AttributePath
    state: Json
    live: Json
    place: Place

    @property
    def source(self) -> bytes:
        """Return the file's bytes."""
        return self.file.source

    @property
    def style(self) -> Style:
        """Return the file's own style."""
        return Style(newline=newline(self.source), unit=indent_unit(self.source))

    def where(self, line: int) -> str:
        """Name the attribute and its line for a person."""
        return f"{render_path(self.path)} in {self.file.name}:{line}"

    def refuse_expression(self, value: Expression) -> NoReturn:
        """Raise RefusalError: the value is computed."""
        raise RefusalError(expression_reason(self.file, self.path, value))

    def refuse_agreement(self, line: int) -> NoReturn:
        """Raise RefusalError: the code says what is live."""
        raise RefusalError(f"{self.where(line)} already says so; the cloud has what the code says")

    def refuse_layout(self, line: int) -> NoReturn:
        """Raise RefusalError: the lines are laid out in a way that no edit here knows."""
        raise RefusalError(f"{self.where(line)} shares its lines with something else; a person must edit it")
