"""A workspace's two plans, compared: the refresh-only plan confirms, the full plan tells dispositions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from reconciler.drift import dispose, planned_changes, read_drifts, with_code, with_ignored_tags, with_taken
from reconciler.errors import MovingStateError, NotBegunError, ReconcilerError, TerraformError
from reconciler.match import StateIndex, build_index
from reconciler.model import Configuration, Drift, JsonObject, Plan, State, StateSummary, Workspace
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.apart import refused_in, targets_beside, targets_without
from reconciler.pipeline.code import code_behind
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.deletions import Deletions, forgotten
from reconciler.pipeline.findings import sentence
from reconciler.pipeline.layout import refuse_malformed
from reconciler.pipeline.past import Past
from reconciler.pipeline.reasons import seen_before
from reconciler.pipeline.relations import concerning_ecs, without_mirrors
from reconciler.pipeline.scope import Scope
from reconciler.pipeline.tools import Tools
from reconciler.pipeline.unmoved import refuse_moved_state, unmoved_state
from reconciler.remedy.ignore_changes import dynamic_blocks, ignored_attributes

_Lifecycle = tuple[Mapping[str, Sequence[str]], Mapping[str, Collection[str]]]
"""What the code ignores, and its dynamic blocks, by address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What drifted, in which state; `full`, with the code, where a full plan was needed.

    `told` is the full plan with what the code says of what that leaves open. `doubts` says by state address why nobody
    can tell what became of it: these are not among the drifts. `forgotten` has what is gone and in the code no more.
    """

    state: State
    index: StateIndex
    drifts: tuple[Drift, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)
    forgotten: Mapping[str, PlannedChange] = field(default_factory=dict)
    full: Plan | None = None
    told: JsonObject = field(default_factory=dict)
    configuration: Configuration | None = None


class Comparison:
    """Reads a workspace's drifts out of its refresh-only plan, and out of a full plan where that is needed."""

    def __init__(
        self, workspace: Workspace, concerns: Sequence[Concern], tools: Tools, scope: Scope, past: Past
    ) -> None:
        self._workspace = workspace
        self._concerns = concerns
        self._tools = tools
        self._scope = scope
        self._past = past
        self._deletions = Deletions(workspace, concerns, past, tools)
        self._refused: Mapping[str, str] = {}
        self.full_plans = 0
        """How many full plans were begun."""

    def compare(self, plan: Plan, known: State | StateSummary) -> Seen | None:
        """Return what drifted, None when nothing did; raises ReconcilerError and OSError when nobody can tell."""
        refuse_malformed(plan, self._workspace)
        if not plan.changed or not self._in_scope(plan.json):
            refuse_moved_state(self._workspace, known, self._tools)
            return None
        state = unmoved_state(self._workspace, known, self._tools)
        index = build_index([state], {self._workspace.name: self._workspace.account})
        drifts = self._of_interest(plan.json, index)
        out_of_code = forgotten(drifts, plan.json, state)
        seen = self._believed(Seen(state=state, index=index, drifts=drifts, forgotten=out_of_code), plan)
        if _all_gone(seen.drifts):
            return seen
        configuration = self._tools.read_configuration(self._workspace)
        code = (ignored_attributes(configuration), dynamic_blocks(configuration))
        # What no code gives, no full plan changes: the refresh-only plan has the code as well.
        left = {drift.address for drift in self._without_mirrors(dispose(seen.drifts, plan.json, *code), state, {})}
        seen = replace(seen, drifts=tuple(drift for drift in seen.drifts if drift.address in left))
        if _all_gone(seen.drifts):
            return seen
        with _telling_what_was_found(seen.drifts):
            return self._planned_fully(seen, configuration, code)

    def plan_as_it_is(self, targets: Sequence[str]) -> JsonObject:
        """Return a full plan where nothing drifts: what the code would change; raises ReconcilerError and OSError."""
        return self._plan(targets).json

    def _planned_fully(self, seen: Seen, configuration: Configuration, code: _Lifecycle) -> Seen:
        full = self._plan_fully(seen, configuration)
        says = code_behind(full.json, configuration, self._workspace)
        full = replace(full, json=with_ignored_tags(full.json, says))
        now = self._now(full, seen)
        told = with_code(full.json, now, says)
        planned = planned_changes(told)
        judged = self._without_mirrors(dispose(now, told, *code, says), seen.state, planned)
        drifts = tuple(with_taken(drift, planned, told) for drift in judged)
        return self._believed(replace(seen, drifts=drifts, full=full, told=told, configuration=configuration), full)

    def _believed(self, seen: Seen, plan: Plan) -> Seen:
        """Set apart what is called gone and may be there, and what Terraform refuses to plan."""
        doubts = {**self._deletions.doubts(seen.drifts, seen.index, plan.json), **self._refused}
        return replace(
            seen, drifts=tuple(each for each in seen.drifts if each.state_address not in doubts), doubts=doubts
        )

    def _plan_fully(self, seen: Seen, configuration: Configuration) -> Plan:
        """Plan all that drifted and is there, or what of it Terraform does not refuse."""
        count = len(seen.drifts)
        self._tools.progress(
            f"{self._workspace.name}: drift at {count} address{'' if count == 1 else 'es'}; terraform plan"
        )
        try:
            return self._plan(targets_beside(seen.state, seen.drifts, self._scope.deleted))
        except (ReconcilerError, OSError) as error:
            with suppress(ReconcilerError, OSError):
                if without := self._plan_without(error, seen, configuration):
                    return without
            raise

    def _plan_without(self, error: Exception, seen: Seen, configuration: Configuration) -> Plan | None:
        """Plan what Terraform does not refuse, if any: a resource that cannot be applied hides not all the others."""
        errors = (sentence(error), *(error.also if isinstance(error, TerraformError) else ()))
        refused = refused_in(errors, seen.drifts, configuration)
        targets = targets_without(seen.state, seen.drifts, self._scope.deleted, refused)
        if not targets:
            return None
        full = self._plan(targets)
        if full.targets:
            left = [drift for drift in seen.drifts if not drift.deleted and drift.state_address not in full.targets]
            why = {each.state_address: refused.get(each.state_address, errors[0]) for each in left}
            self._refused = {each.state_address: f"{why[each.state_address]}; {seen_before([each])}" for each in left}
        return full

    def _plan(self, targets: Sequence[str]) -> Plan:
        self.full_plans += 1
        try:
            full = self._tools.terraform.plan(self._workspace, "full", show="always", targets=targets)
        except NotBegunError:
            self.full_plans -= 1
            raise
        refuse_malformed(full, self._workspace)
        return full

    def _now(self, full: Plan, seen: Seen) -> tuple[Drift, ...]:
        """Return the drifts by the full plan, which is newer: somebody may have put things right, or changed them.

        What is gone, and was therefore left out of it, is as the refresh-only plan said, and what the code forgets.
        """
        unmoved_state(self._workspace, seen.state, self._tools)
        drifts = self._of_interest(full.json, seen.index)
        # Terraform does not refresh what it is about to forget.
        left = {change.address for change in planned_changes(full.json).values() if change.actions == ("forget",)}
        kept = tuple(drift for drift in seen.drifts if drift.state_address in left)
        if not full.targets:
            return (*kept, *drifts)
        gone = (drift for drift in seen.drifts if drift.deleted and drift.state_address not in full.targets)
        return (*gone, *kept, *(drift for drift in drifts if drift.state_address in full.targets))

    def _of_interest(self, plan: JsonObject, index: StateIndex) -> tuple[Drift, ...]:
        named = {*(concern.target.address for concern in self._concerns), *self._past.standing}
        return concerning_ecs(self._in_scope(plan), named, index, self._workspace.name)

    def _without_mirrors(
        self, drifts: Sequence[Drift], state: State, planned: Mapping[str, PlannedChange]
    ) -> tuple[Drift, ...]:
        return without_mirrors(drifts, self._concerns, self._past, state, planned)

    def _in_scope(self, plan: JsonObject) -> tuple[Drift, ...]:
        asked: dict[str, set[str]] = defaultdict(set)
        for concern in self._concerns:
            asked[concern.target.address].update(name for event in concern.events for name in event.requested)
        # What was told because somebody had asked for it does not come to be by itself later on.
        for drift in read_drifts(plan, self._past.attributes()) if self._past.standing else ():
            asked[drift.state_address] |= self._past.stands(drift)
        return tuple(drift for drift in read_drifts(plan, asked) if self._scope.covers(drift.state_address))


@contextmanager
def _telling_what_was_found(drifts: Sequence[Drift]) -> Iterator[None]:
    """Add to a failure what the refresh-only plan found, but for what an apply may have done meanwhile."""
    try:
        yield
    except MovingStateError:
        raise
    except (ReconcilerError, OSError) as error:
        raise TerraformError(f"{sentence(error)}; {seen_before(drifts)}") from error


def _all_gone(drifts: Sequence[Drift]) -> bool:
    """Tell whether one plan tells all there is: the provider takes two minutes, in every plan, for what is gone."""
    return all(drift.deleted for drift in drifts)
