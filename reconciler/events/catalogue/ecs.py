"""The calls of Amazon ECS that change something (API version 2014-11-13); the others are in `ecs_no_change.py`."""

from __future__ import annotations

from functools import partial

from reconciler.events.catalogue import attributes as sets
from reconciler.events.catalogue.call import Named, change

SOURCE = "ecs.amazonaws.com"


_change = partial(change, SOURCE)
_make = partial(_change, effect="makes")
_end = partial(_change, effect="ends")


def _instance(request: str, response: str) -> Named:
    return Named(kind="container-instance", request=request, response=response)


_SERVICE = Named(kind="service", request="service", response="service.serviceArn")
_DEPLOYED = Named(kind="service", request="serviceDeploymentArn", response="serviceDeploymentArn")
_EXPRESS = Named(kind="express-service", request="serviceArn", response="service.serviceArn")
_CLUSTER = Named(kind="cluster", request="cluster", response="cluster.clusterArn")
_DEFINITION = Named(kind="task-definition", request="taskDefinition", response="taskDefinition.taskDefinitionArn")
_PROVIDER = Named(kind="capacity-provider", request="name", response="capacityProvider.capacityProviderArn")
_TASK_SET = Named(kind="task-set", request="taskSet", response="taskSet.taskSetArn")
_SETTING = Named(kind="account-setting", request="name", response="setting.name")
_OWN_SETTING = Named(kind="principal-setting", request="name", response="setting.name")
_DAEMON = Named(kind="daemon", request="daemonArn", response="daemonArn")
_GATEWAY = Named(kind="gateway", request="gateway", response="gatewayArn")
_TAGGED = Named(kind="any", request="resourceArn")
_ATTRIBUTES = _instance("attributes[].targetId", "attributes[].targetId")

_DEFAULT_SETTING = ("aws_ecs_account_setting_default",)
_TAGGABLE = (
    "aws_ecs_tag",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_ecs_cluster",
    "aws_ecs_capacity_provider",
    "aws_ecs_task_set",
)

