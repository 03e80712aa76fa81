"""One situation: who does what to which stack, and what is true afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.sandbox import Sandbox

CORPUS = Path(__file__).parent
STACKS = CORPUS / "stacks"
EXAMPLES = CORPUS.parents[2] / "examples" / "terraform"


class _Anything:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "..."


ANYTHING: Any = _Anything()
"""Equals every value: for ids that AWS makes up."""

PEOPLE: Mapping[Any, str] = {
    "developer": "developer@example.com",
    "jane": "jane@example.com",
    "autoscaling": "ecs.application-autoscaling.amazonaws.com",
}
"""What reports call the sandbox's identities, where that is not the identity's own name."""


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of a finding. `who` made it, by the sandbox's name; None where no event explains the value."""

    path: str
    state: Any
    live: Any
    disposition: str = "reverting"
    who: str | None = "ops-admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One finding. `severity` is asked for only where it is said; `reason` is a part of the sentence.

    `unapplied` tells whether the code changes more than the drift, which the sentence must say, or else must not.
    """

    status: str
    address: str | None = None
    workspace: str | None = None
    changes: tuple[Change, ...] = ()
    severity: str | None = None
    reason: str = ""
    unapplied: bool = False


Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`act` makes the calls. `findings` are all that may name its events, `skipped` counts what becomes of the others.

    `delivered` turns the calls' records into those that reach reconciler: twice, from another account, and so on.
    `unexplained` are true drifts that no record tells of.
    """

    name: str
    act: Callable[[Sandbox], Any]
    findings: tuple[Expected, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    delivered: Callable[[list[Record]], list[Record]] = list
    unexplained: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """One workspace. `later` is laid over the code after the apply: code that nobody has applied yet.

    `copy_of` names a workspace whose code and state this one starts with, instead of an apply. `rewrite` makes of the
    state what some earlier apply would have left. `busy` keeps somebody at work in it during the run.
    """

    name: str
    source: Path
    terraform_workspace: str = "default"
    later: Path | None = None
    copy_of: str | None = None
    directory: str = ""
    rewrite: Callable[[Any], None] | None = None
    busy: Callable[[Path], AbstractContextManager[None]] | None = None

    @property
    def path(self) -> str:
        """Return the root module's place in the checkout; CLI workspaces share one."""
        return self.directory or self.name

    @property
    def state(self) -> str:
        """Return the state's place in the checkout."""
        name = self.terraform_workspace
        place = self.path if name == "default" else f"{self.path}/terraform.tfstate.d/{name}"
        return f"{place}/terraform.tfstate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Roots that are applied together, and the situations in them."""

    name: str
    roots: Sequence[Root]
    situations: Sequence[Situation]


def drift(workspace: str, address: str, *changes: Change, severity: str | None = None) -> tuple[Expected, ...]:
    """Return the finding of a drift that Terraform would revert."""
    return (Expected(status="drift", workspace=workspace, address=address, changes=changes, severity=severity),)


def healed(workspace: str, *addresses: str) -> tuple[Expected, ...]:
    """Return the findings of addresses that events name, where nothing drifted: they alarm nobody."""
    return tuple(
        Expected(status="healed", workspace=workspace, address=address, severity="info") for address in addresses
    )


def finding(
    status: str, workspace: str, address: str, *changes: Change, severity: str | None = None
) -> tuple[Expected, ...]:
    """Return a finding of any status."""
    return (Expected(status=status, workspace=workspace, address=address, changes=changes, severity=severity),)
