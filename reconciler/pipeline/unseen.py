"""What Terraform's provider does not look at: no plan shows it, whatever a call did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from reconciler.drift import predict
from reconciler.errors import ReconcilerError
from reconciler.model import Finding, State
from reconciler.pipeline.findings import gravest, listed, sentence
from reconciler.pipeline.past import Past

# aws_ecs_service, 5.100: read only where the service has some, so that the state keeps what is gone
_KEPT_WHEN_GONE: Mapping[str, Collection[str]] = {"aws_ecs_service": ("volume_configuration",)}


def with_unseen(finding: Finding, past: Past, read_state: Callable[[], State]) -> Finding:
    """Return a finding that says `not_checked` of what nothing drifted of, where a call took away what no plan misses.

    `past` has the trusted calls beside its events; `read_state` reads the state that the plan was made over.
    """
    names = _KEPT_WHEN_GONE.get(finding.resource_type or "", ())
    emptied = {name for event in finding.events for name in names if event.requested.get(name) == []}
    if finding.status != "healed" or not emptied:
        return finding
    try:
        gone = _gone(finding, past, read_state(), emptied)
    except (ReconcilerError, OSError) as error:
        return replace(finding, status="not_checked", severity=gravest(finding.events), reason=sentence(error))
    if not gone:
        return finding
    return replace(
        finding,
        status="not_checked",
        severity=gravest(finding.events),
        reason=(
            f"a call took {listed(gone)} away, which the state has; Terraform's AWS provider does not read that it is "
            "gone, so no plan shows it and no apply puts it back"
        ),
    )


def _gone(finding: Finding, past: Past, state: State, names: Collection[str]) -> list[str]:
    """Return the attributes that the state has and the last calls left empty."""
    resource = next((each for each in state.resources if each.address == finding.address), None)
    if resource is None:
        return []
    trusted = past.trusted.get(resource.address, ())
    drift = predict(resource.address, resource.type, resource.attributes, finding.events, trusted)
    changed = {str(change.path[0]) for change in drift.changes} if drift else set()
    return sorted(name for name in changed & {*names} if drift and not drift.live.get(name))
