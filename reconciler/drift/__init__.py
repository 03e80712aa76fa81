"""Plan JSON in, drift out.

Enters: `terraform show -json` of refresh-only and full plans. Leaves: drifts with their attribute changes, noise
dropped, dispositions and events joined in. The only room that knows deepdiff. Running terraform is the adapters' work.
"""

from reconciler.drift.addresses import configured_expressions, planned_address, without_instance_keys
from reconciler.drift.ahead import Ahead, beside, left_open
from reconciler.drift.attribution import attribute_events
from reconciler.drift.blocks import is_out_of_code
from reconciler.drift.catalogue import LEFT_ALONE_BLOCKS, REVISION_ATTRIBUTES, is_related, is_rights
from reconciler.drift.coming import Coming
from reconciler.drift.dangers import dangers
from reconciler.drift.differences import find_differences
from reconciler.drift.disposition import dispose
from reconciler.drift.images import ALLOWED_REGISTRIES
from reconciler.drift.noise.policies import holds_policy
from reconciler.drift.paths import overlap
from reconciler.drift.plans import planned_changes, planned_outputs, read_drifts, sensitive_attributes
from reconciler.drift.policy_documents import planned_document
from reconciler.drift.prediction import predict
from reconciler.drift.references import known_attribute, most_exact
from reconciler.drift.revisions import means_latest
from reconciler.drift.role_policies import lists_policies, mirrors_policies, policies_of, with_granted, with_taken
from reconciler.drift.severity import Judgement, severity_of
from reconciler.drift.tags import with_ignored_tags
from reconciler.drift.task_definitions import as_terraform, compare_task_definitions
from reconciler.drift.unknowns import with_code

__all__ = [
    "ALLOWED_REGISTRIES",
    "LEFT_ALONE_BLOCKS",
    "REVISION_ATTRIBUTES",
    "Ahead",
    "Coming",
    "Judgement",
    "as_terraform",
    "attribute_events",
    "beside",
    "compare_task_definitions",
    "configured_expressions",
    "dangers",
    "dispose",
    "find_differences",
    "holds_policy",
    "is_out_of_code",
    "is_related",
    "is_rights",
    "known_attribute",
    "left_open",
    "lists_policies",
    "means_latest",
    "mirrors_policies",
    "most_exact",
    "overlap",
    "planned_address",
    "planned_changes",
    "planned_document",
    "planned_outputs",
    "policies_of",
    "predict",
    "read_drifts",
    "sensitive_attributes",
    "severity_of",
    "with_code",
    "with_granted",
    "with_ignored_tags",
    "with_taken",
    "without_instance_keys",
]
