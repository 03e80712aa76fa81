"""What the user's configuration asks of the rooms, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.events import Severity

RemedyChoice = Literal["report", "adopt", "revert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRule:
    """One of the `drift_rules`, in TFDrift-Falco's form; the first that matches decides the severity."""

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
