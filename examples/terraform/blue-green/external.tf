# A service whose deployments a controller of one's own makes, out of task sets.
resource "aws_ecs_service" "worker" {
  name          = "worker"
  cluster       = aws_ecs_cluster.checkout.arn
  desired_count = 2

  deployment_controller {
    type = "EXTERNAL"
  }

  lifecycle {
    ignore_changes = [task_definition] # the primary task set's, which the controller chooses
  }
}

resource "aws_ecs_task_set" "worker" {
  service         = aws_ecs_service.worker.id
  cluster         = aws_ecs_cluster.checkout.arn
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = [for subnet in aws_subnet.private : subnet.id]
  }

  scale {
    value = 50
    unit  = "PERCENT"
  }
}
