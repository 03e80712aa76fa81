"""States in, index out; change events in, targets out.

Enters: raw states of the workspaces and change events. Leaves: for each resource of an event the workspace and
addresses that it concerns, or why there are none. Reading states is the adapters' work.
"""

from reconciler.match.answers import Target, Unmatched, users_of
from reconciler.match.index import INDEX_FORM, StateIndex, build_index, summarise
from reconciler.match.match import match_event
from reconciler.match.relations import users
from reconciler.model import Entry

__all__ = [
    "INDEX_FORM",
    "Entry",
    "StateIndex",
    "Target",
    "Unmatched",
    "build_index",
    "match_event",
    "summarise",
    "users",
    "users_of",
]
