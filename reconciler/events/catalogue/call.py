"""What the catalogue says about one API call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.model import Effect, Severity

Classification = Literal["change", "read_only", "runtime"]
Kind = Literal[
    "service",
    "express-service",
    "cluster",
    "cluster-capacity-providers",
    "task-definition",
    "capacity-provider",
    "task-set",
    "account-setting",
    "principal-setting",
    "daemon",
    "daemon-task-definition",
    "gateway",
    "container-instance",
    "task",
    "scalable-target",
    "scaling-policy",
    "scheduled-action",
    "role",
    "role-policy",
    "role-policy-attachment",
    "iam-policy",
    "registry",
    "namespace",
    "http-namespace",
    "private-dns-namespace",
    "public-dns-namespace",
    "any",
]
"""Kinds of resource; `any` is whatever the ARN says it is, as with tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One resource, or list of resources, that a call names.

    `request` is the path of its name or ARN in `requestParameters`, `response` the path of its ARN in
    `responseElements`, `cluster` the request's member for its cluster. `default` stands for a name left out.
    """

    kind: Kind
    request: str = ""
    response: str = ""
    cluster: str = "cluster"
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call.

    `attributes` maps paths in `requestParameters` to the Terraform attributes that they set: all that the call can
    change. `touches` names attributes that it changes without the request saying how, and `also` Terraform types that
    it changes besides those of the resources it names. `effect` is what becomes of the resources of the first kind that
    it names: a call `makes` them also where it may find them made, as most of `Put…` do. `takes` are the types of what
    a call that ends a resource ends along with it. `description` is one line; for a run-time call it says why it is no
    configuration change.
    """

    source: str
    name: str
    classification: Classification
    description: str
    resources: tuple[Named, ...] = ()
    severity: Severity = "medium"
    attributes: Mapping[str, str] = field(default_factory=dict)
    touches: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    effect: Effect = "changes"
    takes: tuple[str, ...] = ()


def change(
    source: str,
    name: str,
    description: str,
    *resources: Named,
    severity: Severity = "medium",
    attributes: Mapping[str, str] | None = None,
    touches: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    effect: Effect = "changes",
    takes: tuple[str, ...] = (),
) -> Call:
    """Return a call that changes something; `effect` tells those that make it or end it."""
    return Call(
        source=source,
        name=name,
        classification="change",
        description=description,
        resources=resources,
        severity=severity,
        attributes=attributes or {},
        touches=touches,
        also=also,
        effect=effect,
        takes=takes,
    )


def runtime(source: str, name: str, why: str) -> Call:
    """Return a run-time call, and why it is no configuration change."""
    return Call(source=source, name=name, classification="runtime", description=why, severity="info")


def read(source: str, name: str) -> Call:
    """Return a call that only reads."""
    return Call(source=source, name=name, classification="read_only", description="Reads only.", severity="info")
