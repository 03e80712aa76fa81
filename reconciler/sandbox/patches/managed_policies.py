"""Gap (moto 5.2.5): AWS-managed IAM policies exist only with MOTO_IAM_LOAD_MANAGED_POLICIES=true.

Without them attaching `AmazonECSTaskExecutionRolePolicy` fails. Loading them takes 0.07 s, when IAM is first used.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any


def apply(undo: ExitStack) -> None:
    """Set the option in moto's own configuration rather than in the environment that child processes inherit."""
    from moto.core.config import default_user_config

    configuration: Any = default_user_config
    iam = configuration.setdefault("iam", {})
    before = iam.get("load_aws_managed_policies", False)
    iam["load_aws_managed_policies"] = True
    undo.callback(iam.__setitem__, "load_aws_managed_policies", before)