CHANGES = (
    # Services
    _make(
        "CreateService",
        "Creates a service.",
        Named(kind="service", request="serviceName", response="service.serviceArn"),
        attributes=sets.CREATE_SERVICE,
    ),
    _change(
        "UpdateService",
        "Changes a service: its size, revision, network, deployment or capacity.",
        _SERVICE,
        severity="high",
        attributes=sets.UPDATE_SERVICE,
    ),
    _end(
        "DeleteService",
        "Deletes a service, with its task sets; it drains for a while.",
        _SERVICE,
        severity="critical",
        takes=("aws_ecs_task_set",),
    ),
    _change(
        "StopServiceDeployment",
        "Stops a deployment; with ROLLBACK the service goes back to the revision before.",
        _DEPLOYED,
        severity="high",
        attributes={"stopType": "stop_type"},
        touches=("task_definition",),
    ),
    _change(
        "ContinueServiceDeployment",
        "Lets a paused deployment go on, or rolls it back.",
        _DEPLOYED,
        touches=("task_definition",),
    ),
    _make(
        "CreateExpressGatewayService",
        "Creates an Express Mode service with everything around it.",
        Named(kind="express-service", request="serviceName", response="service.serviceArn"),
        attributes={
            **sets.EXPRESS_SERVICE,
            "infrastructureRoleArn": "infrastructure_role_arn",
            **sets.TAGS,
        },
    ),
    _change(
        "UpdateExpressGatewayService",
        "Changes an Express Mode service.",
        _EXPRESS,
        severity="high",
        attributes=sets.EXPRESS_SERVICE,
    ),
    _end("DeleteExpressGatewayService", "Deletes an Express Mode service.", _EXPRESS, severity="critical"),
    # Task definitions
    _make(
        "RegisterTaskDefinition",
        "Registers another revision of a task definition.",
        Named(kind="task-definition", request="family", response="taskDefinition.taskDefinitionArn"),
        attributes=sets.TASK_DEFINITION,
    ),
    _end("DeregisterTaskDefinition", "Makes a revision of a task definition inactive.", _DEFINITION, severity="high"),
    _end(
        "DeleteTaskDefinitions",
        "Deletes inactive revisions of task definitions.",
        Named(kind="task-definition", request="taskDefinitions[]", response="taskDefinitions[].taskDefinitionArn"),
        severity="high",
    ),
    # Clusters
    _make(
        "CreateCluster",
        "Creates a cluster.",
        Named(kind="cluster", request="clusterName", response="cluster.clusterArn", default="default"),
        attributes=sets.CREATE_CLUSTER,
    ),
    _change(
        "UpdateCluster",
        "Changes a cluster's settings, configuration or Service Connect namespace.",
        _CLUSTER,
        severity="high",
        attributes=sets.UPDATE_CLUSTER,
    ),
    _change(
        "UpdateClusterSettings",
        "Changes a cluster's settings, such as Container Insights.",
        _CLUSTER,
        attributes=sets.CLUSTER_SETTINGS,
    ),
    _change(
        "PutClusterCapacityProviders",
        "Replaces a cluster's capacity providers and default strategy, always as a whole.",
        Named(kind="cluster-capacity-providers", request="cluster", response="cluster.clusterArn"),
        severity="high",
        attributes=sets.CAPACITY_PROVIDERS,
    ),
    _end(
        "DeleteCluster",
        "Deletes a cluster.",
        _CLUSTER,
        severity="critical",
        takes=("aws_ecs_cluster_capacity_providers",),
    ),
    # Capacity providers
    _make(
        "CreateCapacityProvider",
        "Creates a capacity provider.",
        _PROVIDER,
        attributes={**sets.CAPACITY_PROVIDER, "cluster": "cluster", **sets.TAGS},
    ),
    _change(
        "UpdateCapacityProvider",
        "Changes how a capacity provider scales.",
        _PROVIDER,
        attributes=sets.CAPACITY_PROVIDER,
    ),
    _end(
        "DeleteCapacityProvider",
        "Deletes a capacity provider.",
        Named(kind="capacity-provider", request="capacityProvider", response="capacityProvider.capacityProviderArn"),
        severity="high",
    ),
    # Task sets
    _make(
        "CreateTaskSet",
        "Creates a task set of a service with an external or CodeDeploy controller.",
        Named(kind="task-set", response="taskSet.taskSetArn"),
        attributes=sets.TASK_SET,
        also=("aws_ecs_service",),
    ),
    _change("UpdateTaskSet", "Changes the scale of a task set.", _TASK_SET, attributes=sets.TASK_SET_SCALE),
    _end("DeleteTaskSet", "Deletes a task set.", _TASK_SET, severity="high", also=("aws_ecs_service",)),
    _change(
        "UpdateServicePrimaryTaskSet",
        "Makes another task set the primary one, whose revision the service then shows.",
        Named(kind="service", request="service", response="taskSet.serviceArn"),
        Named(kind="task-set", request="primaryTaskSet", response="taskSet.taskSetArn"),
        severity="high",
        touches=("task_definition", "load_balancer"),
    ),
    # Account settings
    _change(
        "PutAccountSettingDefault",
        "Changes an ECS setting for the whole account.",
        _SETTING,
        attributes={"value": "value"},
    ),
    _change(
        "PutAccountSetting",
        "Changes an ECS setting for one user or role, over the account's default.",
        _OWN_SETTING,
        attributes={"value": "value", "principalArn": "principal_arn"},
        also=_DEFAULT_SETTING,
    ),
    _change(
        "DeleteAccountSetting",
        "Removes an ECS setting of one user or role; the account's default holds again.",
        _OWN_SETTING,
        attributes={"principalArn": "principal_arn"},
        touches=("value",),
        also=_DEFAULT_SETTING,
    ),
    # Tags
    _change("TagResource", "Sets tags.", _TAGGED, severity="low", attributes=sets.TAGS, also=_TAGGABLE),
    _change(
        "UntagResource",
        "Removes tags.",
        _TAGGED,
        severity="low",
        attributes=sets.TAG_KEYS,
        also=_TAGGABLE,
    ),
    # Daemons
    _make(
        "CreateDaemon",
        "Creates a daemon.",
        Named(kind="daemon", request="daemonName", response="daemonArn", cluster="clusterArn"),
        attributes={**sets.DAEMON, **sets.TAGS},
    ),
    _change("UpdateDaemon", "Changes a daemon.", _DAEMON, severity="high", attributes=sets.DAEMON),
    _end("DeleteDaemon", "Deletes a daemon.", _DAEMON, severity="critical"),
    _make(
        "RegisterDaemonTaskDefinition",
        "Registers another revision of a daemon's task definition.",
        Named(kind="daemon-task-definition", request="family", response="daemonTaskDefinitionArn"),
        attributes=sets.DAEMON_TASK_DEFINITION,
    ),
    _end(
        "DeleteDaemonTaskDefinition",
        "Deletes a revision of a daemon's task definition.",
        Named(kind="daemon-task-definition", request="daemonTaskDefinition", response="daemonTaskDefinitionArn"),
        severity="high",
    ),
    # Gateways: no Terraform resource yet
    _make("CreateGateway", "Creates a gateway.", Named(kind="gateway", request="name", response="gatewayArn")),
    _change("UpdateGateway", "Changes a gateway.", _GATEWAY),
    _end("DeleteGateway", "Deletes a gateway.", _GATEWAY, severity="high"),
    _change("AssociateGatewayWithCluster", "Associates a gateway with a cluster.", _GATEWAY),
    _change("DisassociateGatewayFromCluster", "Takes a gateway away from a cluster.", _GATEWAY),
    # Container instances: no Terraform resource
    _make(
        "RegisterContainerInstance",
        "An instance joins a cluster; nearly always called by the ECS agent.",
        _instance("containerInstanceArn", "containerInstance.containerInstanceArn"),
        severity="info",
    ),
    _end(
        "DeregisterContainerInstance",
        "Takes an instance out of a cluster.",
        _instance("containerInstance", "containerInstance.containerInstanceArn"),
        severity="low",
    ),
    _change(
        "UpdateContainerAgent",
        "Updates the ECS agent of an instance.",
        _instance("containerInstance", "containerInstance.containerInstanceArn"),
        severity="info",
    ),
    _change(
        "UpdateContainerInstancesState",
        "Drains instances or makes them active again.",
        _instance("containerInstances[]", "containerInstances[].containerInstanceArn"),
        severity="low",
    ),
    _change("PutAttributes", "Sets attributes that placement constraints read.", _ATTRIBUTES, severity="low"),
    _change("DeleteAttributes", "Removes attributes that placement constraints read.", _ATTRIBUTES, severity="low"),
    # Tasks: no Terraform resource
    _change(
        "UpdateTaskProtection",
        "Protects tasks from scale-in, or no longer.",
        Named(kind="task", request="tasks[]", response="protectedTasks[].taskArn"),
        severity="low",
    ),
    _change(
        "ExecuteCommand",
        "Opens a shell or runs a command inside a container: a security finding, no configuration.",
        Named(kind="task", request="task", response="taskArn"),
        severity="high",
    ),
)
