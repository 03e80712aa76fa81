"""The people and programs that can act on the sandbox, each with its own access key and CloudTrail identity.

Addresses are from the ranges reserved for documentation (RFC 5737), keys follow AWS's own EXAMPLE convention: nothing
here can be mistaken for somebody's real account. The shapes of `userIdentity` are those of genuine records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.errors import SandboxError

ACCOUNT = "123456789012"
"""moto's own default account, so that credentials need not be registered anywhere."""

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who calls. `role` and `session` are set for roles only, `role_path` is the role's IAM path without slashes.

    `temporary` keys carry a session token. `user_agent` is what the identity's clients send, None for the SDK's own.
    `invoked_by` is the AWS service that acts: CloudTrail then shows it as address and user agent too.
    """

    name: str
    kind: Literal["user", "role"]
    access_key: str
    source_ip: str
    principal: str
    user: str | None = None
    role: str | None = None
    role_path: str | None = None
    session: str | None = None
    temporary: bool = False
    console: bool = False
    mfa: bool = False
    user_agent: str | None = None
    invoked_by: str | None = None
    describes: str = ""

    @property
    def secret_key(self) -> str:
        """Return the key's secret half; the sandbox checks no signatures, any text would do."""
        return f"sandbox/{self.name}"

    @property
    def session_token(self) -> str | None:
        """Return the session token of a temporary key, None for a long-term one."""
        return f"sandbox-session-{self.name}" if self.temporary else None

    @property
    def arn(self) -> str:
        """Return the ARN that sts:GetCallerIdentity and CloudTrail give."""
        if self.kind == "user":
            return f"arn:aws:iam::{ACCOUNT}:user/{self.user}"
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.role}/{self.session}"

    @property
    def principal_arn(self) -> str:
        """Return the ARN of the user, or of the role without its session."""
        if self.kind == "user":
            return self.arn
        path = f"{self.role_path}/" if self.role_path else ""
        return f"arn:aws:iam::{ACCOUNT}:role/{path}{self.role}"

    @property
    def principal_id(self) -> str:
        """Return the unique id, with the session's name for a role."""
        return self.principal if self.kind == "user" else f"{self.principal}:{self.session}"

    @property
    def user_name(self) -> str:
        """Return what LookupEvents calls `Username`: the user's name, or the role session's."""
        return (self.user if self.kind == "user" else self.session) or self.name

    def cloudtrail(self, created: str) -> dict[str, Any]:
        """Return the record's `userIdentity`; `created` is when the session began, as an ISO time with Z."""
        identity: dict[str, Any] = {
            "type": "IAMUser" if self.kind == "user" else "AssumedRole",
            "principalId": self.principal_id,
            "arn": self.arn,
            "accountId": ACCOUNT,
            "accessKeyId": self.access_key,
        }
        attributes = {"creationDate": created, "mfaAuthenticated": "true" if self.mfa else "false"}
        if self.kind == "user":
            identity["userName"] = self.user
            if self.temporary:
                identity["sessionContext"] = {"attributes": attributes}
        else:
            identity["sessionContext"] = {"sessionIssuer": self._issuer(), "attributes": attributes}
        if self.invoked_by:
            identity["invokedBy"] = self.invoked_by
        return identity

    def _issuer(self) -> dict[str, str | None]:
        return {
            "type": "Role",
            "principalId": self.principal,
            "arn": self.principal_arn,
            "accountId": ACCOUNT,
            "userName": self.role,
        }


_SCALING = "ecs.application-autoscaling.amazonaws.com"

IDENTITIES: Mapping[str, Identity] = {
    identity.name: identity
    for identity in (
        Identity(
            name="ops-admin",
            describes="an IAM user with the SDK or the CLI",
            kind="user",
            user="ops-admin",
            access_key="AKIAOPSADMIN0EXAMPLE",
            principal="AIDAOPSADMIN0EXAMPLE",
            source_ip="203.0.113.10",
        ),
        Identity(
            name="developer",
            describes="an IAM user in the AWS console",
            kind="user",
            user="developer@example.com",
            access_key="ASIADEVELOPER0SAMPLE",
            principal="AIDADEVELOPER0SAMPLE",
            source_ip="203.0.113.24",
            temporary=True,
            console=True,
            mfa=True,
            user_agent=BROWSER,
        ),
        Identity(
            name="deploy",
            describes="an assumed role with a session",
            kind="role",
            role="deploy",
            session="release-42",
            access_key="ASIADEPLOY000EXAMPLE",
            principal="AROADEPLOY000EXAMPLE",
            source_ip="198.51.100.7",
            temporary=True,
        ),
        Identity(
            name="jane",
            describes="a person through IAM Identity Center (SSO)",
            kind="role",
            role="AWSReservedSSO_PowerUser_0123456789abcdef",
            role_path="aws-reserved/sso.amazonaws.com",
            session="jane@example.com",
            access_key="ASIAJANE00000EXAMPLE",
            principal="AROAJANE00000EXAMPLE",
            source_ip="203.0.113.77",
            temporary=True,
        ),
        Identity(
            name="terraform",
            describes="the role that Terraform applies with",
            kind="role",
            role="terraform-apply",
            session="terraform",
            access_key="ASIATERRAFORMEXAMPLE",
            principal="AROATERRAFORMEXAMPLE",
            source_ip="198.51.100.20",
            temporary=True,
        ),
        Identity(
            name="autoscaling",
            describes="Application Auto Scaling, acting on ECS services by itself",
            kind="role",
            role="AWSServiceRoleForApplicationAutoScaling_ECSService",
            role_path="aws-service-role/ecs.application-autoscaling.amazonaws.com",
            session="AutoScaling-UpdateDesiredCapacity",
            access_key="ASIASCALING00EXAMPLE",
            principal="AROASCALING00EXAMPLE",
            source_ip=_SCALING,
            temporary=True,
            invoked_by=_SCALING,
        ),
    )
}

_BY_KEY = {identity.access_key: identity for identity in IDENTITIES.values()}


def named(name: str) -> Identity:
    """Return the identity of that name; raises SandboxError with the names there are."""
    try:
        return IDENTITIES[name]
    except KeyError:
        raise SandboxError(f"the sandbox has no identity {name!r}: choose one of {', '.join(IDENTITIES)}") from None


def of_access_key(access_key: str) -> Identity:
    """Return the identity behind an access key; a key from elsewhere is an IAM user of that key's name."""
    return _BY_KEY.get(access_key) or Identity(
        name=access_key,
        kind="user",
        user=f"user-of-{access_key}",
        access_key=access_key,
        principal="AIDASTRANGER0EXAMPLE",
        source_ip="192.0.2.1",
    )
