"""What CloudTrail told us: a raw record, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from reconciler.model.json import Json, JsonObject

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""
ActorKind = Literal["iam_user", "assumed_role", "sso_user", "root", "aws_service", "federated", "account", "unknown"]
Effect = Literal["makes", "changes", "ends"]
Via = Literal["console", "cli", "sdk", "terraform", "cloudformation", "service", "unknown"]
SkipReason = Literal[
    "read_only",
    "failed_call",
    "other_service",
    "runtime",
    "duplicate",
    "trusted",
    "terraform",
    "not_an_api_call",
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class Record:
    """One raw CloudTrail record, unwrapped from its envelope. `where` is `file:line` or the like."""

    body: JsonObject
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who made a call and how, as the contract's `actor`. `account` is the caller's, which may be another one.

    `tool` is the program that the user agent names, `workflow` that of a CI system whose token was used.
    """

    kind: ActorKind = "unknown"
    name: str = "unknown"
    role: str | None = None
    session: str | None = None
    via: Via = "unknown"
    tool: str | None = None
    workflow: str | None = None
    source_ip: str | None = None
    user_agent: str | None = None
    mfa: bool = False
    account: str | None = None
    arn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceId:
    """A resource as AWS names it, taken apart. `type` is Terraform's, None where Terraform has none.

    `cluster` and `name` are names, never ARNs. `name` is the service's, cluster's, capacity provider's or account
    setting's name; task definitions use `family` and `revision`; a task set also names its `service`, and a policy of
    an IAM role that `role`.
    """

    type: str | None
    account: str | None = None
    region: str | None = None
    arn: str | None = None
    cluster: str | None = None
    name: str | None = None
    family: str | None = None
    revision: int | None = None
    service: str | None = None
    role: str | None = None

    @property
    def label(self) -> str:
        """Return the ARN, else the names that tell the resource from others of its type; empty where it has none.

        A setting's name alone would not tell that it is one of the account's.
        """
        family = f"{self.family}:{self.revision}" if self.family and self.revision else self.family
        # A cluster is named as what a call is about, and as where that is.
        names = dict.fromkeys((self.cluster, self.service, self.name or family))
        text = self.arn or "/".join(name for name in names if name)
        return f"account setting {text}" if text and self.type == "aws_ecs_account_setting_default" else text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """A successful, mutating call that may have changed something Terraform manages.

    `requested` holds what the call asked for under Terraform's attribute names (requested is not changed: consoles
    send whole forms); `touches` names the attributes that it changes without saying how. `effect` is what becomes of
    the resource named first, and of those of its type: whatever was before, it is there after a call that `makes` it,
    and gone after one that `ends` it, with what lies in it of the types that the call `takes`. `response` is what is
    kept of `responseElements`: all of a task definition's, and of a service's the revision that it got.
    """

    id: str
    name: str
    source: str
    time: datetime
    account: str
    region: str
    severity: Severity
    resources: tuple[ResourceId, ...]
    requested: Mapping[str, Json]
    actor: Actor
    where: str
    touches: tuple[str, ...] = ()
    effect: Effect = "changes"
    takes: tuple[str, ...] = ()
    response: JsonObject = field(default_factory=dict)

    def ends(self, resource_type: str | None) -> bool:
        """Tell whether the call ended resources of this type: others may be named beside those that it is about."""
        return self.effect == "ends" and self.is_about(resource_type)

    def is_about(self, resource_type: str | None) -> bool:
        """Tell whether `effect` is what becomes of resources of this type."""
        return resource_type in self.takes or (bool(self.resources) and self.resources[0].type == resource_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A record, or `count` of them, that is no candidate for drift, and why."""

    reason: SkipReason
    where: str
    event_id: str | None = None
    name: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """Input that is no record at all; `reason` is a sentence."""

    reason: str
    where: str


Outcome: TypeAlias = ChangeEvent | Skipped | Broken
