"""Policy documents of IAM that say the same."""

from __future__ import annotations

import json
import re
from typing import Final

from reconciler.drift.catalogue import RIGHTS
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

_DOCUMENTS: Final = frozenset({"assume_role_policy", "policy"})
_ONE_OR_MANY: Final = frozenset({"Action", "NotAction", "NotResource", "Resource", "Statement"})
_ROOT: Final = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):root")


# IAM gives documents back as it likes: members and lists in another order, a list of one as a text, an account's root
# as the account's number (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
def same_policy(node: Node) -> bool:
    """Tell whether two policy documents differ in their spelling only."""
    if not is_policy(node):
        return False
    before, after = read_policy(node.before), read_policy(node.after)
    return before is not None and before == after


def is_policy(node: Node) -> bool:
    """Tell whether a place holds a policy document."""
    return holds_policy(node.type, node.name)


def holds_policy(resource_type: str, name: str | None) -> bool:
    """Tell whether an attribute of a resource holds a policy document."""
    return resource_type in RIGHTS and name in _DOCUMENTS


def read_policy(text: Json) -> dict[str, Json] | None:
    """Return a policy document in one spelling for all that mean the same, None where it cannot be read.

    One that is decoded comes from code, and may hold an `UNKNOWN`.
    """
    if not isinstance(text, str | dict):
        return None
    try:
        document = _normal(json.loads(text) if isinstance(text, str) else text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _normal(value: Json, name: str = "", within: str = "") -> Json:
    is_principal = within in ("Principal", "NotPrincipal")
    if (is_principal or name in _ONE_OR_MANY) and not isinstance(value, list):
        value = [value]
    if isinstance(value, dict):
        return {key: _normal(inner, key, name) for key, inner in value.items()}
    if isinstance(value, list):
        members = [_root(member) if is_principal else _normal(member) for member in value]
        return sorted(members, key=lambda member: json.dumps(member, sort_keys=True, default=str))
    return value


def _root(principal: Json) -> Json:
    root = _ROOT.fullmatch(principal) if isinstance(principal, str) else None
    return root[1] if root else principal
