"""Types and names of which the cases of the noise rules speak."""

SERVICE = "aws_ecs_service"
TASK = "aws_ecs_task_definition"
PROVIDER = "aws_ecs_capacity_provider"
SCALABLE = "aws_appautoscaling_target"
ACTION = "aws_appautoscaling_scheduled_action"
SCALING_ROLE = (
    "arn:aws:iam::123456789012:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_ECSService"
)
CLUSTER_ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
REVISION_ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2"
