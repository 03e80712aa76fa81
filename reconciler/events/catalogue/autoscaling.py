"""The API of Application Auto Scaling, which scales ECS services (API version 2016-02-06).

CloudTrail writes it under the event source of EC2 Auto Scaling; only `additionalEventData.service` tells them apart.
"""

from __future__ import annotations

from functools import partial

from reconciler.events.catalogue import attributes as sets
from reconciler.events.catalogue.call import Named, change, read

SOURCE = "autoscaling.amazonaws.com"
SERVICE = "application-autoscaling"

_TARGET = Named(kind="scalable-target")
_TAGGED = Named(kind="scalable-target", request="resourceARN")
_POLICY = Named(kind="scaling-policy", request="policyName")
_ACTION = Named(kind="scheduled-action", request="scheduledActionName")


_change = partial(change, SOURCE)
_make = partial(_change, effect="makes")
_end = partial(_change, effect="ends")
_read = partial(read, SOURCE)


CALLS = (
    _make(
        "RegisterScalableTarget",
        "Sets the limits between which a service is scaled; a service outside them is scaled at once.",
        Named(kind="scalable-target", response="scalableTargetARN"),
        attributes=sets.SCALABLE_TARGET,
        also=("aws_ecs_service",),
    ),
    _end(
        "DeregisterScalableTarget",
        "Ends the scaling of a service, and deletes its policies and scheduled actions.",
        _TARGET,
        severity="high",
        takes=("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action"),
    ),
    _make(
        "PutScalingPolicy",
        "Creates or replaces a scaling policy.",
        Named(kind="scaling-policy", request="policyName", response="policyARN"),
        attributes=sets.SCALING_POLICY,
    ),
    _end("DeleteScalingPolicy", "Deletes a scaling policy.", _POLICY, severity="high"),
    _make("PutScheduledAction", "Creates or replaces a scheduled action.", _ACTION, attributes=sets.SCHEDULED_ACTION),
    _end("DeleteScheduledAction", "Deletes a scheduled action.", _ACTION),
    _change("TagResource", "Sets tags of a scalable target.", _TAGGED, severity="low", attributes=sets.TAGS),
    _change("UntagResource", "Removes tags of a scalable target.", _TAGGED, severity="low", attributes=sets.TAG_KEYS),
    _read("DescribeScalableTargets"),
    _read("DescribeScalingActivities"),
    _read("DescribeScalingPolicies"),
    _read("DescribeScheduledActions"),
    _read("GetPredictiveScalingForecast"),
    _read("ListTagsForResource"),
)
