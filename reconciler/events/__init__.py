"""Records in, change events out.

Enters: a raw CloudTrail record. Leaves: a ChangeEvent, or Skipped / Broken with the reason. The catalogue of API
calls is data. No file, network or clock here: sources are adapters.
"""

from reconciler.events.actor import actor_of
from reconciler.events.catalogue import APPLICATION_AUTO_SCALING, CATALOGUE, SOURCES, WANTED, Call, terraform_types
from reconciler.events.distinct import distinct
from reconciler.events.lines import outcome_line, summed
from reconciler.events.parse import parse
from reconciler.events.secrets import to_be_kept

__all__ = [
    "APPLICATION_AUTO_SCALING",
    "CATALOGUE",
    "SOURCES",
    "WANTED",
    "Call",
    "actor_of",
    "distinct",
    "outcome_line",
    "parse",
    "summed",
    "terraform_types",
    "to_be_kept",
]
