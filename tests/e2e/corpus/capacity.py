"""Who owns the number and the place of tasks: autoscaling, instances, CodeDeploy and a controller of one's own.

The root modules are the examples that users read.
"""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.situation import ANYTHING, EXAMPLES, Change, Root, Situation, drift, finding, healed

ORDERS = "autoscaled"
BATCH = "ec2-capacity"
CHECKOUT = "blue-green"

TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/orders/api",
    "ScalableDimension": "ecs:service:DesiredCount",
}
WEB = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/checkout-web"


def scaling(sandbox: Sandbox, who: str = "ops-admin") -> Any:
    """Return a client for Application Auto Scaling."""
    return sandbox.client("application-autoscaling", who)


def put_policy(sandbox: Sandbox, name: str, metric: str, target: float, **cooldowns: int) -> None:
    """Replace a target tracking policy; a cooldown that is left out is AWS's default."""
    scaling(sandbox).put_scaling_policy(
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": target,
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
            **cooldowns,
        },
        **TARGET,
    )


def put_action(sandbox: Sandbox, name: str, schedule: str, low: int, high: int) -> None:
    """Replace a scheduled action."""
    scaling(sandbox, "jane").put_scheduled_action(
        ScheduledActionName=name,
        Schedule=schedule,
        Timezone="Europe/Berlin",
        ScalableTargetAction={"MinCapacity": low, "MaxCapacity": high},
        **TARGET,
    )


def provider(sandbox: Sandbox, target: int) -> None:
    """Set how full a capacity provider keeps its instances."""
    sandbox.client("ecs").update_capacity_provider(
        name="batch-instances",
        autoScalingGroupProvider={
            "managedScaling": {
                "status": "ENABLED",
                "targetCapacity": target,
                "minimumScalingStepSize": 1,
                "maximumScalingStepSize": 4,
            }
        },
    )


def code_deploy_task_set(sandbox: Sandbox, revision: str, colour: str) -> Any:
    """Make a task set of a revision behind one of the two target groups; returns its ARN."""
    (group,) = sandbox.client("elbv2").describe_target_groups(Names=[f"checkout-{colour}"])["TargetGroups"]
    return sandbox.client("ecs", "deploy").create_task_set(
        cluster="checkout",
        service="web",
        taskDefinition=revision,
        launchType="FARGATE",
        loadBalancers=[{"targetGroupArn": group["TargetGroupArn"], "containerName": "web", "containerPort": 80}],
    )["taskSet"]["taskSetArn"]


def deploy(sandbox: Sandbox) -> None:
    """Deploy as CodeDeploy does: a new revision in a task set, which becomes the primary one; the old one goes."""
    ecs = sandbox.client("ecs", "deploy")
    web = ecs.register_task_definition(
        family="checkout-web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[
            {
                "name": "web",
                "image": "nginx:1.21",
                "memory": 512,
                "essential": True,
                "portMappings": [{"containerPort": 80}],
            }
        ],
    )["taskDefinition"]["taskDefinitionArn"]
    old = code_deploy_task_set(sandbox, f"{WEB}:1", "blue")
    new = code_deploy_task_set(sandbox, web, "green")
    ecs.update_service_primary_task_set(cluster="checkout", service="web", primaryTaskSet=new)
    ecs.delete_task_set(cluster="checkout", service="web", taskSet=old, force=True)


def scale_task_set(sandbox: Sandbox) -> None:
    ecs = sandbox.client("ecs", "jane")
    (task_set,) = ecs.describe_task_sets(cluster="checkout", service="worker")["taskSets"]
    ecs.update_task_set(
        cluster="checkout",
        service="worker",
        taskSet=task_set["taskSetArn"],
        scale={"value": 100.0, "unit": "PERCENT"},
    )


