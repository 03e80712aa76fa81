"""The calls of AWS IAM that change what a role may do, and who may be it (API version 2010-05-08).

They concern ECS where the role is a task's or an execution role, which only the states tell. A role that is only being
created is nobody's yet. IAM is global: its calls are recorded in one region of the partition, us-east-1 for `aws`.
"""

from __future__ import annotations

from functools import partial

from reconciler.events.catalogue import attributes as sets
from reconciler.events.catalogue.call import Named, change

SOURCE = "iam.amazonaws.com"

_ROLE = Named(kind="role", request="roleName")
_INLINE = Named(kind="role-policy", request="policyName")
_ATTACHED = Named(kind="role-policy-attachment", request="policyArn")
_POLICY = Named(kind="iam-policy", request="policyArn")

_HAS_INLINE = ("aws_iam_role_policies_exclusive",)
_HAS_ATTACHED = ("aws_iam_policy_attachment", "aws_iam_role_policy_attachments_exclusive")


_change = partial(change, SOURCE, severity="high")
_make = partial(_change, effect="makes")
_end = partial(_change, effect="ends")


CALLS = (
    _make(
        "PutRolePolicy",
        "Writes a policy into a role, or replaces the one of that name.",
        _INLINE,
        _ROLE,
        attributes=sets.INLINE_POLICY,
        also=_HAS_INLINE,
    ),
    _end("DeleteRolePolicy", "Takes a policy that stands in a role out of it.", _INLINE, _ROLE, also=_HAS_INLINE),
    _make(
        "AttachRolePolicy",
        "Attaches a policy to a role.",
        _ATTACHED,
        _ROLE,
        attributes=sets.ATTACHED_POLICY,
        also=_HAS_ATTACHED,
    ),
    _end("DetachRolePolicy", "Detaches a policy from a role.", _ATTACHED, _ROLE, also=_HAS_ATTACHED),
    _change(
        "UpdateAssumeRolePolicy",
        "Changes who may assume a role.",
        _ROLE,
        attributes=sets.ASSUME_ROLE_POLICY,
    ),
    _change(
        "PutRolePermissionsBoundary",
        "Sets the most that a role may be allowed.",
        _ROLE,
        attributes=sets.PERMISSIONS_BOUNDARY,
    ),
    _change(
        "DeleteRolePermissionsBoundary",
        "Removes the limit of what a role may be allowed.",
        _ROLE,
        touches=("permissions_boundary",),
    ),
    _change(
        "UpdateRole", "Changes a role's description or longest session.", _ROLE, severity="low", attributes=sets.ROLE
    ),
    _change(
        "UpdateRoleDescription",
        "Changes a role's description.",
        _ROLE,
        severity="low",
        attributes={"description": "description"},
    ),
    _end("DeleteRole", "Deletes a role.", _ROLE),
    _change("TagRole", "Sets tags of a role.", _ROLE, severity="low", attributes=sets.TAGS),
    _change("UntagRole", "Removes tags of a role.", _ROLE, severity="low", attributes=sets.TAG_KEYS),
    _change(
        "CreatePolicyVersion",
        "Writes another version of a policy, which holds for every role that it is attached to once it is the default.",
        _POLICY,
        attributes=sets.POLICY_VERSION,
    ),
    _change(
        "SetDefaultPolicyVersion",
        "Makes another version of a policy the one that holds.",
        _POLICY,
        touches=("policy",),
    ),
    _change(
        "DeletePolicyVersion",
        "Deletes a version of a policy that does not hold.",
        _POLICY,
        severity="low",
    ),
    _end("DeletePolicy", "Deletes a policy.", _POLICY),
)
