"""Who made a call, and how, read from `userIdentity` and what stands around it.

Everything here is what the caller or AWS chose to write: a user agent is a hint, a session's name is the caller's own
word. The role, the user and the account are AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from reconciler.events.arn import parse_arn
from reconciler.events.quick import Mould
from reconciler.events.tool import tool_of
from reconciler.events.values import account, mapping, text, truth
from reconciler.events.via import via_of
from reconciler.model import Actor, ActorKind, Json, JsonObject, Via

_ACTOR = Mould(Actor)
_SSO_ROLE = re.compile(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{8,}\Z")
_WORKFLOW = re.compile(r":(?:job_workflow_ref|workflow_ref|workflow):([^:]+)")
_SERVICE_ROLE_PATH = ":role/aws-service-role/"

Who = tuple[ActorKind, str | None, str | None, str | None]
"""Kind, name, role, session."""


def actor_of(body: JsonObject) -> Actor:
    """Return the actor of a record; what is missing or of a wrong type is `unknown` or None, nothing raises.

    `name` is the person where the record knows one: the IAM user, the Identity Center user, a source identity;
    otherwise the role, `root`, the service's host name or the account.
    """
    identity = mapping(body.get("userIdentity"))
    reader = _READERS.get(str(identity.get("type")), _unknown)
    kind, name, role, session = reader(identity)
    context = mapping(identity.get("sessionContext"))
    agent = text(body.get("userAgent"))
    from_console = truth(body.get("sessionCredentialFromConsole"))
    via, tool = _how(agent or "", text(identity.get("invokedBy")) or "", from_console)
    actor = _ACTOR.blank()
    _ACTOR.fill(
        actor,
        kind=kind,
        name=name or "unknown",
        role=role,
        session=session,
        via=via,
        tool=tool,
        workflow=_workflow(context.get("webIdFederationData"), identity.get("userName")),
        source_ip=text(body.get("sourceIPAddress")),
        user_agent=agent,
        mfa=truth(mapping(context.get("attributes")).get("mfaAuthenticated")),
        account=account(identity.get("accountId")) or _account_in(identity),
        arn=text(identity.get("arn")),
    )
    return actor


@lru_cache(maxsize=128)
def _how(agent: str, invoker: str, console_session: bool) -> tuple[Via, str | None]:
    # A few user agents make nearly all calls: each is searched once.
    return via_of(agent, invoker, console_session=console_session), tool_of(agent, invoker)


def role_arn(identity: JsonObject) -> str | None:
    """Return the ARN of the role behind an assumed-role session, without its path when only the session is known."""
    arn = parse_arn(text(identity.get("arn")))
    parts = arn.resource.split("/") if arn is not None else []
    if arn is None or len(parts) != 3 or parts[0] != "assumed-role" or not parts[1]:
        return None
    return f"arn:{arn.partition}:iam::{arn.account}:role/{parts[1]}"


def _user(identity: JsonObject) -> Who:
    return "iam_user", text(identity.get("userName")) or _tail(identity), None, None


def _root(_: JsonObject) -> Who:
    return "root", "root", None, None


def _assumed_role(identity: JsonObject) -> Who:
    context = mapping(identity.get("sessionContext"))
    issuer = mapping(context.get("sessionIssuer"))
    issuer_arn = text(issuer.get("arn"))
    role = text(issuer.get("userName")) or _role_in(identity) or _name_in(issuer_arn)
    session = _session(identity)
    person = text(context.get("sourceIdentity"))
    permission_set = _SSO_ROLE.match(role or "")
    if permission_set is not None:
        return "sso_user", session, permission_set["set"], session
    if issuer_arn and _SERVICE_ROLE_PATH in issuer_arn:
        return "aws_service", text(identity.get("invokedBy")) or role, role, session
    provider = mapping(context.get("webIdFederationData"))
    if text(provider.get("federatedProvider")):
        return "federated", person or _workload(provider) or role, role, session
    return "assumed_role", person or role, role, session


def _identity_center(identity: JsonObject) -> Who:
    user = text(mapping(identity.get("onBehalfOf")).get("userId"))
    return "sso_user", text(identity.get("userName")) or user or _tail(identity), None, None


def _federated(identity: JsonObject) -> Who:
    name = text(identity.get("userName"))
    return "federated", _repository(name) if name else _tail(identity), None, None


def _service(identity: JsonObject) -> Who:
    return "aws_service", text(identity.get("invokedBy")), None, None


def _account(identity: JsonObject) -> Who:
    return "account", account(identity.get("accountId")) or text(identity.get("principalId")), None, None


def _unknown(identity: JsonObject) -> Who:
    service = text(identity.get("invokedBy"))
    if service and not identity.get("type") and not identity.get("arn"):
        return "aws_service", service, None, None
    return "unknown", text(identity.get("userName")) or _tail(identity), None, None


_READERS: Mapping[str, Callable[[JsonObject], Who]] = {
    "IAMUser": _user,
    "Root": _root,
    "AssumedRole": _assumed_role,
    "Role": _assumed_role,
    "IdentityCenterUser": _identity_center,
    "FederatedUser": _federated,
    "SAMLUser": _federated,
    "WebIdentityUser": _federated,
    "AWSService": _service,
    "AWSAccount": _account,
}
"""By `userIdentity.type`, as in CloudTrail's reference of the userIdentity element."""


def _tail(identity: JsonObject) -> str | None:
    return _name_in(text(identity.get("arn"))) or text(identity.get("principalId"))


def _name_in(arn: str | None) -> str | None:
    return (arn or "").rpartition("/")[2] or None


def _role_in(identity: JsonObject) -> str | None:
    return _name_in(role_arn(identity))


def _session(identity: JsonObject) -> str | None:
    # The ARN ends in ROLE/SESSION; where it was cut, the principal's id is ROLE_ID:SESSION.
    head, _, session = (text(identity.get("arn")) or "").rpartition("/")
    if "/" in head and head.startswith("arn:"):
        return session or None
    return (text(identity.get("principalId")) or "").partition(":")[2] or None


def _account_in(identity: JsonObject) -> str | None:
    arn = parse_arn(text(identity.get("arn")))
    return arn.account or None if arn is not None else None


def _workload(provider: JsonObject) -> str | None:
    """Return the repository that an OIDC subject of GitHub Actions names, else the subject itself.

    `repo:owner/name:ref:refs/heads/main` is the form of GitHub's subject claim.
    """
    attributes = mapping(provider.get("attributes"))
    subject = _claim(attributes, "repository") or _claim(attributes, "sub")
    return _repository(subject) if subject is not None else None


def _repository(subject: str) -> str:
    parts = subject.split(":")
    return parts[1] if parts[0] == "repo" and len(parts) > 1 and parts[1] else subject


def _workflow(provider: Json, user: Json) -> str | None:
    """Return the workflow that an OIDC token names: in a claim of its own, or in a subject that was made to.

    `…:job_workflow_ref:owner/name/.github/workflows/deploy.yml@refs/heads/main`, `…:workflow:Deploy`.
    """
    if not (provider or user):
        return None
    attributes = mapping(mapping(provider).get("attributes"))
    own = _claim(attributes, "workflow") or _claim(attributes, "job_workflow_ref") or _claim(attributes, "workflow_ref")
    named = _WORKFLOW.search(_claim(attributes, "sub") or text(user) or "")
    return own or (named[1] if named else None)


def _claim(attributes: Mapping[str, Json], claim: str) -> str | None:
    for name, value in attributes.items():
        if name == claim or name.endswith(f":{claim}"):
            return text(value)
    return None
