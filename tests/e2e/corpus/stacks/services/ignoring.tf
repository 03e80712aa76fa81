# What lifecycle.ignore_changes covers.
resource "aws_ecs_service" "hands_off" {
  name            = "hands-off"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_ecs_service" "half" {
  name            = "half"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_ecs_service" "labelled" {
  name            = "labelled"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
  tags            = { Team = "shop" }

  lifecycle {
    ignore_changes = [tags["CostCentre"]]
  }
}

resource "aws_ecs_service" "firewalled" {
  name            = "firewalled"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.awsvpc.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets         = [aws_subnet.private["a"].id]
    security_groups = [aws_security_group.private["inside"].id]
  }

  lifecycle {
    ignore_changes = [network_configuration[0].security_groups]
  }
}
