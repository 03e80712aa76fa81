# A cluster on instances of its own, which ECS adds and removes through a capacity provider.
resource "aws_ecs_cluster" "batch" {
  name = "batch"
}

resource "aws_ecs_capacity_provider" "instances" {
  name = "batch-instances"

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.instances.arn
    managed_termination_protection = "DISABLED"

    managed_scaling {
      status                    = "ENABLED"
      target_capacity           = 90 # per cent: room for one more task without waiting for an instance
      minimum_scaling_step_size = 1
      maximum_scaling_step_size = 4
    }
  }

  tags = { Team = "data" }
}

resource "aws_ecs_cluster_capacity_providers" "batch" {
  cluster_name       = aws_ecs_cluster.batch.name
  capacity_providers = [aws_ecs_capacity_provider.instances.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.instances.name
    base              = 1
    weight            = 100
  }
}
