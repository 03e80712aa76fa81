"""A confirmed difference between state and cloud, attribute by attribute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json, JsonObject

Disposition = Literal["reverting", "ignored", "matching", "unset"]


@dataclass(frozen=True, slots=True)
class Member:
    """A step into a list, by the member's natural key where its type has one, else by index; or into a map.

    `hidden` says that the key itself is sensitive, and that no output may name it.
    """

    key: str | int
    hidden: bool = field(default=False, compare=False)


AttributePath: TypeAlias = tuple[str | Member, ...]
"""Steps from a resource to a value: names of attributes and `Member`s, e.g. ("container_definitions",
Member("nginx"), "image")."""


def render_path(path: AttributePath) -> str:
    """Give a path in the contract's form, `container_definitions[nginx].image`."""
    text = ""
    for step in path:
        if isinstance(step, Member):
            text += "[(sensitive)]" if step.hidden else f"[{step.key}]"
        else:
            text += f".{step}" if text else step
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """One attribute whose live value differs from the state's.

    `disposition` is None until a full plan has been read. `event_id` names the event that set the live value, None
    where no event explains it. `repeated_by` are later ones that asked for the same, oldest first: should a call turn
    up that had changed the value in between, the next of them did it. `trusted` is the call of trusted people that set
    it, who are not named.
    """

    path: AttributePath
    state: Json
    live: Json
    disposition: Disposition | None = None
    sensitive: bool = False
    event_id: str | None = None
    repeated_by: tuple[ChangeEvent, ...] = ()
    trusted: ChangeEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One address that the refresh-only plan found changed, after noise is gone.

    `before` and `live` are the whole values of state and cloud; `live` is empty when the resource is gone.
    `previous_address` is where the state has it, when a `moved` block that was not applied yet gives it a new address.
    """

    address: str
    type: str
    deleted: bool
    changes: tuple[AttributeChange, ...]
    before: JsonObject
    live: JsonObject
    previous_address: str | None = None

    @property
    def state_address(self) -> str:
        """Return the address that the state, and so the state index, knows the resource by."""
        return self.previous_address or self.address
