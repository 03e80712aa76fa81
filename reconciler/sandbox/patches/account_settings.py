"""Gap (moto 5.2.5): no PutAccountSettingDefault; ListAccountSettings refuses newer names; no principalArn.

With it `aws_ecs_account_setting_default` works.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.identities import ACCOUNT
from reconciler.sandbox.patches.tools import replace
from reconciler.sandbox.shapes import service_model


def apply(undo: ExitStack) -> None:
    """Add the operation, know all names of the API's model, and name the account's root as principal."""
    from moto.core.responses import ActionResult
    from moto.ecs.exceptions import InvalidParameterException
    from moto.ecs.models import AccountSetting, EC2ContainerServiceBackend
    from moto.ecs.responses import EC2ContainerServiceResponse

    def put_account_setting_default(self: Any) -> Any:
        name, value = self._get_param("name"), self._get_param("value")
        _check(name)
        return ActionResult({"setting": self.ecs_backend.put_account_setting(name, value)})

    def list_account_settings(self: Any, name: str | None = None, value: str | None = None) -> list[Any]:
        if name:
            _check(name)
        settings = self.account_settings.values()
        return [s for s in settings if name in (None, s.name) and value in (None, s.value)]

    def _check(name: str) -> None:
        known = service_model("ecs").shape_for("SettingName").enum
        if name not in known:
            raise InvalidParameterException(f"unknown should be one of [{','.join(known)}]")

    replace(undo, EC2ContainerServiceResponse, "put_account_setting_default", put_account_setting_default)
    replace(undo, EC2ContainerServiceBackend, "list_account_settings", list_account_settings)
    replace(undo, AccountSetting, "principal_arn", f"arn:aws:iam::{ACCOUNT}:root")
