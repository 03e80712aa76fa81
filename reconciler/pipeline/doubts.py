"""Why what is in no state may be managed all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from reconciler.errors import StateError
from reconciler.model import ResourceId
from reconciler.pipeline.asked_status import AskedStatus
from reconciler.pipeline.findings import listed, sentence
from reconciler.pipeline.refresh import refuse_locked_state
from reconciler.pipeline.states import OpenedIndex
from reconciler.pipeline.tools import Tools


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is not known of the states.

    `unread` maps workspaces whose state could not be read to the reason; `stateless` are those that have none yet.
    `at_work` answers why a workspace's state is about to change, None where nobody applies; `statuses` what AWS calls
    resources of a workspace's account, without those of which it does not say.
    """

    unread: Mapping[str, str] = field(default_factory=dict)
    stateless: Sequence[str] = ()
    at_work: Callable[[str], str | None] = field(default=lambda _workspace: None)
    statuses: Callable[[str, Iterable[ResourceId]], Mapping[ResourceId, str]] = field(
        default=lambda _workspace, _resources: {}
    )

    def unreadable(self) -> str:
        """Return which states could not be read, and why the first could not, as the end of a sentence."""
        names, (first, *more) = list(self.unread), self.unread.values()
        whose = f"that of {names[0]}" if not more else f"those of {listed(names)}"
        return f"{whose} could not be: {first}"

    def without_state(self) -> str:
        """Return which workspaces have no state yet, as part of a sentence; empty when all have one."""
        if not self.stateless:
            return ""
        return f"{listed(self.stateless)} {'has' if len(self.stateless) == 1 else 'have'} no state yet"


def doubts_of(opened: OpenedIndex, tools: Tools) -> Doubts:
    """Return the doubts about the states of an index; each lock is asked for once, and only where it matters."""

    @cache
    def at_work(name: str) -> str | None:
        try:
            refuse_locked_state(tools.workspaces[name], tools)
        except (StateError, OSError) as error:
            return sentence(error)
        return None

    ask = AskedStatus(tools)

    def statuses(name: str, resources: Iterable[ResourceId]) -> Mapping[ResourceId, str]:
        return ask(tools.workspaces[name], resources)

    states = {name: opened.summaries[name] for name in tools.workspaces if name in opened.summaries}
    return Doubts(opened.unread, [name for name, state in states.items() if state.serial < 0], at_work, statuses)
