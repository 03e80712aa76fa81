"""What a full plan would do to one resource, as the proof and the reports need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from reconciler.model.json import Json, JsonObject


class Unknown(Enum):
    """The type of `UNKNOWN`; an enumeration, so that the value stays one and the same when it is copied."""

    UNKNOWN = "(known after apply)"

    def __repr__(self) -> str:
        return self.value

    __str__ = __repr__


UNKNOWN: Final[Literal[Unknown.UNKNOWN]] = Unknown.UNKNOWN
"""Stands, at any depth of a planned value, for what Terraform learns only by applying."""


def has_unknown(value: Json) -> bool:
    """Tell whether a value is, or holds, an `UNKNOWN`."""
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    return any(map(has_unknown, value)) if isinstance(value, list) else value is UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """One managed resource that a full plan would touch.

    `actions` are Terraform's: ("update",), ("create",), ("delete",), ("delete", "create"), ("create", "delete"),
    ("forget",). `attributes` maps the top-level attributes that change, noise dropped, to (value now, planned value).
    `after` is the whole planned value, empty for a deletion. `replace_paths` are the paths that force a replacement.
    Values may be secret: they are kept out of `repr`.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    attributes: Mapping[str, tuple[Json, Json]] = field(repr=False)
    after: JsonObject = field(default_factory=dict, repr=False)
    replace_paths: tuple[tuple[str | int, ...], ...] = ()