AUTOSCALED = (
    Situation(
        name="the autoscaling scales",
        act=lambda aws: aws.client("ecs", "autoscaling").update_service(
            cluster="orders", service="api", desiredCount=6
        ),
        findings=finding(
            "ignored",
            ORDERS,
            "aws_ecs_service.api",
            Change("desired_count", 2, 6, "ignored", "autoscaling"),
            severity="info",
        ),
    ),
    Situation(
        name="a higher limit",
        act=lambda aws: scaling(aws).register_scalable_target(MinCapacity=2, MaxCapacity=40, **TARGET),
        findings=drift(ORDERS, "aws_appautoscaling_target.api", Change("max_capacity", 10, 40)),
    ),
    Situation(
        name="another target of a policy",
        act=lambda aws: put_policy(
            aws, "orders-cpu", "ECSServiceAverageCPUUtilization", 80, ScaleInCooldown=300, ScaleOutCooldown=60
        ),
        findings=drift(
            ORDERS,
            "aws_appautoscaling_policy.cpu",
            Change("target_tracking_scaling_policy_configuration[0].target_value", 60, 80),
        ),
    ),
    Situation(
        name="a policy, as it is",
        act=lambda aws: put_policy(aws, "orders-memory", "ECSServiceAverageMemoryUtilization", 75),
        findings=healed(ORDERS, "aws_appautoscaling_policy.memory"),
    ),
    Situation(
        name="another schedule",
        act=lambda aws: put_action(aws, "orders-morning", "cron(0 4 ? * MON-FRI *)", 4, 10),
        findings=drift(
            ORDERS,
            'aws_appautoscaling_scheduled_action.hours["morning"]',
            Change("schedule", "cron(0 6 ? * MON-FRI *)", "cron(0 4 ? * MON-FRI *)", who="jane"),
        ),
    ),
    Situation(
        name="a schedule, as it is",
        act=lambda aws: put_action(aws, "orders-evening", "cron(0 20 ? * MON-FRI *)", 2, 10),
        findings=healed(ORDERS, 'aws_appautoscaling_scheduled_action.hours["evening"]'),
    ),
    Situation(
        name="a policy is deleted",
        act=lambda aws: scaling(aws).delete_scaling_policy(PolicyName="orders-spare", **TARGET),
        findings=finding("deleted", ORDERS, "aws_appautoscaling_policy.spare", severity="high"),
    ),
    Situation(
        name="a table of DynamoDB is scaled",
        act=lambda aws: scaling(aws).register_scalable_target(
            ServiceNamespace="dynamodb",
            ResourceId="table/orders",
            ScalableDimension="dynamodb:table:ReadCapacityUnits",
            MinCapacity=1,
            MaxCapacity=9,
        ),
        skipped={"other_service": 1},
    ),
)

INSTANCES = (
    Situation(
        name="instances are kept fuller",
        act=lambda aws: provider(aws, 100),
        findings=drift(
            BATCH,
            "aws_ecs_capacity_provider.instances",
            Change("auto_scaling_group_provider[0].managed_scaling[0].target_capacity", 90, 100),
        ),
    ),
    Situation(
        name="a cluster gets Fargate too",
        act=lambda aws: aws.client("ecs", "deploy").put_cluster_capacity_providers(
            cluster="batch",
            capacityProviders=["batch-instances", "FARGATE_SPOT"],
            defaultCapacityProviderStrategy=[
                {"capacityProvider": "batch-instances", "base": 1, "weight": 100},
                {"capacityProvider": "FARGATE_SPOT", "weight": 1},
            ],
        ),
        findings=drift(
            BATCH,
            "aws_ecs_cluster_capacity_providers.batch",
            Change("capacity_providers", ["batch-instances"], ["batch-instances", "FARGATE_SPOT"], who="deploy"),
            Change(
                "default_capacity_provider_strategy[FARGATE_SPOT]",
                None,
                {"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1},
                who="deploy",
            ),
        ),
    ),
    Situation(
        name="a service that packs its tasks otherwise",
        act=lambda aws: aws.client("ecs").update_service(
            cluster="batch", service="import", placementStrategy=[{"type": "binpack", "field": "cpu"}]
        ),
        findings=drift(BATCH, "aws_ecs_service.import", Change("ordered_placement_strategy[0].field", "memory", "cpu")),
    ),
    Situation(
        name="a daemon is deployed anew",
        act=lambda aws: aws.client("ecs").update_service(cluster="batch", service="agent", forceNewDeployment=True),
        findings=healed(BATCH, "aws_ecs_service.agent"),
    ),
)

COLOURS = (
    Situation(
        name="CodeDeploy deploys",
        act=deploy,
        # The task set itself is nobody's finding: Terraform has no resource for one that CodeDeploy makes.
        findings=finding(
            "ignored",
            CHECKOUT,
            "aws_ecs_service.web",
            Change("load_balancer[web].target_group_arn", ANYTHING, ANYTHING, "ignored", "deploy"),
            Change("task_definition", f"{WEB}:1", f"{WEB}:2", "ignored", "deploy"),
            Change("container_definitions[web].image", "nginx:1.20", "nginx:1.21", "ignored", "deploy"),
            severity="info",
        ),
    ),
    Situation(
        name="a task set is scaled by hand",
        act=scale_task_set,
        findings=drift(CHECKOUT, "aws_ecs_task_set.worker", Change("scale[0].value", 50, 100, who="jane")),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a service of a controller of one's own is scaled",
        act=lambda aws: aws.client("ecs").update_service(cluster="checkout", service="worker", desiredCount=6),
        findings=drift(CHECKOUT, "aws_ecs_service.worker", Change("desired_count", 2, 6)),
    ),
)

ROOTS = tuple(Root(name=name, source=EXAMPLES / name) for name in (ORDERS, BATCH, CHECKOUT))
SITUATIONS = (*AUTOSCALED, *INSTANCES, *COLOURS)
