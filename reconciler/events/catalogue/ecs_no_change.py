"""The calls of Amazon ECS that change no configuration: run-time calls and reads."""

from __future__ import annotations

from functools import partial

from reconciler.events.catalogue.call import read, runtime
from reconciler.events.catalogue.ecs import SOURCE

_runtime = partial(runtime, SOURCE)
_read = partial(read, SOURCE)


RUNTIME = (
    _runtime("RunTask", "Starts tasks once; no resource keeps them."),
    _runtime("StartTask", "Starts tasks once on chosen instances; no resource keeps them."),
    _runtime("StopTask", "Stops a task; its service, if any, starts another."),
    _runtime("SubmitTaskStateChange", "The ECS agent reports what became of a task."),
    _runtime("SubmitContainerStateChange", "The ECS agent reports what became of a container."),
    _runtime("SubmitAttachmentStateChanges", "The ECS agent reports what became of an attachment."),
    _runtime("DiscoverPollEndpoint", "The ECS agent asks where to connect."),
)

READ_ONLY = tuple(
    _read(name)
    for name in (
        "DescribeCapacityProviders",
        "DescribeClusters",
        "DescribeContainerInstances",
        "DescribeDaemon",
        "DescribeDaemonDeployments",
        "DescribeDaemonRevisions",
        "DescribeDaemonTaskDefinition",
        "DescribeExpressGatewayService",
        "DescribeGateway",
        "DescribeGatewayResources",
        "DescribeGatewayRoute",
        "DescribeServiceDeployments",
        "DescribeServiceRevisions",
        "DescribeServices",
        "DescribeTaskDefinition",
        "DescribeTaskSets",
        "DescribeTasks",
        "GetTaskProtection",
        "ListAccountSettings",
        "ListAttributes",
        "ListClusters",
        "ListContainerInstances",
        "ListDaemonDeployments",
        "ListDaemonTaskDefinitions",
        "ListDaemons",
        "ListGatewayClusterAssociations",
        "ListGatewayRoutes",
        "ListGateways",
        "ListServiceDeployments",
        "ListServices",
        "ListServicesByNamespace",
        "ListTagsForResource",
        "ListTaskDefinitionFamilies",
        "ListTaskDefinitions",
        "ListTasks",
    )
)

CALLS = (*RUNTIME, *READ_ONLY)
