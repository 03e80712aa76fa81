"""Gap (moto 5.2.5): AWS-managed IAM policies exist only with MOTO_IAM_LOAD_MANAGED_POLICIES=true.

Without them attaching `AmazonECSTaskExecutionRolePolicy` fails. With that option moto loads them on the first call to
any service, for every AWS partition: 0.8 s of every start. Here IAM's first caller pays 0.1 s.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Load the policies of the caller's partition before IAM's first answer."""
    from moto.core.config import default_user_config
    from moto.iam.responses import IamResponse

    options: Any = default_user_config

    def call_action(self: Any) -> Any:
        backend = self.backend
        if not backend.aws_managed_policies:
            before = options.get("iam")
            options["iam"] = {"load_aws_managed_policies": True}
            try:
                backend.aws_managed_policies = backend._init_aws_policies()
            finally:
                options["iam"] = before or {}
            backend.managed_policies |= {policy.arn: policy for policy in backend.aws_managed_policies}
        return call(self)

    call = replace(undo, IamResponse, "call_action", call_action)
