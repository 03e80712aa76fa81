"""Whether what Terraform calls gone is gone: a plan of another region or account finds nothing either.

The provider also takes every refusal of `ecs:DescribeTaskDefinition` for a revision that is not there (5.100).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.drift import is_out_of_code
from reconciler.errors import AwsError, TerraformError
from reconciler.match import StateIndex
from reconciler.model import ChangeEvent, Drift, JsonObject, ResourceId, State, Workspace
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.asking import Asking
from reconciler.pipeline.concerns import Concern
from reconciler.pipeline.past import Past
from reconciler.pipeline.tools import Tools

_DEFINITION = "aws_ecs_task_definition"
_THERE = frozenset({"ACTIVE", "PRIMARY"})


class Deletions:
    """Asks AWS about what is gone in one workspace: each resource once, and none of a kind that it would not tell."""

    def __init__(self, workspace: Workspace, concerns: Sequence[Concern], past: Past, tools: Tools) -> None:
        self._workspace = workspace
        self._events = {concern.target.address: concern.events for concern in concerns}
        self._past = past
        self._tools = tools
        self._asking = Asking(workspace, tools.read_configuration)
        self._failed: dict[tuple[str | None, ...], str] = {}
        self._doubts: dict[str, str | None] = {}

    def doubts(self, drifts: Sequence[Drift], index: StateIndex, plan: JsonObject) -> Mapping[str, str]:
        """Return why nobody can tell, by state address, for the deletions that no event and no answer of AWS explains.

        An event of an earlier cycle counts where its deletion still stands. `plan` says as whom AWS is asked.

        Raises TerraformError where AWS has what is called gone: nothing that the plan says is worth anything then.
        """
        for drift in drifts:
            if drift.deleted and drift.state_address not in self._doubts:
                self._doubts[drift.state_address] = self._doubt(drift, index, plan)
        return {address: doubt for address, doubt in self._doubts.items() if doubt is not None}

    def _doubt(self, drift: Drift, index: StateIndex, plan: JsonObject) -> str | None:
        entry = index.at(self._workspace.name, drift.state_address)
        events = (*self._past.enders(drift), *self._events.get(drift.state_address, ()))
        if entry is None or _is_explained(entry.identity, events):
            return None
        kind = (drift.type, entry.resource.provider, entry.identity.region)
        called = f"{self._workspace.name}: terraform calls {drift.state_address} gone"
        if kind not in self._failed:
            try:
                said = self._tools.existence(self._asking.about(entry, plan), entry.identity)
            except AwsError as error:
                self._failed[kind] = str(error)
            else:
                if said in _THERE:
                    there = f"in {entry.identity.region}" if entry.identity.region else "there"
                    raise TerraformError(f"{called}, and AWS says that it is {said} {there}: {_why(drift)}")
                return None
        return f"{called}, and AWS did not say whether it is ({self._failed[kind]})"


def forgotten(drifts: Sequence[Drift], plan: JsonObject, state: State) -> Mapping[str, PlannedChange]:
    """Return, by address, what an apply does with what is gone and in the code no more: no plan has a word for it."""
    addresses = [resource.address for resource in state.resources]
    return {
        drift.address: PlannedChange(address=drift.address, type=drift.type, actions=("forget",), attributes={})
        for drift in drifts
        if drift.deleted and is_out_of_code(plan, drift.type, (drift.address, drift.state_address), addresses)
    }


def _why(drift: Drift) -> str:
    elsewhere = "the plan ran with another region or account"
    refused = ", or was refused ecs:DescribeTaskDefinition, which the provider takes for gone"
    return f"{elsewhere}{refused if drift.type == _DEFINITION else ''}; nothing that it says counts"


def _is_explained(identity: ResourceId, events: Sequence[ChangeEvent]) -> bool:
    """Tell whether the last of the calls that made or ended the resource, a task definition's revision, ended it."""
    steps = [event for event in events if event.effect != "changes" and _is_about(event, identity)]
    return bool(steps) and steps[-1].ends(identity.type)


def _is_about(event: ChangeEvent, identity: ResourceId) -> bool:
    if identity.type != _DEFINITION:
        return event.is_about(identity.type)
    return any((each.family, each.revision) == (identity.family, identity.revision) for each in event.resources)
