"""What events would have done, told before any plan: unconfirmed, and followed by what the plan says.

A prediction says what differs from the state. What the code says of it, no more than the plan tells: the status is
`not_checked`, or `deleted` for what should be gone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.drift import is_related, predict, severity_of, without_instance_keys
from reconciler.errors import ReconcilerError
from reconciler.model import ChangeEvent, Drift, Finding, State, Status, Workspace
from reconciler.pipeline.asked_status import AskedStatus
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.findings import fingerprint
from reconciler.pipeline.past import NOTHING, Past
from reconciler.pipeline.refresh import refuse_locked_state
from reconciler.pipeline.tools import Policy, Tools
from reconciler.remedy.ignore_changes import ignored_attributes

_LOG = logging.getLogger(__name__)
_DIFFERS = "what the call asked for differs from the state; whether the code says the same is not known before the plan"
_SERVICE = "aws_ecs_service"
_NAME = re.compile(r"\w+")
_ASKED = 10
"""How many deletions of one workspace AWS is asked about: a prediction is worth little when it comes late."""


def tell_predictions(
    concerns: Mapping[str, Sequence[Concern]],
    past: Mapping[str, Past],
    news: Collection[str],
    tools: Tools,
    policy: Policy,
) -> None:
    """Hand predictions to `tools.predicted`, each as soon as it is known; what cannot be predicted is left out.

    `news` are the ids of the events that no earlier cycle has seen: only addresses that these name are told. `past` has
    the trusted calls beside them, by workspace. Nothing is
    told while an apply holds the state's lock, and its calls are underway; nothing is raised for a state that cannot be
    read: the plan will say so.
    """
    ask = AskedStatus(tools)
    for name, found in concerns.items():
        fresh = [concern for concern in found if any(event.id in news for event in concern.events)]
        workspace = tools.workspaces[name]
        if not fresh:
            continue
        try:
            refuse_locked_state(workspace, tools)
            state = tools.states.read(workspace)
            ignored = ignored_attributes(tools.read_configuration(workspace))
        except (ReconcilerError, OSError):
            continue
        try:
            trusted = past.get(name, NOTHING).trusted
            for finding in _predictions(workspace, state, ignored, fresh, trusted, ask, policy):
                tools.predicted(finding)
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            # States and records may say anything: one workspace's must not cost what is foretold of the others.
            _LOG.exception("a bug in reconciler; please report it with this")


def _predictions(
    workspace: Workspace,
    state: State,
    ignored: Mapping[str, Sequence[str]],
    concerns: Sequence[Concern],
    trusted: Mapping[str, Sequence[ChangeEvent]],
    ask: AskedStatus,
    policy: Policy,
) -> Iterator[Finding]:
    deletions = []
    resources = {resource.address: resource for resource in state.resources}
    for concern in concerns:
        target = concern.target
        resource = resources.get(target.address)
        if resource is None or is_related(resource.type):
            continue
        beside = trusted.get(target.address, ())
        drift = predict(target.address, resource.type, resource.attributes, concern.events, beside)
        drift = drift and _marked(drift, resource.sensitive)
        drift = drift and _without_ignored(drift, ignored.get(without_instance_keys(target.address), ()))
        if drift is not None and drift.deleted:
            deletions.append((concern, drift))
        elif drift is not None:
            yield _finding(concern, drift, "not_checked", _DIFFERS, policy)
    statuses = ask(workspace, [concern.target.identity for concern, _ in deletions[:_ASKED]])
    for concern, drift in deletions:
        said = statuses.get(concern.target.identity)
        if said == "ACTIVE":
            continue  # created again, or never deleted: the plan compares it
        yield _finding(concern, drift, "deleted", _gone(concern, drift, said), policy)


def _gone(concern: Concern, drift: Drift, said: str | None) -> str:
    call = next(event.name for event in reversed(concern.events) if event.effect == "ends")
    reason = f"{call} was called"
    if said is not None:
        reason += f", and Amazon ECS says that it is {said}"
    return f"{reason}; a plan over a deleted service takes two minutes" if drift.type == _SERVICE else reason


def _marked(drift: Drift, sensitive: Collection[str]) -> Drift:
    changes = (replace(each, sensitive=each.sensitive or each.path[0] in sensitive) for each in drift.changes)
    return replace(drift, changes=tuple(changes))


def _without_ignored(drift: Drift, entries: Sequence[str]) -> Drift | None:
    """Leave out attributes that `ignore_changes` names, or names a part of: a prediction is no place for doubt."""
    names = {found[0] for entry in entries if (found := _NAME.match(entry))}
    if drift.deleted:
        return drift
    changes = tuple(change for change in drift.changes if change.path[0] not in names and "all" not in names)
    return replace(drift, changes=changes) if changes else None


def _finding(concern: Concern, drift: Drift, status: Status, reason: str, policy: Policy) -> Finding:
    target = concern.target
    judgement = severity_of(drift, policy.rules, policy.registries)
    return Finding(
        fingerprint=fingerprint(target.workspace, target.address, drift.changes),
        status=status,
        reason=f"{reason}; not confirmed yet",
        workspace=target.workspace,
        address=target.address,
        resource_type=target.identity.type,
        identity=target.identity,
        severity=judgement.severity,
        rule=judgement.rule,
        changes=drift.changes,
        events=concern.events,
        predicted=True,
    )
