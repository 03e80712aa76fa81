"""Gap (moto 5.2.5): sts:GetCallerIdentity calls every key that moto did not issue itself `user/moto`.

With it `aws sts get-caller-identity` and Terraform's data source tell the sandbox's identities apart.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.identities import ACCOUNT, IDENTITIES
from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Answer for the sandbox's identities; other keys are moto's to answer."""
    from moto.sts.models import STSBackend

    by_key = {identity.access_key: identity for identity in IDENTITIES.values()}

    def get_caller_identity(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
        identity = by_key.get(access_key_id)
        if identity:
            return identity.principal_id, identity.arn, ACCOUNT
        answer: tuple[str, str, str] = original(self, access_key_id, region)
        return answer

    original = replace(undo, STSBackend, "get_caller_identity", get_caller_identity)
