"""Whose changes are no drift candidates."""

from __future__ import annotations

import re
from functools import lru_cache

from reconciler.events.actor import role_arn
from reconciler.events.values import mapping, text
from reconciler.model import Json, Trust


def is_trusted(identity: Json, trust: Trust) -> bool:
    """Tell whether a `userIdentity` is one of the trusted principals.

    Patterns are compared with the ARN of the identity and, for a session, with the ARN of its role: with its path as
    the session's issuer gives it, and without. Role names are unique in an account whatever their path.
    """
    if not trust.principals:
        return False
    found = mapping(identity)
    issuer = mapping(mapping(found.get("sessionContext")).get("sessionIssuer"))
    arns = [arn for arn in (text(found.get("arn")), text(issuer.get("arn")), role_arn(found)) if arn]
    return any(_pattern(principal).fullmatch(arn) for principal in trust.principals for arn in arns)


@lru_cache(maxsize=256)
def _pattern(principal: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(char) or re.escape(char) for char in principal), re.DOTALL)
