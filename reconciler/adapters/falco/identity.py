"""The caller of a call, rebuilt as CloudTrail's `userIdentity` from the fields of Falco's cloudtrail plugin.

`ct.user` is another member for each type: the user's name, the role's name, the service; for accounts and federated
users it is the type's own name. What the plugin has no field for (MFA, the role's path, `invokedBy` of a user) is
missing, unless the rule prints `json.value[/userIdentity]` as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model import Json, JsonObject

_NAMELESS = frozenset({"AssumedRole", "AWSAccount", "FederatedUser", "<NA>"})
_TYPES = {"assumed-role": "AssumedRole", "user": "IAMUser", "root": "Root", "federated-user": "FederatedUser"}
_ARN = re.compile(r"arn:[^:]*:(?:iam|sts)::[0-9]*:([a-z-]+)(?:/|\Z)")
_MEMBERS = {"principalId": "ct.user.principalid", "arn": "ct.user.arn", "accountId": "ct.user.accountid"}


def identity_of(fields: JsonObject) -> JsonObject | None:
    """Return the `userIdentity` that the fields tell of; None when they tell of none."""
    user = _text(fields, "ct.user")
    name = None if user in _NAMELESS else user
    kind = _text(fields, "ct.user.identitytype") or _guess(user, _text(fields, "ct.user.arn"))
    identity: dict[str, Json] = {"type": kind, **{member: _text(fields, at) for member, at in _MEMBERS.items()}}
    if kind == "AssumedRole":
        identity["sessionContext"] = {"sessionIssuer": {"userName": name}} if name else None
    elif kind == "AWSService":
        identity["invokedBy"] = name
    else:
        identity["userName"] = name
    known: Mapping[str, Json] = {member: value for member, value in identity.items() if value is not None}
    return known or None


def _guess(user: str | None, arn: str | None) -> str | None:
    """Return the type where the rule does not print it: the ARN's form tells most."""
    form = _ARN.match(arn or "")
    if form is not None:
        return _TYPES.get(form[1])
    if user in _NAMELESS:
        return user if user != "<NA>" else None
    return "AWSService" if (user or "").endswith(".amazonaws.com") else None


def _text(fields: JsonObject, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value not in ("", "<NA>") else None
