"""What the user's configuration asks of the rooms, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from reconciler.model.events import Severity
from reconciler.model.resource_types import MAPS

RemedyChoice = Literal["report", "adopt", "revert"]


# Names of TFDrift-Falco's rules that are not Terraform's.
_ALIASES: Final = {"settings": "setting", "service_name": "name"}
_STEP: Final = re.compile(r"""\["([^"]*)"]|\[([^]"]*)]|(\*|\w+)""")
_PATH: Final = re.compile(r"""\w+(?:\["[^"]*"]|\[[^]"]*]|\.\*|\.\w+)*""")


@dataclass(frozen=True, slots=True)
class Watched:
    """An attribute that a rule names: the names that lead to it, and the keys of the members on the way.

    A key is None for any member: where the rule gives an index or `*`.
    """

    names: tuple[str, ...]
    keys: tuple[str | None, ...] = ()

    @property
    def length(self) -> tuple[int, int]:
        """Return what is greater the more exactly an attribute is named: by names, then by keys of members."""
        return len(self.names), len(self.keys) - self.keys.count(None)


def read_watched(text: str) -> Watched | None:
    """Return what a rule's text names, as `image` in `container_definitions[web].image`; None when it is no path.

    It may be written as findings print it, with an index or `*`, or with a tag's name behind a dot.
    """
    path = text.strip()
    if not _PATH.fullmatch(path):
        return None
    names: list[str] = []
    keys: list[str | None] = []
    for quoted, bare, name in (step.groups() for step in _STEP.finditer(path)):
        if name is not None and not (name == "*" or name.isdigit() or (names and names[-1] in MAPS)):
            names.append(_ALIASES.get(name, name))
        elif quoted is not None:
            keys.append(quoted)
        else:
            key = bare if name is None else name
            keys.append(None if key in ("", "*") or key.isdigit() else key)
    return Watched(tuple(names), tuple(keys)) if names else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRule:
    """One of the `drift_rules`, in TFDrift-Falco's form; the most specific that matches decides the severity.

    Without `watched_attributes` it is about whatever happens to resources of its types.
    """

    name: str
    resource_types: tuple[str, ...]
    watched_attributes: tuple[str, ...]
    severity: Severity

    def watches_all_of(self, resource_type: str | None) -> bool:
        """Tell whether the rule is about whatever happens to resources of this type, their deletion too."""
        return resource_type in self.resource_types and not self.watched_attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose changes are no drift candidates.

    `principals` are ARN patterns with `*` and `?`. `terraform_user_agent` says what a user agent that claims to be
    Terraform is worth: `skip` it, `verify` by planning anyway, or `ignore` the claim.
    """

    principals: tuple[str, ...] = ()
    terraform_user_agent: Literal["skip", "verify", "ignore"] = "verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediationRule:
    """One of the `remediation.rules`; None matches everything. `attribute` is a top-level attribute's name."""

    remedy: RemedyChoice
    resource_type: str | None = None
    attribute: str | None = None
    workspace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """Which remedy a drift gets: the first matching rule's, else the default."""

    default: RemedyChoice = "report"
    rules: tuple[RemediationRule, ...] = ()
