"""Records in, change events out.

Enters: a raw CloudTrail record. Leaves: a ChangeEvent, or Skipped / Broken with the reason. The catalogue of API
calls is data. No file, network or clock here: sources are adapters.
"""

from reconciler.events.actor import actor_of
from reconciler.events.catalogue import CATALOGUE, SOURCES, Call, terraform_types
from reconciler.events.distinct import distinct
from reconciler.events.lines import outcome_line, summed
from reconciler.events.parse import parse

__all__ = [
    "CATALOGUE",
    "SOURCES",
    "Call",
    "actor_of",
    "distinct",
    "outcome_line",
    "parse",
    "summed",
    "terraform_types",
]
