"""What adoption knows about resource types beyond their HCL, which does not tell sets from lists.

Checked against the schema of the AWS provider 5.100 (`terraform providers schema -json`) and the ECS API model of
2014-11-13.
"""

from __future__ import annotations

from typing import Final

UNORDERED_BLOCKS: Final = frozenset({"placement_constraints", "step_adjustment", "vpc_lattice_configurations"})
"""Sets of nested blocks without a natural key: an index into one says nothing about the code."""

MAPS: Final = frozenset(
    {"dockerLabels", "driverOpts", "driver_opts", "labels", "options", "properties", "tags", "triggers"}
)
"""Attributes whose keys are the user's, not the schema's."""

COMPUTED: Final = frozenset(
    {
        "alarm_arns",
        "arn",
        "arn_without_revision",
        "id",
        "principal_arn",
        "revision",
        "stability_status",
        "status",
        "tags_all",
        "task_set_id",
    }
)
"""Attributes that only the provider sets. `tags_all` could be set, and then fights with `tags`."""


def is_set(resource_type: str) -> bool:
    """Tell whether lists of scalars in this type's arguments are sets: in these types all of them are."""
    return resource_type.startswith(("aws_ecs_", "aws_appautoscaling_"))
