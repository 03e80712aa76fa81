"""What one workspace's plans told, before a remedy is sought."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model import Configuration, Finding, JsonObject, PlanTally, State, StateSummary, Workspace
from reconciler.pipeline.confirm import Confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one workspace's plans told. `confirmed` may get a remedy; `settled` are final.

    Without a full plan (nothing drifted, or everything that did is gone) no remedy is sought. `targets` are the
    addresses that the full plan was narrowed to, none when it looked at everything. `known` is what the workspace was
    known by before, the same as `state`: where it is a summary, one cheap request tells later whether anything moved.
    """

    workspace: Workspace
    settled: tuple[Finding, ...]
    plans: PlanTally
    confirmed: tuple[Confirmed, ...] = ()
    state: State | None = None
    known: State | StateSummary | None = None
    full_plan: JsonObject | None = None
    targets: tuple[str, ...] = ()
    configuration: Configuration | None = None
    problems: tuple[str, ...] = ()
