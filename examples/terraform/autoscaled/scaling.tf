# The limits, and what moves the number between them.
resource "aws_appautoscaling_target" "api" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.orders.name}/${aws_ecs_service.api.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 10
}

locals {
  target = {
    service_namespace  = aws_appautoscaling_target.api.service_namespace
    resource_id        = aws_appautoscaling_target.api.resource_id
    scalable_dimension = aws_appautoscaling_target.api.scalable_dimension
  }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "orders-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "memory" {
  name               = "orders-memory"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 75

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageMemoryUtilization"
    }
  }
}

# Requests that wait, in case the other two are late.
resource "aws_appautoscaling_policy" "spare" {
  name               = "orders-spare"
  policy_type        = "StepScaling"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 120
    metric_aggregation_type = "Average"

    step_adjustment {
      metric_interval_lower_bound = 0
      scaling_adjustment          = 2
    }
  }
}

# More before people come to work, fewer when they have gone home.
resource "aws_appautoscaling_scheduled_action" "hours" {
  for_each = {
    morning = { schedule = "cron(0 6 ? * MON-FRI *)", min = 4, max = 10 }
    evening = { schedule = "cron(0 20 ? * MON-FRI *)", min = 2, max = 10 }
  }

  name               = "orders-${each.key}"
  service_namespace  = local.target.service_namespace
  resource_id        = local.target.resource_id
  scalable_dimension = local.target.scalable_dimension
  schedule           = each.value.schedule
  timezone           = "Europe/Berlin"

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}
