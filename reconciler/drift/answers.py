"""What one event says about the live value of one attribute."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from reconciler.drift.catalogue import SERVICE, TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.equality import equal
from reconciler.drift.noise import RECORD_RULES
from reconciler.drift.noise.computed import strategy_of_the_cluster
from reconciler.drift.noise.empty import is_empty
from reconciler.drift.registrations import REGISTRATION, gave, names_revision, registered
from reconciler.drift.requested import left_out_is_emptied, names, touched
from reconciler.drift.revisions import belongs_to_revision
from reconciler.drift.said import said_at
from reconciler.model.drift import AttributeChange, Drift, Member
from reconciler.model.events import ChangeEvent
from reconciler.model.json import Json


class Answer(IntEnum):
    """What an event says; within one second, where nobody knows the order, the live value proves this one."""

    OTHER = 0
    """Another value: whoever gave the attribute the live one did it later."""
    PERHAPS = 1
    """The event may have changed the attribute; to what, it does not say."""
    NAMED = 2
    """The live value."""


_TASK_SET: Final = "aws_ecs_task_set"
_SETTING: Final = "aws_ecs_account_setting_default"
_TAGS: Final = frozenset({"tags", "tags_all"})
_POLICIES: Final = frozenset({"inline_policy", "managed_policy_arns", "policy_arns", "policy_names", "roles"})
"""Attributes that list the policies of a role, or the roles of a policy, of which a call names one."""
_FILLED: Final = frozenset(
    {
        "availability_zone_rebalancing",  # at its creation ENABLED, where the zones allow it
        "capacity_provider_strategy",
        "deployment_controller",
        "iam_role",
        "launch_type",
        "platform_version",
        "role_arn",
        "scale",
    }
)
"""Attributes that AWS chooses where a creation leaves them out, by what it finds at that time."""
# Whether a strategy is the cluster's is a question to states, not to requests.
_RULES: Final = tuple(rule for rule in RECORD_RULES if rule is not strategy_of_the_cluster)


def answer_of(
    event: ChangeEvent, drift: Drift, change: AttributeChange, events: Sequence[ChangeEvent], *, creation: bool
) -> Answer | None:
    """Return what one of the `events` says about a change's live value; None when it says nothing.

    A `creation` gives every attribute a value: AWS's default where it leaves one out.
    """
    name = str(change.path[0])
    tag = _tag_of(change)
    if drift.type == TASK_DEFINITION and event.name == REGISTRATION and tag is not None:
        # Of a revision, tags alone may change later.
        made = registered(event, drift.live.get("arn"))
        return _tagged(event, tag.key, change.live, creation=True) if made else None
    if belongs_to_revision(drift, change) or (drift.type == TASK_DEFINITION and event.name == REGISTRATION):
        given = gave(event, drift, change, events) if event.name == REGISTRATION else None
        return None if given is None else _either(given)
    if drift.type != TASK_DEFINITION and event.ends(drift.type):
        return Answer.OTHER
    if _is_about_another(event, drift):
        return None
    if name in _POLICIES:
        return _policy_moved(event, drift, change)
    if drift.type == "aws_ecs_tag":
        return _tagged(event, drift.live.get("key"), drift.live.get("value"), creation=False)
    if tag is not None:
        return _tagged(event, tag.key, change.live, creation=creation)
    if name in touched(event):
        return Answer.PERHAPS
    if name == "launch_type" and drift.type == SERVICE and event.requested.get("capacity_provider_strategy"):
        return _either(is_empty(drift.live.get(name)))  # a service has one of the two
    return _requested(event, drift, change, events, creation=creation)


def _tag_of(change: AttributeChange) -> Member | None:
    member = change.path[1] if change.path[0] in _TAGS and len(change.path) > 1 else None
    return member if isinstance(member, Member) else None


def _either(agrees: bool) -> Answer:
    return Answer.NAMED if agrees else Answer.OTHER


def _is_about_another(event: ChangeEvent, drift: Drift) -> bool:
    """Tell whether an event that names the resource changes only something beside it."""
    if drift.type == SERVICE:
        # What a task set is made of shows once it is the primary one.
        return {resource.type for resource in event.resources} == {_TASK_SET}
    if drift.type == _SETTING:
        # Everybody's own setting is not the account's, but for the root user's.
        return all(resource.type != _SETTING for resource in event.resources)
    # A version that does not hold yet changes nothing.
    return event.name == "CreatePolicyVersion" and event.requested.get("set_as_default") is not True


def _requested(
    event: ChangeEvent, drift: Drift, change: AttributeChange, events: Sequence[ChangeEvent], *, creation: bool
) -> Answer | None:
    name = str(change.path[0])
    asked, live = event.requested.get(name), drift.live.get(name)
    if asked is None:
        if creation and name in _FILLED:
            return Answer.PERHAPS
        if creation or left_out_is_emptied(event, name):
            return _either(_agrees(drift, name, None))
        return None
    if drift.type == SERVICE and name == "task_definition":
        return _either(names_revision(asked, live, event, events))
    if not creation and not names(name, asked, change.path):
        return None
    found = [(said, _agrees(drift, name, said.value)) for said in said_at(drift.type, change, asked, live)]
    if any(agrees for _, agrees in found):
        return Answer.NAMED
    return Answer.PERHAPS if any(said.filled for said, _ in found) else Answer.OTHER


def _agrees(drift: Drift, name: str, value: Json) -> bool:
    """Tell whether an attribute's value means what is live."""
    return not find_differences(drift.type, {**drift.live, name: value}, drift.live, rules=_RULES)


def _tagged(event: ChangeEvent, key: Json, live: Json, *, creation: bool) -> Answer | None:
    tags = event.requested.get("tags")
    if isinstance(tags, dict) and key in tags:
        return _either(equal(tags[key], live))
    return _either(live is None) if creation else None


def _policy_moved(event: ChangeEvent, drift: Drift, change: AttributeChange) -> Answer | None:
    """Tell what a call about one policy of a role says of the role's policies, or of this one among them."""
    if not event.resources or event.resources[0].role is None:
        return None
    moved = event.resources[0]
    policy = {moved.role} if drift.type == "aws_iam_policy_attachment" else {moved.arn, moved.name} - {None}
    if len(change.path) > 1:
        key = change.path[1].key if isinstance(change.path[1], Member) else None
        return _policy_written(event, drift, key) if key in policy else None
    state, live = (set(side) if isinstance(side, list) else set() for side in (change.state, change.live))
    if not policy & (state ^ live):
        return None
    return _either(bool(policy & live) == (event.effect == "makes"))


def _policy_written(event: ChangeEvent, drift: Drift, key: Json) -> Answer:
    policies = drift.live.get("inline_policy")
    live = next((each for each in policies or () if isinstance(each, dict) and each.get("name") == key), None)
    if live is None or event.effect != "makes":
        return _either((live is None) == (event.effect == "ends"))
    written = {"policy": event.requested.get("policy", live.get("policy"))}
    return _either(not find_differences("aws_iam_role_policy", written, {"policy": live.get("policy")}, rules=_RULES))
