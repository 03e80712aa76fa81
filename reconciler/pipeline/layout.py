"""Whether a plan's JSON is laid out as Terraform's. What is not was spoilt on its way here, and tells nothing."""

from __future__ import annotations

from reconciler.errors import TerraformError
from reconciler.model import Json, Plan, Workspace


def refuse_malformed(plan: Plan, workspace: Workspace) -> None:
    """Raise TerraformError for a plan whose resources are not laid out as in Terraform's JSON output format 1.x.

    The format: https://developer.hashicorp.com/terraform/internals/json-format.
    """
    for section in ("resource_drift", "resource_changes"):
        entries = plan.json.get(section) or []
        if not (isinstance(entries, list) and all(map(_is_change, entries))):
            raise TerraformError(
                f"the plan of {workspace.name} could not be read: {section} is not laid out as Terraform 1.x does"
            )


def _is_change(entry: Json) -> bool:
    change = entry.get("change") if isinstance(entry, dict) else None
    return (
        isinstance(entry, dict)
        and isinstance(change, dict)
        and all(isinstance(entry.get(name), str) for name in ("address", "type"))
        and isinstance(change.get("actions"), list)
        and all(isinstance(change.get(side), dict | None) for side in ("before", "after"))
    )
